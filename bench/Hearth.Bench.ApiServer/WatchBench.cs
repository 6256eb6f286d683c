using System.Diagnostics;
using System.Text.Json.Nodes;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.Bench.ApiServer;

/// <summary>Changes reaching many watches.</summary>
internal sealed class WatchBench(BenchCluster cluster, int watches, int changes)
{
    public async Task RunAsync()
    {
        Report.Title($"{watches} watches, {changes} changes of pods");
        await MeasureAsync("over HTTPS", HttpWatchAsync);
        await MeasureAsync("over HTTPS, each with a label selector", (start, seen) => HttpWatchAsync(start, seen, "&labelSelector=app%3Dbench"));
        await MeasureAsync("in process", LocalWatchAsync);
    }

    private async Task MeasureAsync(string what, Func<string, CountdownEvent, Task> watch)
    {
        using var done = new CancellationTokenSource();
        var list = await cluster.Client.ListAsync(Pod.Type, "default", new ListOptions { Limit = 1 }, CancellationToken.None);
        using var seen = new CountdownEvent(watches * changes);
        var running = Enumerable.Range(0, watches).Select(_ => watch(list.ResourceVersion, seen)).ToList();
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < changes; i++)
        {
            var patch = KubePatch.Merge(new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["changed"] = Guid.NewGuid().ToString() } } });
            await cluster.Client.PatchAsync(new ObjectRef(Pod.Type, "default", $"pod-{i:D6}"), patch, CancellationToken.None);
        }

        var written = clock.Elapsed;
        await Task.WhenAll(running);
        Report.Line(what, watches * changes / clock.Elapsed.TotalSeconds, "events/s", $"last one {(clock.Elapsed - written).TotalMilliseconds:N0} ms after the last write");
    }

    private Task HttpWatchAsync(string version, CountdownEvent seen) => HttpWatchAsync(version, seen, "");

    private async Task HttpWatchAsync(string version, CountdownEvent seen, string selector)
    {
        using var http = cluster.Http();
        await using var stream = await http.GetStreamAsync(new Uri($"/api/v1/namespaces/default/pods?watch=true&resourceVersion={version}{selector}", UriKind.Relative));
        using var reader = new StreamReader(stream);
        for (var i = 0; i < changes; i++)
        {
            _ = await reader.ReadLineAsync() ?? throw new EndOfStreamException();
            seen.Signal();
        }
    }

    private async Task LocalWatchAsync(string version, CountdownEvent seen)
    {
        var count = 0;
        await foreach (var change in cluster.Client.WatchAsync(Pod.Type, "default", new WatchOptions { ResourceVersion = version }, CancellationToken.None))
        {
            seen.Signal();
            if (++count == changes)
            {
                return;
            }
        }
    }
}
