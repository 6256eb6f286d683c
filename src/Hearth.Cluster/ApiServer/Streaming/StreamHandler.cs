using System.Net.WebSockets;
using System.Text.Json;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Http;
using Hearth.Cluster.ApiServer.Kinds;
using Hearth.Cluster.ApiServer.Registry;
using Hearth.Kube.Client;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Hearth.Cluster.ApiServer.Streaming;

/// <summary>
/// <c>kubectl exec</c>, <c>attach</c>, <c>cp</c> and <c>port-forward</c>: connections to what runs in a pod, over WebSockets (client libraries, kubectl
/// since 1.31) and SPDY/3.1 (kubectl before that).
/// </summary>
internal sealed class StreamHandler(ApiCore core, CancellationToken stopping)
{
    private const string SpdyUpgrade = "SPDY/3.1";
    private const string ProtocolHeader = "X-Stream-Protocol-Version";

    /// <summary>Whether a subresource is such a connection.</summary>
    public static bool Serves(ResourceDefinition definition, string subresource) =>
        definition.Type == CoreKinds.Pods.Type && subresource is "exec" or "attach" or "portforward";

    public async Task HandleAsync(HttpContext context, string subresource, string ns, string name)
    {
        var pod = core.Reader.Get(CoreKinds.Pods, ns, name).Root;
        if (!context.WebSockets.IsWebSocketRequest && !IsSpdy(context))
        {
            throw ApiErrors.BadRequest("Upgrade request required: open the connection as a WebSocket or with SPDY/3.1");
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        var protocol = Negotiate(context, subresource == "portforward"); // a client that cannot be spoken with must not start anything
        if (subresource == "portforward")
        {
            await ForwardAsync(context, protocol, (port, ct) => core.Runtime.ConnectAsync(ns, name, port, ct), end.Token);
            return;
        }

        var options = Options(context.Request.Query);
        var container = ContainerChoice.Choose(pod, name, context.Request.Query["container"]);
        CheckRuns(pod, name, container);
        await using var session = subresource == "exec"
            ? await core.Runtime.ExecAsync(ns, name, container, Command(context.Request.Query, options), end.Token)
            : await AttachAsync(ns, name, container, options, end.Token);
        await RunAsync(context, protocol, options, session, end.Token);
    }

    private async Task RunAsync(HttpContext context, string protocol, RemoteOptions options, IExecSession session, CancellationToken ct)
    {
        if (context.WebSockets.IsWebSocketRequest)
        {
            await using var client = new WebSocketClient(await context.WebSockets.AcceptWebSocketAsync(protocol), options, core.Time);
            await client.GreetAsync(ct);
            await RemoteCommand.RunAsync(client, session, ct);
        }
        else
        {
            await using var transport = await UpgradeAsync(context, protocol);
            await using var client = await SpdyClient.OpenAsync(transport, options, core.Time, ct);
            await RemoteCommand.RunAsync(client, session, ct);
        }
    }

    private static async Task ForwardAsync(HttpContext context, string protocol, PortConnector connect, CancellationToken ct)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            await using var transport = await UpgradeAsync(context, protocol);
            using var direct = new SpdyForwarding(transport, connect);
            await direct.RunAsync(ct);
        }
        else if (protocol == SpdyForwarding.TunnelProtocol)
        {
            using var socket = await TunnelSocket.AcceptAsync(context, protocol);
            await using var tunnel = WebSocketStream.Create(socket, WebSocketMessageType.Binary);
            using var tunnelled = new SpdyForwarding(tunnel, connect);
            await tunnelled.RunAsync(ct);
        }
        else
        {
            var ports = WebSocketForwarding.Ports(context.Request.Query["ports"]);
            using var socket = await context.WebSockets.AcceptWebSocketAsync(protocol);
            await new WebSocketForwarding(socket, ports, connect).RunAsync(ct);
        }
    }

    /// <summary>The container's output from now on: it can be seen, not fed.</summary>
    private async Task<IExecSession> AttachAsync(string ns, string pod, string container, RemoteOptions options, CancellationToken ct)
    {
        if (options.Stdin)
        {
            throw ApiErrors.BadRequest("containers of this cluster have no input to attach to: leave -i out to see their output, or start a shell with kubectl exec -it");
        }

        return new AttachedLog(await core.Runtime.OpenLogAsync(ns, pod, container, new LogOptions { Container = container, Follow = true, TailLines = 0 }, ct));
    }

    private static bool IsSpdy(HttpContext context) =>
        context.Features.Get<IHttpUpgradeFeature>()?.IsUpgradableRequest == true && string.Equals(context.Request.Headers.Upgrade, SpdyUpgrade, StringComparison.OrdinalIgnoreCase);

    /// <summary>The protocol that both sides know; the client's first wish wins.</summary>
    private static string Negotiate(HttpContext context, bool forward)
    {
        var socket = context.WebSockets.IsWebSocketRequest;
        var known = (socket, forward) switch
        {
            (true, true) => WebSocketForwarding.Protocols,
            (true, false) => WebSocketClient.Protocols,
            (false, true) => [SpdyForwarding.Protocol],
            (false, false) => [SpdyClient.Protocol],
        };
        var asked = socket ? context.WebSockets.WebSocketRequestedProtocols : context.Request.Headers.GetCommaSeparatedValues(ProtocolHeader);
        return asked.FirstOrDefault(p => known.Contains(p, StringComparer.Ordinal))
            ?? throw new KubeException(403, "Forbidden", $"unable to negotiate protocol: client supports [{string.Join(' ', asked)}], server supports [{string.Join(' ', known)}]");
    }

    private static async Task<Stream> UpgradeAsync(HttpContext context, string protocol)
    {
        context.Response.Headers.Upgrade = SpdyUpgrade;
        context.Response.Headers[ProtocolHeader] = protocol;
        return await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
    }

    private static RemoteOptions Options(IQueryCollection query)
    {
        var options = new RemoteOptions(QueryOptions.Flag(query, "stdin"), QueryOptions.Flag(query, "stdout"), QueryOptions.Flag(query, "stderr"), QueryOptions.Flag(query, "tty"));
        if (options is { Tty: true, Stderr: true })
        {
            throw ApiErrors.BadRequest("tty and stderr cannot both be true");
        }

        return options is { Stdin: false, Stdout: false, Stderr: false }
            ? throw ApiErrors.BadRequest("you must specify at least one of stdin, stdout, stderr")
            : options;
    }

    private static ExecCommand Command(IQueryCollection query, RemoteOptions options)
    {
        string[] arguments = [.. query["command"].OfType<string>()];
        return arguments is [{ Length: > 0 }, ..]
            ? new ExecCommand(arguments, options.Stdin, options.Tty)
            : throw ApiErrors.BadRequest("you must specify a command, for example: kubectl exec POD -- date");
    }

    private static void CheckRuns(JsonElement pod, string name, string container)
    {
        var state = pod.Items("status", "containerStatuses").Concat(pod.Items("status", "initContainerStatuses"))
            .FirstOrDefault(s => s.Text("name") == container).At("state");
        if (state.At("running").ValueKind != JsonValueKind.Object)
        {
            var why = state.At("terminated").ValueKind == JsonValueKind.Object ? $"it has ended ({state.Text("terminated", "reason")})"
                : state.Text("waiting", "reason") is { } reason ? $"it waits ({reason})"
                : "its pod has not started";
            throw ApiErrors.BadRequest($"container \"{container}\" in pod \"{name}\" does not run: {why}");
        }
    }

    /// <summary>A container's log as a session without input.</summary>
    private sealed class AttachedLog(Stream log) : IExecSession
    {
        public Stream? Stdin => null;

        public Stream Stdout => log;

        public Stream? Stderr => null;

        public Task<int> Exited => Task.FromResult(0);

        public void Resize(int columns, int rows)
        {
            // No terminal.
        }

        public ValueTask DisposeAsync() => log.DisposeAsync();
    }
}
