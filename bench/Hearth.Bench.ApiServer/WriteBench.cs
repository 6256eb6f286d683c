using System.Diagnostics;
using System.Text.Json.Nodes;
using Hearth.Cluster.Store;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.Bench.ApiServer;

/// <summary>Creating pods and writing their status, beside bare writes of the same bytes into a store.</summary>
internal sealed class WriteBench(BenchCluster cluster, int pods)
{
    private const int Writers = 8;

    public async Task RunAsync()
    {
        Report.Title($"Writes, {pods} pods, {Writers} writers");
        var bare = await BareAsync();
        var created = await RateAsync(i => cluster.Client.CreateAsync(Pod.Type, "default", BenchCluster.Pod(i), CancellationToken.None));
        Report.Line("pods created, in process", created, "/s", Report.Ratio(created, bare, $"bare store puts ({bare:N0}/s)"));
        var patched = await RateAsync(i => cluster.Client.PatchAsync(
            new ObjectRef(Pod.Type, "default", $"pod-{i:D6}"), KubePatch.Status(new JsonObject { ["phase"] = "Running", ["podIP"] = $"10.0.{i / 250}.{i % 250}" }), CancellationToken.None));
        Report.Line("status patches, in process", patched, "/s", Report.Ratio(patched, bare, "bare store puts"));
    }

    private async Task<double> RateAsync(Func<int, Task> write)
    {
        var watch = Stopwatch.StartNew();
        await Parallel.ForEachAsync(Enumerable.Range(0, pods), new ParallelOptions { MaxDegreeOfParallelism = Writers }, async (i, _) => await write(i));
        return pods / watch.Elapsed.TotalSeconds;
    }

    private async Task<double> BareAsync()
    {
        var directory = Directory.CreateTempSubdirectory("hearth-bare-").FullName;
        await using var store = ObjectStore.Open(new StoreOptions(directory) { FlushToDisk = false });
        var rate = await RateAsync(async i => await store.PutAsync($"pod-{i:D6}", System.Text.Encoding.UTF8.GetBytes(BenchCluster.Pod(i).ToJsonString()), 0, CancellationToken.None));
        Directory.Delete(directory, recursive: true);
        return rate;
    }
}
