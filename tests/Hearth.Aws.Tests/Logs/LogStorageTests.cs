using FsCheck;
using FsCheck.Fluent;
using Hearth.Aws.Logs.Storage;

namespace Hearth.Aws.Tests.Logs;

/// <summary>Logs survive crashes, and come back in the order of their times.</summary>
public sealed class LogStorageTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("hearth-logs-");
    private readonly StandingClock clock = new(Now);

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public void What_was_written_is_there_after_a_restart()
    {
        const string stream = "a/b c/日本/" + "driver/stdout";
        using (var storage = Open())
        {
            storage.CreateGroup("/g/x").ShouldBeTrue();
            storage.CreateGroup("/g/x").ShouldBeFalse();
            storage.ChangeGroup("/g/x", g => g with { RetentionDays = 7 });
            storage.CreateStream("/g/x", stream).ShouldBeTrue();
            storage.Append("/g/x", stream, [new(1_000_000, "one"), new(1_000_000, "two"), new(999_999, "before")], durable: true).ShouldBeTrue();
        }

        clock.Now = DateTimeOffset.FromUnixTimeMilliseconds(1_000_000);
        using var again = Open();
        again.FindGroup("/g/x")!.RetentionDays.ShouldBe(7);
        again.Streams("/g/x").Single().Name.ShouldBe(stream);
        Texts(again, "/g/x", stream).ShouldBe(["before", "one", "two"]);
    }

    [Fact]
    public void A_torn_record_is_cut_off_wherever_the_crash_came()
    {
        using (var storage = Open())
        {
            storage.CreateGroup("g");
            storage.CreateStream("g", "s");
            storage.Append("g", "s", [new(1, "whole"), new(2, "torn")], durable: true);
        }

        var file = directory.EnumerateFiles("*.log", SearchOption.AllDirectories).Single().FullName;
        var bytes = File.ReadAllBytes(file);
        for (var length = bytes.Length - 1; length > bytes.Length - 28; length--)
        {
            File.WriteAllBytes(file, bytes[..length]);
            using var storage = Open();
            Texts(storage, "g", "s").ShouldBe(["whole"]);
            storage.Append("g", "s", [new(3, "after")], durable: true);
            Texts(storage, "g", "s").ShouldBe(["whole", "after"]);
        }

        bytes[^1] ^= 0xFF;
        File.WriteAllBytes(file, bytes);
        using var spoiled = Open();
        Texts(spoiled, "g", "s").ShouldBe(["whole"]);
    }

    [Fact]
    public void Events_past_the_retention_are_not_there()
    {
        using var storage = Open();
        storage.CreateGroup("g");
        storage.CreateStream("g", "s");
        storage.Append("g", "s", [new(Now.AddDays(-8).ToUnixTimeMilliseconds(), "old"), new(Now.ToUnixTimeMilliseconds(), "new")], durable: false);
        storage.ChangeGroup("g", g => g with { RetentionDays = 7 });
        Texts(storage, "g", "s").ShouldBe(["new"]);
        clock.Now = Now.AddDays(9);
        using var later = Open();
        later.Streams("g").ShouldBeEmpty();
    }

    [Fact]
    public void Events_come_in_the_order_of_their_times_and_pages_neither_repeat_nor_miss_any() => Prop.ForAll(
        (from times in Gen.ListOf(Gen.Choose(0, 20)) from page in Gen.Choose(1, 7) select (times, page)).ToArbitrary(),
        t =>
        {
            using var storage = Open();
            var group = Guid.NewGuid().ToString("N");
            storage.CreateGroup(group);
            storage.CreateStream(group, "s");
            foreach (var (time, i) in t.times.Select((time, i) => (time, i)))
            {
                storage.Append(group, "s", [new(time, $"{time}/{i}")], durable: false);
            }

            var expected = t.times.Select((time, i) => (time, i)).OrderBy(p => p.time).ThenBy(p => p.i).Select(p => $"{p.time}/{p.i}").ToArray();
            var (forward, backward) = (new List<string>(), new List<string>());
            for (var after = LogPosition.Start; storage.Read(group, "s", after, LogPosition.End, t.page, fromEnd: false) is { Count: > 0 } found; after = found[^1].Position)
            {
                forward.AddRange(found.Select(e => e.Message));
            }

            for (var before = LogPosition.End; storage.Read(group, "s", LogPosition.Start, before, t.page, fromEnd: true) is { Count: > 0 } found; before = found[0].Position)
            {
                backward.InsertRange(0, found.Select(e => e.Message));
            }

            return forward.SequenceEqual(expected) && backward.SequenceEqual(expected);
        }).QuickCheckThrowOnFailure();

    private LogStorage Open() => LogStorage.Open(directory.FullName, clock);

    private static string[] Texts(LogStorage storage, string group, string stream) =>
        [.. storage.Read(group, stream, LogPosition.Start, LogPosition.End, 100, fromEnd: false).Select(e => e.Message)];
}
