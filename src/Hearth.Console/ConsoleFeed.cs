using System.Text.Json.Nodes;
using System.Threading.Channels;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Microsoft.AspNetCore.Http;

namespace Hearth.Console;

/// <summary>Streams the objects the page shows as server-sent events: the present state first, then each change.</summary>
internal sealed class ConsoleFeed(IKubeClient client, CancellationToken stopping)
{
    private static readonly ResourceType JobRuns = new("emr.hearth.dev", "v1", "jobruns", "JobRun", true);

    private static readonly ResourceType NodeRecords = new("cost.hearth.dev", "v1", "noderecords", "NodeRecord", false);

    private static readonly (string Name, ResourceType Type)[] Shown = [("job", JobRuns), ("pod", Pod.Type), ("node", Node.Type), ("record", NodeRecords)];

    public async Task ServeAsync(HttpContext context)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        var ct = ending.Token;
        context.Response.ContentType = "text/event-stream";
        var events = Channel.CreateBounded<string>(256);
        var watches = Shown.Select(s => WatchAsync(s.Name, s.Type, events.Writer, ct)).ToArray();
        try
        {
            await foreach (var text in events.Reader.ReadAllAsync(ct).ConfigureAwait(false))
            {
                await context.Response.WriteAsync(text, ct).ConfigureAwait(false);
                await context.Response.Body.FlushAsync(ct).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The browser left or the platform stops.
        }

        await ending.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(watches).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task WatchAsync(string name, ResourceType type, ChannelWriter<string> output, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await output.WriteAsync($"event: reset\ndata: \"{name}\"\n\n", ct).ConfigureAwait(false);
                await foreach (var change in client.WatchAsync(type, null, new WatchOptions(), ct).ConfigureAwait(false))
                {
                    if (change.Type != WatchEventType.Bookmark)
                    {
                        var data = new JsonObject { ["gone"] = change.Type == WatchEventType.Deleted, ["object"] = change.Object.DeepClone() };
                        await output.WriteAsync($"event: {name}\ndata: {data.ToJsonString()}\n\n", ct).ConfigureAwait(false);
                    }
                }
            }
            catch (Exception e) when (e is KubeException or IOException)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), ct).ConfigureAwait(false);
            }
        }
    }
}
