using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Hearth.Jobs.Driver.Sql;

/// <summary>An error that the engine answered with.</summary>
public sealed class EngineErrorException(string errorClass, string message, string? hint) : Exception(message)
{
    /// <summary>Spark's error class.</summary>
    public string ErrorClass { get; } = errorClass;

    /// <summary>The way on, or null.</summary>
    public string? Hint { get; } = hint;
}

/// <summary>A connection to an engine session (docs/engine-protocol.md): one request at a time.</summary>
public sealed class EngineClient : IAsyncDisposable
{
    private const int MaxFrame = 1 << 30;
    private readonly NetworkStream _stream;
    private int _lastId;

    private EngineClient(Socket socket) => _stream = new NetworkStream(socket, ownsSocket: true);

    /// <summary>Connects and says hello.</summary>
    public static async Task<EngineClient> ConnectAsync(string socketPath, string appName, string appId, CancellationToken ct)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), ct).ConfigureAwait(false);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        var client = new EngineClient(socket);
        await client.CallAsync("hello", new JsonObject { ["conf"] = new JsonObject(), ["app"] = new JsonObject { ["name"] = appName, ["id"] = appId } }, null, ct).ConfigureAwait(false);
        return client;
    }

    /// <summary>Sends a request and reads its answer; batches go to <paramref name="batch"/>.</summary>
    /// <exception cref="EngineErrorException">The engine answered with an error.</exception>
    public async Task<JsonObject> CallAsync(string op, JsonObject fields, Action<JsonArray>? batch, CancellationToken ct)
    {
        fields["id"] = (++_lastId).ToString(CultureInfo.InvariantCulture);
        fields["op"] = op;
        await SendAsync(fields, ct).ConfigureAwait(false);
        while (true)
        {
            var reply = await ReceiveAsync(ct).ConfigureAwait(false);
            if (reply["error"] is JsonObject error)
            {
                throw new EngineErrorException(error["class"]?.ToString() ?? "INTERNAL_ERROR", error["message"]?.ToString() ?? "no message", error["hint"]?.ToString());
            }

            if (reply["batch"] is JsonObject part)
            {
                if (part["rows"] is JsonArray rows)
                {
                    batch?.Invoke(rows);
                }
            }
            else
            {
                return reply["ok"] as JsonObject ?? [];
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async Task SendAsync(JsonObject message, CancellationToken ct)
    {
        var body = System.Text.Encoding.UTF8.GetBytes(message.ToJsonString());
        var frame = new byte[4 + body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, body.Length);
        body.CopyTo(frame, 4);
        await _stream.WriteAsync(frame, ct).ConfigureAwait(false);
    }

    private async Task<JsonObject> ReceiveAsync(CancellationToken ct)
    {
        var head = new byte[4];
        await _stream.ReadExactlyAsync(head, ct).ConfigureAwait(false);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(head);
        if (length > MaxFrame)
        {
            throw new InvalidDataException($"the engine sent a frame of {length} bytes");
        }

        var body = new byte[length];
        await _stream.ReadExactlyAsync(body, ct).ConfigureAwait(false);
        return JsonNode.Parse(body) as JsonObject ?? throw new InvalidDataException("the engine sent a frame that is not an object");
    }
}
