using System.Buffers.Text;
using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Hearth.Cluster.ApiServer.Core;

namespace Hearth.Cluster.ApiServer.Streaming;

/// <summary>
/// A remote command's client at the other end of a WebSocket: the first byte of each message is its channel (apiserver <c>wsstream</c>). With a
/// <c>base64.</c> protocol it is a digit, and the rest is base64.
/// </summary>
internal sealed class WebSocketClient : IRemoteClient, IAsyncDisposable
{
    /// <summary>From the newest to the oldest. v5 can end the input alone.</summary>
    public static readonly IReadOnlyList<string> Protocols = ["v5.channel.k8s.io", "v4.channel.k8s.io", "v4.base64.channel.k8s.io"];

    private const byte CloseChannel = 255;
    private const int MaxMessage = 16 * 1024 * 1024;

    private readonly WebSocket _socket;
    private readonly RemoteOptions _options;
    private readonly TimeProvider _time;
    private readonly bool _base64;
    private readonly Pipe _stdin = new(new PipeOptions(useSynchronizationContext: false));
    private readonly Channel<TerminalSize> _sizes = TerminalSizes.NewChannel();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly CancellationTokenSource _gone = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _receiving;
    private bool _stdinEnded;

    public WebSocketClient(WebSocket socket, RemoteOptions options, TimeProvider time)
    {
        (_socket, _options, _time) = (socket, options, time);
        _base64 = socket.SubProtocol?.Contains("base64", StringComparison.Ordinal) == true;
        _receiving = ReceiveAsync();
    }

    public Stream Stdin => _stdin.Reader.AsStream();

    public ChannelReader<TerminalSize> Sizes => _sizes.Reader;

    public CancellationToken Gone => _gone.Token;

    /// <summary>An empty message tells that everything is ready (apiserver does the same).</summary>
    public Task GreetAsync(CancellationToken ct) =>
        WriteAsync(_options.Stdout ? RemoteChannel.Stdout : _options.Stderr ? RemoteChannel.Stderr : RemoteChannel.Error, ReadOnlyMemory<byte>.Empty, ct);

    public async Task WriteAsync(RemoteChannel channel, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        if ((channel == RemoteChannel.Stdout && !_options.Stdout) || (channel == RemoteChannel.Stderr && !_options.Stderr))
        {
            return;
        }

        var message = Message(channel, bytes.Span);
        await _sending.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            await _socket.SendAsync(message, _base64 ? WebSocketMessageType.Text : WebSocketMessageType.Binary, endOfMessage: true, ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WebSocketException or ObjectDisposedException or InvalidOperationException)
        {
            throw new IOException("the client has left", e);
        }
        finally
        {
            _sending.Release();
        }
    }

    public async Task EndAsync(JsonObject status, CancellationToken ct)
    {
        await WriteAsync(RemoteChannel.Error, ObjectCodec.Utf8(status), ct).ConfigureAwait(false);
        if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, ct).ConfigureAwait(false);
        }

        await _receiving.WaitAsync(IRemoteClient.LeaveDeadline, _time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await _receiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket.Dispose();
        _sending.Dispose();
        _gone.Dispose();
        _ending.Dispose();
    }

    private byte[] Message(RemoteChannel channel, ReadOnlySpan<byte> bytes)
    {
        if (!_base64)
        {
            return [(byte)channel, .. bytes];
        }

        var text = new byte[1 + Base64.GetMaxEncodedToUtf8Length(bytes.Length)];
        text[0] = (byte)('0' + (int)channel);
        Base64.EncodeToUtf8(bytes, text.AsSpan(1), out _, out var written);
        return text[..(1 + written)];
    }

    private async Task ReceiveAsync()
    {
        var buffer = new byte[32 * 1024];
        using var message = new MemoryStream();
        try
        {
            while (true)
            {
                var part = await _socket.ReceiveAsync(buffer.AsMemory(), _ending.Token).ConfigureAwait(false);
                if (part.MessageType == WebSocketMessageType.Close || message.Length + part.Count > MaxMessage)
                {
                    break;
                }

                await message.WriteAsync(buffer.AsMemory(0, part.Count), _ending.Token).ConfigureAwait(false);
                if (part.EndOfMessage)
                {
                    await TakeAsync(message.GetBuffer().AsMemory(0, (int)message.Length)).ConfigureAwait(false);
                    message.SetLength(0);
                }
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // Left, or nobody listens any more.
        }
        finally
        {
            await _stdin.Writer.CompleteAsync().ConfigureAwait(false);
            _sizes.Writer.TryComplete();
            await _gone.CancelAsync().ConfigureAwait(false);
        }
    }

    private async Task TakeAsync(Memory<byte> message)
    {
        if (message.IsEmpty)
        {
            return;
        }

        var channel = message.Span[0];
        var body = message[1..];
        if (_base64)
        {
            channel -= (byte)'0';
            Base64.DecodeFromUtf8InPlace(body.Span, out var length);
            body = body[..length];
        }

        if (channel == CloseChannel && body.Length == 1 && body.Span[0] == (byte)RemoteChannel.Stdin)
        {
            _stdinEnded = true;
            await _stdin.Writer.CompleteAsync().ConfigureAwait(false);
        }
        else if (channel == (byte)RemoteChannel.Stdin && _options.Stdin && !_stdinEnded)
        {
            await _stdin.Writer.WriteAsync(body, _ending.Token).ConfigureAwait(false);
        }
        else if (channel == (byte)RemoteChannel.Resize && TerminalSizes.Parse(body.Span) is { } size)
        {
            _sizes.Writer.TryWrite(size);
        }
    }
}
