using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Streaming.Spdy;

namespace Hearth.Cluster.ApiServer.Streaming;

/// <summary>A remote command's client at the other end of a SPDY connection: it opens a stream for each channel, named by the header <c>streamtype</c>.</summary>
internal sealed class SpdyClient : IRemoteClient, IAsyncDisposable
{
    /// <summary>The protocol that tells exit codes as a Status; kubectl has spoken it since 1.5.</summary>
    public const string Protocol = "v4.channel.k8s.io";

    private static readonly TimeSpan StreamsDeadline = TimeSpan.FromSeconds(30); // kubelet's default

    private readonly TimeProvider _time;
    private readonly SpdyConnection _connection;
    private readonly IReadOnlyList<string> _wanted;
    private readonly Dictionary<string, SpdyStream> _streams = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<TerminalSize> _sizes = TerminalSizes.NewChannel();
    private readonly CancellationTokenSource _gone = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _running;

    private SpdyClient(Stream transport, RemoteOptions options, TimeProvider time)
    {
        _time = time;
        _wanted = [.. Names(options)];
        _connection = new SpdyConnection(transport, transport, Opened);
        _running = RunAsync();
    }

    public Stream Stdin => Find(RemoteChannel.Stdin)?.Input ?? Stream.Null;

    public ChannelReader<TerminalSize> Sizes => _sizes.Reader;

    public CancellationToken Gone => _gone.Token;

    /// <summary>Waits until the client has opened every stream that its options promise.</summary>
    /// <exception cref="TimeoutException">It has not within 30 s.</exception>
    public static async Task<SpdyClient> OpenAsync(Stream transport, RemoteOptions options, TimeProvider time, CancellationToken ct)
    {
        var client = new SpdyClient(transport, options, time);
        try
        {
            await client._complete.Task.WaitAsync(StreamsDeadline, time, ct).ConfigureAwait(false);
            client.ReadSizes();
            return client;
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public Task WriteAsync(RemoteChannel channel, ReadOnlyMemory<byte> bytes, CancellationToken ct) =>
        Find(channel) is { } stream && !bytes.IsEmpty ? stream.WriteAsync(bytes, ct) : Task.CompletedTask;

    public async Task EndAsync(JsonObject status, CancellationToken ct)
    {
        await WriteAsync(RemoteChannel.Error, ObjectCodec.Utf8(status), ct).ConfigureAwait(false);
        foreach (var name in _wanted)
        {
            await _streams[name].FinishAsync(ct).ConfigureAwait(false);
        }

        await _connection.GoAwayAsync(ct).ConfigureAwait(false);
        await _running.WaitAsync(IRemoteClient.LeaveDeadline, _time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _connection.Dispose();
        _gone.Dispose();
        _ending.Dispose();
    }

    private static IEnumerable<string> Names(RemoteOptions options)
    {
        yield return Name(RemoteChannel.Error);
        if (options.Stdin)
        {
            yield return Name(RemoteChannel.Stdin);
        }

        if (options.Stdout)
        {
            yield return Name(RemoteChannel.Stdout);
        }

        if (options.Stderr)
        {
            yield return Name(RemoteChannel.Stderr);
        }

        if (options.Tty)
        {
            yield return Name(RemoteChannel.Resize);
        }
    }

    private static string Name(RemoteChannel channel) => channel switch
    {
        RemoteChannel.Stdin => "stdin",
        RemoteChannel.Stdout => "stdout",
        RemoteChannel.Stderr => "stderr",
        RemoteChannel.Resize => "resize",
        _ => "error",
    };

    private SpdyStream? Find(RemoteChannel channel) => _streams.GetValueOrDefault(Name(channel));

    private void Opened(SpdyStream stream)
    {
        if (_complete.Task.IsCompleted || !_wanted.Contains(stream.Headers.GetValueOrDefault("streamtype"), StringComparer.Ordinal))
        {
            return;
        }

        _streams[stream.Headers["streamtype"]] = stream;
        if (_streams.Count == _wanted.Count)
        {
            _complete.TrySetResult();
        }
    }

    private async Task RunAsync()
    {
        try
        {
            await _connection.RunAsync(_ending.Token).ConfigureAwait(false);
        }
        finally
        {
            _complete.TrySetException(new IOException("the client left before it had opened its streams"));
            await _gone.CancelAsync().ConfigureAwait(false);
        }
    }

    private void ReadSizes()
    {
        if (Find(RemoteChannel.Resize) is { } stream)
        {
            _ = ReadSizesAsync(stream.Input);
        }
        else
        {
            _sizes.Writer.TryComplete();
        }
    }

    private async Task ReadSizesAsync(Stream input)
    {
        using var lines = new StreamReader(input);
        try
        {
            while (await lines.ReadLineAsync(_ending.Token).ConfigureAwait(false) is { } line)
            {
                if (TerminalSizes.Parse(Encoding.UTF8.GetBytes(line)) is { } size)
                {
                    _sizes.Writer.TryWrite(size);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody resizes any more.
        }

        _sizes.Writer.TryComplete();
    }
}
