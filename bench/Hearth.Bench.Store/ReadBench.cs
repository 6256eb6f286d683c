using System.Collections.Concurrent;
using System.Diagnostics;
using Hearth.Cluster.Store;

namespace Hearth.Bench.Store;

/// <summary>Reads, lists, watch fan-out and opening with 100,000 objects.</summary>
internal sealed class ReadBench(string directory, TimeSpan round)
{
    private const int Objects = 100_000;
    private const int ValueSize = 1024;
    private const int Watchers = 100;

    private static string Key(int i) => $"/bench/pods/namespace-{i % 100}/pod-{i:D6}";

    public async Task RunAsync()
    {
        var options = new StoreOptions(directory) { FlushToDisk = false };
        await FillAsync(options);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var open = Stopwatch.StartNew();
        await using var store = ObjectStore.Open(options);
        Report.Title($"With {Objects:N0} objects of {ValueSize} bytes");
        Report.Line("opening the store", open.Elapsed.TotalMilliseconds, "ms");
        Report.Line("memory after opening", (GC.GetTotalMemory(forceFullCollection: true) - before) >> 20, "MiB", $"{(long)Objects * ValueSize >> 20} MiB of values");
        Gets(store);
        Lists(store);
        await FanOutAsync(store, matching: true);
        await FanOutAsync(store, matching: false);
    }

    private static async Task FillAsync(StoreOptions options)
    {
        await using var store = ObjectStore.Open(options);
        for (var from = 0; from < Objects; from += 1000)
        {
            await store.CommitAsync([.. Enumerable.Range(from, 1000).Select(i => Mutation.Put(Key(i), new byte[ValueSize]))], CancellationToken.None);
        }
    }

    private void Gets(ObjectStore store)
    {
        var keys = Enumerable.Range(0, Objects).Select(Key).ToArray();
        Random.Shared.Shuffle(keys);
        var dictionary = new ConcurrentDictionary<string, StoredValue>(keys.Select(key => KeyValuePair.Create(key, store.Get(key)!.Value)), StringComparer.Ordinal);
        var peer = Rate(i => _ = dictionary[keys[i % Objects]]);
        var gets = Rate(i => _ = store.Get(keys[i % Objects]));
        Report.Line("get, one thread", gets, "reads/s", Report.Ratio(gets, peer, "ConcurrentDictionary (no order, no snapshots)"));
    }

    private void Lists(ObjectStore store)
    {
        var array = store.List("").Items.ToArray();
        var copies = Rate(i => _ = array.AsSpan(0, 500).ToArray()) * 500;
        var pages = Rate(i => _ = store.List("/bench/pods/", startAfter: array[i * 7919 % (Objects - 500)].Key, limit: 500)) * 500;
        var whole = Rate(i => _ = store.List("/bench/pods/")) * Objects;
        Report.Line("list, pages of 500", pages, "objects/s", Report.Ratio(pages, copies, "copying 500 entries of an array"));
        Report.Line("list, everything", whole, "objects/s");
    }

    /// <summary>How fast changes reach many watches that all want them, or that all want others.</summary>
    private static async Task FanOutAsync(ObjectStore store, bool matching)
    {
        const int Changes = 5_000;
        var last = store.Revision + Changes;
        var watches = Enumerable.Range(0, Watchers).Select(_ => store.Watch(matching ? "/bench/pods/" : "/bench/other/", store.Revision)).ToList();
        var readers = watches.Select(watch => Task.Run(async () =>
        {
            for (var at = 0L; matching && at < last;)
            {
                at = (await watch.ReadAsync(CancellationToken.None))[^1].Revision;
            }
        })).ToList();
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (var i = writer; i < Changes; i += 8)
            {
                await store.PutAsync(Key(i), new byte[ValueSize], null, CancellationToken.None);
            }
        })));
        await Task.WhenAll(readers);
        watches.ForEach(watch => watch.Dispose());
        var what = matching ? $"watch fan-out to {Watchers} watches" : $"writes past {Watchers} watches of other keys";
        Report.Line(what, Changes * (matching ? Watchers : 1) / clock.Elapsed.TotalSeconds, matching ? "events/s" : "writes/s");
    }

    private double Rate(Action<int> action)
    {
        var count = 0;
        for (; count < 200; count++)
        {
            action(count);
        }

        count = 0;
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < round)
        {
            for (var i = 0; i < 8; i++)
            {
                action(count++);
            }
        }

        return count / watch.Elapsed.TotalSeconds;
    }
}
