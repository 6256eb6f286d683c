using System.Diagnostics;
using Hearth.Cluster.Store;

namespace Hearth.Bench.Store;

/// <summary>
/// Durable writes per second at several numbers of concurrent writers, beside a bare loop that writes as many records of the same size at
/// once and flushes: the most that group commit on this disk can give. The two take turns; the median of the rounds counts.
/// </summary>
internal sealed class WriteBench(string directory, TimeSpan round)
{
    private const int Rounds = 5;
    private const int ValueSize = 1024;
    private const int RecordSize = ValueSize + 64;

    public async Task RunAsync()
    {
        Report.Title($"Writes of {ValueSize} bytes with fsync before the answer, against a bare write+fsync loop (median of {Rounds} rounds)");
        foreach (var writers in new[] { 1, 8, 64 })
        {
            var (store, bare) = (new List<double>(), new List<double>());
            for (var i = 0; i < Rounds; i++)
            {
                bare.Add(Bare(writers));
                store.Add(await StoreAsync(writers));
            }

            Report.Line($"bare loop, {writers} records a flush", Median(bare), "writes/s");
            Report.Line($"store, {writers} concurrent writers", Median(store), "writes/s", Report.Ratio(Median(store), Median(bare), "the bare loop"));
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private double Bare(int records)
    {
        Directory.CreateDirectory(directory);
        using var file = File.OpenHandle(Path.Combine(directory, "bare"), FileMode.Create, FileAccess.ReadWrite);
        var data = new byte[records * RecordSize];
        Random.Shared.NextBytes(data);
        var (offset, written) = (0L, 0L);
        var watch = Stopwatch.StartNew();
        for (; watch.Elapsed < round; written += records, offset += data.Length)
        {
            RandomAccess.Write(file, data, offset);
            RandomAccess.FlushToDisk(file);
        }

        return written / watch.Elapsed.TotalSeconds;
    }

    private async Task<double> StoreAsync(int writers)
    {
        var path = Path.Combine(directory, "store");
        await using var store = ObjectStore.Open(new StoreOptions(path));
        var value = new byte[ValueSize];
        Random.Shared.NextBytes(value);
        var written = 0L;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; watch.Elapsed < round; i++)
            {
                await store.PutAsync($"/bench/objects/namespace-{writer}/name-{i % 1000}", value, null, CancellationToken.None);
                Interlocked.Increment(ref written);
            }
        })));
        return written / watch.Elapsed.TotalSeconds;
    }
}
