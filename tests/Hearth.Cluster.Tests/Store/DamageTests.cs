using System.Buffers.Binary;
using Hearth.Cluster.Store;
using Hearth.Cluster.Store.Log;

namespace Hearth.Cluster.Tests.Store;

/// <summary>Torn tails are cut off, everything else that is wrong with the files refuses to open and names file and offset.</summary>
public class DamageTests
{
    private static readonly string First = FileNames.Segment(1);

    [Fact]
    public async Task A_tail_torn_at_any_byte_is_cut_off_and_the_store_goes_on()
    {
        var (disk, ends) = await WriteOneByOne(4);
        var whole = disk.Content(First);
        for (var length = FileHeader.Size; length <= whole.Length; length++)
        {
            var torn = disk.Copy();
            torn.Overwrite(First, whole[..length]);
            var complete = ends.Count(end => end <= length);
            await using (var store = Open(torn))
            {
                store.Revision.ShouldBe(complete);
                store.List("").Items.Count.ShouldBe(complete);
                store.Recovery.CutBytes.ShouldBe(length - (complete == 0 ? FileHeader.Size : ends[complete - 1]));
                (await Put(store, "next")).Revision.ShouldBe(complete + 1);
            }

            await using var again = Open(torn);
            again.Revision.ShouldBe(complete + 1);
            again.Recovery.CutFile.ShouldBeNull();
        }
    }

    [Fact]
    public async Task A_last_write_with_sectors_that_never_reached_the_disk_is_cut_off()
    {
        var disk = new SimulatedDisk();
        await using (var store = Open(disk))
        {
            await Put(store, "a");
            await store.PutAsync("b", Enumerable.Repeat((byte)'x', 3000).ToArray(), null, default);
        }

        var whole = disk.Content(First);
        for (var sector = 1; (sector + 1) * 512 < whole.Length; sector++)
        {
            var holed = disk.Copy();
            var content = whole.ToArray();
            Array.Clear(content, sector * 512, 512);
            holed.Overwrite(First, content);
            await using var store = Open(holed);
            store.Revision.ShouldBe(1);
            store.Recovery.CutFile.ShouldBe(First);
        }
    }

    [Fact]
    public async Task A_flipped_bit_anywhere_refuses_to_open_and_changes_nothing()
    {
        var (disk, _) = await WriteOneByOne(4);
        await CheckEveryByte(disk, First);
    }

    [Fact]
    public async Task A_flipped_bit_anywhere_in_a_snapshot_refuses_to_open()
    {
        var disk = await WriteWithSnapshots();
        await CheckEveryByte(disk, disk.List().First(name => name.StartsWith("snapshot", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_damaged_record_in_the_middle_is_named_with_its_offset()
    {
        var (disk, ends) = await WriteOneByOne(4);
        var content = disk.Content(First);
        content[ends[0] + 40] ^= 1;
        disk.Overwrite(First, content);
        var e = Should.Throw<StoreCorruptException>(() => Open(disk));
        (e.File, e.Offset).ShouldBe((First, ends[0]));
        e.Message.ShouldContain("valid records follow it");
        e.Message.ShouldContain("nothing was changed");
    }

    [Fact]
    public async Task An_earlier_segment_that_ends_early_refuses_to_open()
    {
        var disk = await WriteWithSnapshots();
        var segments = FileNames.Segments(disk.List());
        var earlier = FileNames.Segment(segments[^2]);
        disk.Overwrite(earlier, disk.Content(earlier)[..^3]);
        Should.Throw<StoreCorruptException>(() => Open(disk)).File.ShouldBe(earlier);
    }

    [Fact]
    public async Task A_missing_file_is_named()
    {
        var disk = await WriteWithSnapshots();
        var segments = FileNames.Segments(disk.List());
        var holed = disk.Copy();
        holed.Delete(FileNames.Segment(segments[^2]));
        Should.Throw<StoreCorruptException>(() => Open(holed)).Message.ShouldContain(FileNames.Segment(segments[^2]));

        var noSnapshots = disk.Copy();
        foreach (var snapshot in FileNames.Snapshots(disk.List()))
        {
            noSnapshots.Delete(FileNames.Snapshot(snapshot));
        }

        Should.Throw<StoreCorruptException>(() => Open(noSnapshots)).Message.ShouldContain("missing");
    }

    [Fact]
    public async Task A_newer_format_says_so()
    {
        var (disk, _) = await WriteOneByOne(1);
        var content = disk.Content(First);
        BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(8), 7);
        disk.Overwrite(First, content);
        Should.Throw<StoreCorruptException>(() => Open(disk)).Message.ShouldContain("newer Hearth (format 7");
    }

    [Fact]
    public async Task A_value_that_looks_like_a_record_is_only_a_value()
    {
        var (disk, ends) = await WriteOneByOne(2);
        var record = disk.Content(First)[ends[0]..ends[1]];
        var other = new SimulatedDisk();
        await using (var store = Open(other))
        {
            await Put(store, "a");
            await store.PutAsync("b", record, null, default);
        }

        other.Overwrite(First, other.Content(First)[..^2]);
        await using var reopened = Open(other);
        reopened.Revision.ShouldBe(1);
    }

    [Fact]
    public async Task A_full_disk_refuses_writes_keeps_reads_and_recovers_with_space()
    {
        var disk = new SimulatedDisk();
        await using (var store = Open(disk))
        {
            await Put(store, "a");
            disk.Space = 30;
            var e = await Should.ThrowAsync<StoreWriteException>(async () => await Put(store, "b"));
            e.Message.ShouldContain("No space left on device");
            e.Message.ShouldContain("free space");
            store.Revision.ShouldBe(1);
            store.List("").Items.Count.ShouldBe(1);
            disk.Space = long.MaxValue;
            (await Put(store, "c")).Revision.ShouldBe(2);
        }

        await using var again = Open(disk);
        again.List("").Items.Select(item => item.Key).ShouldBe(["a", "c"]);
    }

    [Fact]
    public async Task A_failed_flush_makes_the_store_read_only_until_it_is_opened_again()
    {
        var disk = new SimulatedDisk();
        await using (var store = Open(disk))
        {
            await Put(store, "a");
            disk.FlushFails = true;
            await Should.ThrowAsync<StoreWriteException>(async () => await Put(store, "b"));
            disk.FlushFails = false;
            (await Should.ThrowAsync<StoreWriteException>(async () => await Put(store, "c"))).Message.ShouldContain("earlier flush");
            store.Revision.ShouldBe(1);
            store.Get("b").ShouldBeNull();
        }

        await using var again = Open(disk);
        (await Put(again, "d")).Committed.ShouldBeTrue();
    }

    [Fact]
    public async Task Snapshots_bound_the_files_and_the_history_survives_opening()
    {
        var disk = await WriteWithSnapshots();
        var names = disk.List();
        names.Count.ShouldBeLessThan(30);
        names.ShouldNotContain(First, "segments before the history are deleted");
        await using var store = Open(disk);
        store.Revision.ShouldBe(200);
        store.Recovery.SnapshotRevision.ShouldBeGreaterThan(0);
        store.CompactedRevision.ShouldBeInRange(100, 150);
        using var watch = store.Watch("", 150);
        (await watch.ReadAsync(default)).Count.ShouldBe(50);
    }

    [Fact]
    public async Task One_flush_serves_all_writers_that_wait()
    {
        var disk = new SimulatedDisk();
        await using var store = Open(disk);
        var hold = new ManualResetEventSlim();
        var before = disk.Flushes;
        disk.OnOperation = () => hold.Wait(TimeSpan.FromMinutes(2));
        var first = Put(store, "first").AsTask();
        SpinWait.SpinUntil(() => hold.IsSet || !first.IsCompleted);
        var rest = Enumerable.Range(0, 50).Select(i => Put(store, $"k{i}").AsTask()).ToList();
        rest.ShouldAllBe(write => !write.IsCompleted);
        hold.Set();
        await Task.WhenAll([first, .. rest]);
        (disk.Flushes - before).ShouldBeLessThanOrEqualTo(3);
    }

    private static async Task CheckEveryByte(SimulatedDisk disk, string name)
    {
        var whole = disk.Content(name);
        for (var at = 0; at < whole.Length; at++)
        {
            var damaged = disk.Copy();
            var content = whole.ToArray();
            content[at] ^= (byte)(1 << (at % 8));
            damaged.Overwrite(name, content);
            Should.Throw<StoreCorruptException>(() => Open(damaged), $"byte {at}").File.ShouldBe(name);
            damaged.List().ShouldBe(disk.List());
            damaged.Content(name).ShouldBe(content);
        }

        await using var store = Open(disk);
    }

    /// <summary>Writes of one record each, and where each record ends.</summary>
    private static async Task<(SimulatedDisk Disk, List<int> Ends)> WriteOneByOne(int count)
    {
        var disk = new SimulatedDisk();
        var ends = new List<int>();
        await using var store = Open(disk);
        for (var i = 0; i < count; i++)
        {
            await Put(store, $"k{i}");
            ends.Add(disk.Content(First).Length);
        }

        return (disk, ends);
    }

    private static async Task<SimulatedDisk> WriteWithSnapshots()
    {
        var disk = new SimulatedDisk();
        await using var store = ObjectStore.Open(Options, disk);
        for (var i = 0; i < 200; i++)
        {
            await Put(store, $"k{i % 10}");
        }

        return disk;
    }

    private static StoreOptions Options => new("simulated") { SnapshotAfterBytes = 1_000, History = HistoryWindow.Default with { MaxChanges = 60 } };

    private static ObjectStore Open(SimulatedDisk disk) => ObjectStore.Open(Options with { SnapshotAfterBytes = 1 << 20 }, disk);

    private static ValueTask<WriteResult> Put(ObjectStore store, string key) => store.PutAsync(key, StoreFixture.Bytes("the value of " + key), null, default);
}
