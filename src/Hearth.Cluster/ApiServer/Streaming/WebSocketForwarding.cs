using System.Buffers.Binary;
using System.Globalization;
using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Text;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Kube.Client;

namespace Hearth.Cluster.ApiServer.Streaming;

/// <summary>
/// Port forwarding as client libraries do it: one WebSocket, for the n-th port the channels 2n (data) and 2n + 1 (errors), each opened by the
/// port's number in two bytes, the low one first (kubelet <c>portforward/websocket.go</c>).
/// </summary>
internal sealed class WebSocketForwarding(WebSocket socket, IReadOnlyList<int> ports, PortConnector connect)
{
    private const int MaxPorts = 100;
    private const int BufferBytes = 32 * 1024;

    /// <summary>The tunnel of kubectl first, then the plain channels.</summary>
    public static readonly IReadOnlyList<string> Protocols = [SpdyForwarding.TunnelProtocol, "v4.channel.k8s.io"];

    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly Pipe[] _inputs = [.. ports.Select(_ => new Pipe(new PipeOptions(useSynchronizationContext: false)))];

    /// <summary>The ports that a query names: one or more parameters, each with one or more numbers.</summary>
    /// <exception cref="KubeException">400: none, too many, or not a port.</exception>
    public static IReadOnlyList<int> Ports(IEnumerable<string?> parameters)
    {
        var ports = new List<int>();
        foreach (var text in parameters.SelectMany(p => (p ?? "").Split(',')))
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535)
            {
                throw ApiErrors.BadRequest($"ports: \"{text}\" is not a port between 1 and 65535");
            }

            ports.Add(port);
        }

        return ports.Count is > 0 and <= MaxPorts ? ports : throw ApiErrors.BadRequest($"query parameter \"ports\" is required, with at most {MaxPorts} ports");
    }

    /// <summary>Serves until the client leaves.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var forwards = ports.Select((port, i) => ForwardAsync(port, i, end.Token)).ToArray();
        try
        {
            await ReceiveAsync(end.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // The client left, or the server stops.
        }

        await end.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(forwards).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _sending.Dispose();
    }

    private async Task ForwardAsync(int port, int index, CancellationToken ct)
    {
        var (data, error) = ((byte)(2 * index), (byte)((2 * index) + 1));
        var number = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(number, (ushort)port);
        await SendAsync(data, number, ct).ConfigureAwait(false);
        await SendAsync(error, number, ct).ConfigureAwait(false);
        try
        {
            var target = await connect(port, ct).ConfigureAwait(false);
            await using (target.ConfigureAwait(false))
            {
                await ExchangeAsync(target, index, ct).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is KubeException or IOException)
        {
            await SendAsync(error, Encoding.UTF8.GetBytes(PortCopy.Failure(port, e)), ct).ConfigureAwait(false);
        }
        finally
        {
            // From now on what the client sends to this port is dropped: kept, it would hold up the other ports once the pipe is full.
            await _inputs[index].Reader.CompleteAsync().ConfigureAwait(false);
        }
    }

    private async Task ExchangeAsync(Stream target, int index, CancellationToken ct)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var sending = _inputs[index].Reader.CopyToAsync(target, ended.Token);
        try
        {
            await PortCopy.PumpAsync(target, (bytes, token) => SendAsync((byte)(2 * index), bytes, token), ct).ConfigureAwait(false);
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ReceiveAsync(CancellationToken ct)
    {
        var buffer = new byte[BufferBytes];
        var channel = -1;
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(), ct).ConfigureAwait(false);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return;
            }

            var bytes = buffer.AsMemory(0, part.Count);
            if (channel < 0 && bytes.Length > 0)
            {
                (channel, bytes) = (bytes.Span[0], bytes[1..]);
            }

            if (channel % 2 == 0 && channel / 2 < _inputs.Length && bytes.Length > 0)
            {
                await _inputs[channel / 2].Writer.WriteAsync(bytes, ct).ConfigureAwait(false);
            }

            channel = part.EndOfMessage ? -1 : channel;
        }
    }

    private async Task SendAsync(byte channel, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        await _sending.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            await socket.SendAsync((byte[])[channel, .. bytes.Span], WebSocketMessageType.Binary, endOfMessage: true, ct).ConfigureAwait(false);
        }
        catch (WebSocketException e)
        {
            throw new IOException("the client has left", e);
        }
        finally
        {
            _sending.Release();
        }
    }
}
