using System.Collections.Concurrent;
using Hearth.Cluster.Store;

namespace Hearth.Cluster.Tests.Store;

/// <summary>Takes the power away before and after each operation on the disk, in every way <see cref="SimulatedDisk"/> knows.</summary>
public class PowerLossTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 12)];

    private static StoreOptions Options => new("simulated") { SnapshotAfterBytes = 4_000, History = HistoryWindow.Default with { MaxChanges = 25 } };

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Power_loss_at_any_moment_takes_back_nothing_that_was_visible(int seed)
    {
        var random = new Random(seed);
        var images = new ConcurrentQueue<(SimulatedDisk Disk, long Visible)>();
        var disk = new SimulatedDisk();
        ObjectStore? running = null;
        disk.OnOperation = () =>
        {
            lock (random)
            {
                if (random.Next(4) == 0)
                {
                    images.Enqueue((disk.LosePower(random), running?.Revision ?? 0));
                }
            }
        };
        running = ObjectStore.Open(Options, disk);
        var changes = new ConcurrentDictionary<long, (string Key, string? Value)>();
        await Task.WhenAll(Enumerable.Range(0, 3).Select(writer => Task.Run(() => WriteAsync(running, writer, seed, changes))));
        await running.DisposeAsync();

        images.Count.ShouldBeGreaterThan(20);
        foreach (var (image, visible) in images)
        {
            await CheckAsync(image, visible, changes, random);
        }
    }

    private static async Task WriteAsync(ObjectStore store, int writer, int seed, ConcurrentDictionary<long, (string Key, string? Value)> changes)
    {
        var random = new Random((seed * 100) + writer);
        for (var i = 0; i < 40; i++)
        {
            var mutations = Enumerable.Range(0, random.Next(1, 3)).Select(_ => RandomMutation(random, writer, i)).ToList();
            var result = await store.CommitAsync(mutations, default);
            for (var m = 0; result.Committed && m < mutations.Count; m++)
            {
                var value = mutations[m].Type == ChangeType.Put ? System.Text.Encoding.UTF8.GetString(mutations[m].Value.Span) : null;
                changes[result.Results[m].Revision] = (mutations[m].Key, value);
            }
        }
    }

    private static Mutation RandomMutation(Random random, int writer, int step)
    {
        var key = $"{writer}/{random.Next(6)}";
        return random.Next(5) == 0 ? Mutation.Delete(key) : Mutation.Put(key, StoreFixture.Bytes($"{step}-" + new string('x', random.Next(10) == 0 ? random.Next(1500) : 20)));
    }

    private static async Task CheckAsync(SimulatedDisk image, long visible, ConcurrentDictionary<long, (string Key, string? Value)> changes, Random random)
    {
        // Opening repairs; the power may go away during that too.
        var second = image.Copy();
        image.OnOperation = () => second = random.Next(3) == 0 ? image.LosePower(random) : second;
        await CheckOpenAsync(image, visible, changes);
        await CheckOpenAsync(second, visible, changes);
    }

    private static async Task CheckOpenAsync(SimulatedDisk image, long visible, ConcurrentDictionary<long, (string Key, string? Value)> changes)
    {
        await using var store = ObjectStore.Open(Options, image);
        store.Revision.ShouldBeGreaterThanOrEqualTo(visible);
        var expected = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (var revision = 1L; revision <= store.Revision; revision++)
        {
            var (key, value) = changes[revision];
            _ = value is null ? expected.Remove(key) : (expected[key] = value) is null;
        }

        store.List("").Items.Select(item => $"{item.Key}={StoreFixture.Text(item)}").ShouldBe(expected.Select(pair => $"{pair.Key}={pair.Value}"));
        image.OnOperation = null;
        (await store.PutAsync("after", StoreFixture.Bytes("1"), 0, default)).Revision.ShouldBe(store.Revision);
    }
}
