using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;

namespace Hearth.Bench.Platform;

/// <summary>
/// Stands between a front end and an engine session and adds up how long the engine takes for each request: from the last byte of the request
/// to the last byte of its final reply. Frames are those of <c>docs/engine-protocol.md</c>; they pass unchanged.
/// </summary>
internal sealed class EngineRelay : IAsyncDisposable
{
    private readonly string _engine;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentDictionary<string, (int Count, double Seconds)> _operations = new(StringComparer.Ordinal);
    private readonly Task _accepting;

    public EngineRelay(string listen, string engine)
    {
        _engine = engine;
        _listener.Bind(new UnixDomainSocketEndPoint(listen));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    /// <summary>Number of requests and their seconds, by operation.</summary>
    public IReadOnlyDictionary<string, (int Count, double Seconds)> Operations => _operations;

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        while (!_ending.IsCancellationRequested)
        {
            connections.Add(ServeAsync(await _listener.AcceptAsync(_ending.Token)));
        }

        await Task.WhenAll(connections);
    }

    private async Task ServeAsync(Socket accepted)
    {
        using var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await server.ConnectAsync(new UnixDomainSocketEndPoint(_engine), _ending.Token);
        await using var front = new NetworkStream(accepted, ownsSocket: true);
        await using var engine = new NetworkStream(server);
        try
        {
            while (await ReadAsync(front) is { } request)
            {
                var started = Stopwatch.GetTimestamp();
                await engine.WriteAsync(request, _ending.Token);
                byte[]? reply;
                do
                {
                    reply = await ReadAsync(engine) ?? throw new EndOfStreamException();
                    await front.WriteAsync(reply, _ending.Token);
                }
                while (Has(reply, "batch"));
                var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
                _operations.AddOrUpdate(Operation(request), (1, seconds), (_, sum) => (sum.Count + 1, sum.Seconds + seconds));
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // One side has gone: the other sees its connection closed.
        }
    }

    /// <summary>A frame with its length, or null at the end.</summary>
    private async Task<byte[]?> ReadAsync(NetworkStream stream)
    {
        var length = new byte[4];
        if (await stream.ReadAtLeastAsync(length, 4, throwOnEndOfStream: false, _ending.Token) < 4)
        {
            return null;
        }

        var frame = new byte[4 + BinaryPrimitives.ReadUInt32LittleEndian(length)];
        length.CopyTo(frame, 0);
        await stream.ReadExactlyAsync(frame.AsMemory(4), _ending.Token);
        return frame;
    }

    private static bool Has(byte[] frame, string name) => Find(frame, name) is not null;

    private static string Operation(byte[] frame) => Find(frame, "op") ?? "?";

    /// <summary>The text of a top-level member ("" when it is not a string), or null when there is none.</summary>
    private static string? Find(byte[] frame, string name)
    {
        var reader = new Utf8JsonReader(frame.AsSpan(4), new JsonReaderOptions { MaxDepth = 10_000 });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(name);
            reader.Read();
            if (found)
            {
                return reader.TokenType == JsonTokenType.String ? reader.GetString() : "";
            }

            reader.Skip();
        }

        return null;
    }
}
