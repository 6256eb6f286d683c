using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Hearth.Cluster.ApiServer.Streaming.Spdy;
using Hearth.Kube.Client;

namespace Hearth.Cluster.ApiServer.Streaming;

/// <summary>
/// Port forwarding over SPDY: for each connection that its user makes, the client opens an error and a data stream with the same <c>requestid</c>
/// (kubelet <c>portforward</c>).
/// </summary>
internal sealed class SpdyForwarding : IDisposable
{
    /// <summary>Protocol of a SPDY connection.</summary>
    public const string Protocol = "portforward.k8s.io";

    /// <summary>Protocol of a WebSocket that carries the SPDY connection's bytes: kubectl since 1.31.</summary>
    public const string TunnelProtocol = "SPDY/3.1+portforward.k8s.io";

    private readonly SpdyConnection _connection;
    private readonly PortConnector _connect;
    private readonly ConcurrentDictionary<string, SpdyStream> _waiting = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Task, bool> _running = new();
    private CancellationToken _stopping;

    public SpdyForwarding(Stream transport, PortConnector connect)
    {
        _connection = new SpdyConnection(transport, transport, Opened);
        _connect = connect;
    }

    /// <summary>Serves until the client leaves.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
        _stopping = end.Token;
        try
        {
            await _connection.RunAsync(ct).ConfigureAwait(false);
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(_running.Keys).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose() => _connection.Dispose();

    private void Opened(SpdyStream stream)
    {
        var id = stream.Headers.GetValueOrDefault("requestid") ?? "";
        if (!_waiting.TryRemove(id, out var other))
        {
            _waiting[id] = stream;
            return;
        }

        var (error, data) = other.Headers.GetValueOrDefault("streamtype") == "error" ? (other, stream) : (stream, other);
        var task = ForwardAsync(error, data);
        _running[task] = true;
        _ = task.ContinueWith(t => _running.TryRemove(t, out _), TaskScheduler.Default);
    }

    private async Task ForwardAsync(SpdyStream error, SpdyStream data)
    {
        var ct = _stopping;
        _ = int.TryParse(data.Headers.GetValueOrDefault("port"), NumberStyles.None, CultureInfo.InvariantCulture, out var port);
        try
        {
            var target = await _connect(port, ct).ConfigureAwait(false);
            await using (target.ConfigureAwait(false))
            {
                await CopyAsync(data, target, ct).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is KubeException or IOException)
        {
            await TellAsync(error, PortCopy.Failure(port, e), ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return; // The client left, and with it both streams.
        }

        await FinishAsync(data, error, ct).ConfigureAwait(false);
    }

    /// <summary>Ends when the pod has said everything; what the client still has to say is of no use then.</summary>
    private static async Task CopyAsync(SpdyStream data, Stream target, CancellationToken ct)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var sending = SendAsync(data, target, ended.Token);
        await PortCopy.PumpAsync(target, data.WriteAsync, ct).ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);
        await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task SendAsync(SpdyStream data, Stream target, CancellationToken ct)
    {
        await data.Input.CopyToAsync(target, ct).ConfigureAwait(false);
        if (target is System.Net.Sockets.NetworkStream network)
        {
            network.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        }
    }

    private static async Task TellAsync(SpdyStream error, string message, CancellationToken ct)
    {
        try
        {
            await error.WriteAsync(Encoding.UTF8.GetBytes(message), ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Nobody is left to tell.
        }
    }

    private static async Task FinishAsync(SpdyStream data, SpdyStream error, CancellationToken ct)
    {
        try
        {
            await data.FinishAsync(ct).ConfigureAwait(false);
            await error.FinishAsync(ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client left.
        }
    }
}
