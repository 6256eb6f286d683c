using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Registry;
using Hearth.Kube.Client;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Hearth.Cluster.ApiServer.Http;

/// <summary>Streams of events, as chunks of an answer or as WebSocket messages.</summary>
internal sealed class WatchHandler(ApiCore core, ServerFigures figures, CancellationToken stopping)
{
    private const int LeastDefaultSeconds = 1800;
    private static readonly TimeSpan BookmarkEvery = TimeSpan.FromSeconds(60);

    public async Task HandleAsync(HttpContext context, ResourceDefinition definition, string? ns, string? name)
    {
        var query = context.Request.Query;
        var initialEvents = QueryOptions.Flag(query, "sendInitialEvents");
        CheckInitial(query, initialEvents);
        var fields = query["fieldSelector"].ToString();
        using var watch = core.Reader.Watch(definition, ns, new WatchQuery
        {
            LabelSelector = query["labelSelector"],
            FieldSelector = name is null ? fields : fields.Length == 0 ? $"metadata.name={name}" : $"{fields},metadata.name={name}",
            ResourceVersion = query["resourceVersion"],
            SendInitialEvents = initialEvents,
        });
        var writer = new EventWriter(definition, QueryOptions.Writer(context, definition, core.Time.GetUtcNow()));
        var seconds = QueryOptions.Int(query, "timeoutSeconds") is > 0 and var wanted ? wanted : Random.Shared.Next(LeastDefaultSeconds, 2 * LeastDefaultSeconds);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        await using var timer = core.Time.CreateTimer(_ => end.Cancel(), null, TimeSpan.FromSeconds(Math.Min(seconds, int.MaxValue / 1000)), Timeout.InfiniteTimeSpan);
        var stream = new WatchStream(watch, writer, core.Time, QueryOptions.Flag(query, "allowWatchBookmarks") ? BookmarkEvery : null, initialEvents);
        figures.CountWatch(1);
        try
        {
            await (context.WebSockets.IsWebSocketRequest ? OverWebSocketAsync(context, stream, end.Token) : OverHttpAsync(context, stream, end.Token));
        }
        finally
        {
            figures.CountWatch(-1);
        }
    }

    private static void CheckInitial(IQueryCollection query, bool initialEvents)
    {
        var errors = new FieldErrors();
        var match = query["resourceVersionMatch"].ToString();
        if (initialEvents && match != "NotOlderThan")
        {
            errors.Forbidden("resourceVersionMatch", "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
        }
        else if (!query.ContainsKey("sendInitialEvents") && match.Length > 0)
        {
            errors.Forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
        }

        if (errors.Any)
        {
            throw ApiErrors.Invalid(new Hearth.Kube.Objects.ResourceType("meta.k8s.io", "v1", "listoptions", "ListOptions", false), "", errors);
        }
    }

    private static async Task OverHttpAsync(HttpContext context, WatchStream stream, CancellationToken ct)
    {
        context.Response.ContentType = HttpAnswer.Json;
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await context.Response.StartAsync(context.RequestAborted);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        var output = context.Response.BodyWriter;
        while (await stream.NextAsync(ct) is { } events)
        {
            foreach (var line in events)
            {
                line(output);
                output.Write("\n"u8);
            }

            if ((await output.FlushAsync(context.RequestAborted)).IsCompleted)
            {
                return;
            }
        }
    }

    private static async Task OverWebSocketAsync(HttpContext context, WatchStream stream, CancellationToken ct)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { SubProtocol = Protocol(context) });
        using var closed = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var receiving = ReceiveAsync(socket, closed);
        var buffer = new ArrayBufferWriter<byte>(4096);
        while (await stream.NextAsync(closed.Token) is { } events)
        {
            foreach (var line in events)
            {
                buffer.ResetWrittenCount();
                line(buffer);
                await socket.SendAsync(buffer.WrittenMemory, WebSocketMessageType.Text, endOfMessage: true, context.RequestAborted);
            }
        }

        if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
        }

        await closed.CancelAsync();
        await receiving;
    }

    private static string? Protocol(HttpContext context) => context.WebSockets.WebSocketRequestedProtocols is [var first, ..] ? first : null;

    /// <summary>Keeps reading, so that pings are answered and a close is noticed.</summary>
    private static async Task ReceiveAsync(WebSocket socket, CancellationTokenSource closed)
    {
        var buffer = new byte[256];
        try
        {
            while ((await socket.ReceiveAsync(buffer, closed.Token)).MessageType != WebSocketMessageType.Close)
            {
            }

            await closed.CancelAsync();
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            await closed.CancelAsync();
        }
    }
}

/// <summary>Puts events into their wire form.</summary>
internal sealed class EventWriter(ResourceDefinition definition, AnswerWriter objects)
{
    public void Write(IBufferWriter<byte> output, ObjectEvent change)
    {
        output.Write(change.Type switch
        {
            WatchEventType.Added => "{\"type\":\"ADDED\",\"object\":"u8,
            WatchEventType.Modified => "{\"type\":\"MODIFIED\",\"object\":"u8,
            _ => "{\"type\":\"DELETED\",\"object\":"u8,
        });
        objects.WriteEventObject(output, change.Object);
        output.Write("}"u8);
    }

    /// <summary>Nothing happened up to a revision.</summary>
    public void WriteBookmark(IBufferWriter<byte> output, long revision, bool endOfInitial)
    {
        var meta = new JsonObject { ["resourceVersion"] = JsonTree.Text(revision) };
        if (endOfInitial)
        {
            meta["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
        }

        var tree = new JsonObject
        {
            ["type"] = "BOOKMARK",
            ["object"] = new JsonObject { ["kind"] = definition.Type.Kind, ["apiVersion"] = definition.Type.ApiVersion, ["metadata"] = meta },
        };
        output.Write(ObjectCodec.Utf8(tree));
    }

    public void WriteError(IBufferWriter<byte> output, KubeException error) =>
        output.Write(ObjectCodec.Utf8(new JsonObject { ["type"] = "ERROR", ["object"] = ApiErrors.ToStatus(error) }));
}

/// <summary>What a watch sends next: events, bookmarks when it was quiet for a while, an error as its last word.</summary>
internal sealed class WatchStream(ObjectWatch watch, EventWriter writer, TimeProvider time, TimeSpan? bookmarkEvery, bool initialEvents)
{
    private Task<IReadOnlyList<ObjectEvent>?>? _reading;
    private bool _begun;
    private bool _ended;

    /// <summary>The next messages; null at the end (time is up, the client left, the store closed).</summary>
    public async Task<IReadOnlyList<Action<IBufferWriter<byte>>>?> NextAsync(CancellationToken ct)
    {
        if (!_begun)
        {
            _begun = true;
            if (Initial() is { Count: > 0 } initial)
            {
                return initial;
            }
        }

        try
        {
            return _ended ? null : await LiveAsync(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            _ended = true;
            return bookmarkEvery is null ? null : [o => writer.WriteBookmark(o, watch.Revision, endOfInitial: false)];
        }
        catch (KubeException e)
        {
            _ended = true;
            return [o => writer.WriteError(o, e)];
        }
    }

    private List<Action<IBufferWriter<byte>>> Initial()
    {
        var start = watch.Revision;
        var messages = Messages(watch.TakeInitial());
        if (initialEvents)
        {
            messages.Add(o => writer.WriteBookmark(o, start, endOfInitial: true));
        }

        return messages;
    }

    private async Task<IReadOnlyList<Action<IBufferWriter<byte>>>?> LiveAsync(CancellationToken ct)
    {
        // A read that has begun is never given up: it may hold events already.
        _reading ??= watch.ReadAsync(ct).AsTask();
        if (bookmarkEvery is { } interval && !await FinishesWithinAsync(_reading, interval, ct))
        {
            return [o => writer.WriteBookmark(o, watch.Revision, endOfInitial: false)];
        }

        var events = await _reading;
        _reading = null;
        return events is null ? null : Messages(events);
    }

    private async Task<bool> FinishesWithinAsync(Task reading, TimeSpan interval, CancellationToken ct)
    {
        if (reading.IsCompleted)
        {
            return true;
        }

        using var quiet = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var first = await Task.WhenAny(reading, Task.Delay(interval, time, quiet.Token));
        await quiet.CancelAsync();
        ct.ThrowIfCancellationRequested();
        return first == reading;
    }

    private List<Action<IBufferWriter<byte>>> Messages(IReadOnlyList<ObjectEvent> events)
    {
        var messages = new List<Action<IBufferWriter<byte>>>(events.Count + 1);
        foreach (var change in events)
        {
            messages.Add(o => writer.Write(o, change));
        }

        return messages;
    }
}
