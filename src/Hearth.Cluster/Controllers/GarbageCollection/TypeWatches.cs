using System.Text.Json.Nodes;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.Cluster.Controllers.GarbageCollection;

/// <summary>Watches every kind that the cluster serves, kinds that come later included, and reports each object. Events are left out: nothing owns or is owned by them.</summary>
internal sealed class TypeWatches(IKubeClient client, IResourceCatalog catalog, TimeProvider time, Action<WatchEventType, ResourceType, JsonObject> report)
{
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(500);

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var running = new Dictionary<ResourceType, (CancellationTokenSource Stop, Task Watch)>();
        try
        {
            while (true)
            {
                var served = (await catalog.ListTypesAsync(ct).ConfigureAwait(false)).Where(t => t.Kind != Event.Type.Kind).ToHashSet();
                foreach (var gone in running.Keys.Where(t => !served.Contains(t)).ToArray())
                {
                    await StopAsync(running[gone]).ConfigureAwait(false);
                    running.Remove(gone);
                }

                foreach (var type in served.Where(t => !running.ContainsKey(t)))
                {
                    var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
                    running[type] = (stop, Task.Run(() => WatchAsync(type, stop.Token), ct));
                }

                await Task.Delay(Refresh, time, ct).ConfigureAwait(false);
            }
        }
        finally
        {
            foreach (var watch in running.Values)
            {
                await StopAsync(watch).ConfigureAwait(false);
            }
        }
    }

    private static async Task StopAsync((CancellationTokenSource Stop, Task Watch) running)
    {
        await running.Stop.CancelAsync().ConfigureAwait(false);
        await running.Watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        running.Stop.Dispose();
    }

    private async Task WatchAsync(ResourceType type, CancellationToken ct)
    {
        var seen = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        while (!ct.IsCancellationRequested)
        {
            try
            {
                var version = await ListAsync(type, seen, ct).ConfigureAwait(false);
                await FollowAsync(type, version, seen, ct).ConfigureAwait(false);
            }
            catch (Exception e) when (e is KubeException or HttpRequestException or IOException)
            {
                await Task.Delay(Retry, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<string> ListAsync(ResourceType type, Dictionary<string, JsonObject> seen, CancellationToken ct)
    {
        var list = await client.ListAsync(type, null, ListOptions.All, ct).ConfigureAwait(false);
        var here = list.Items.ToDictionary(Uid, StringComparer.Ordinal);
        foreach (var uid in seen.Keys.Where(u => !here.ContainsKey(u)).ToArray())
        {
            report(WatchEventType.Deleted, type, seen[uid]);
            seen.Remove(uid);
        }

        foreach (var (uid, item) in here)
        {
            seen[uid] = Identity(item);
            report(WatchEventType.Added, type, item);
        }

        return list.ResourceVersion;
    }

    private async Task FollowAsync(ResourceType type, string version, Dictionary<string, JsonObject> seen, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            await foreach (var change in client.WatchAsync(type, null, new WatchOptions { ResourceVersion = version }, ct).ConfigureAwait(false))
            {
                version = change.Object["metadata"]?["resourceVersion"]?.GetValue<string>() ?? version;
                if (change.Type == WatchEventType.Bookmark)
                {
                    continue;
                }

                if (change.Type == WatchEventType.Deleted)
                {
                    seen.Remove(Uid(change.Object));
                }
                else
                {
                    seen[Uid(change.Object)] = Identity(change.Object);
                }

                report(change.Type, type, change.Object);
            }
        }
    }

    private static string Uid(JsonObject item) => item["metadata"]!["uid"]!.GetValue<string>();

    /// <summary>All that has to be remembered of an object to report that it went.</summary>
    private static JsonObject Identity(JsonObject item)
    {
        var meta = item["metadata"]!;
        return new()
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = meta["name"]?.GetValue<string>(), ["namespace"] = meta["namespace"]?.GetValue<string>(), ["uid"] = meta["uid"]?.GetValue<string>(),
            },
        };
    }
}
