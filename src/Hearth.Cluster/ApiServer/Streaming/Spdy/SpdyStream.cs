using System.IO.Pipelines;

namespace Hearth.Cluster.ApiServer.Streaming.Spdy;

/// <summary>One of the streams that a client opened in a connection; both sides may write, and each ends its side alone.</summary>
internal sealed class SpdyStream(SpdyConnection connection, int id, IReadOnlyDictionary<string, string> headers)
{
    // One stream that is not read holds up the others of its connection when this much waits: memory has a bound, as a socket's buffer has.
    private const int MaxWaiting = 4 * 1024 * 1024;

    private readonly Pipe _input = new(new PipeOptions(pauseWriterThreshold: MaxWaiting, resumeWriterThreshold: MaxWaiting / 2, useSynchronizationContext: false));

    public int Id => id;

    /// <summary>What the client said when it opened the stream; names in lower case.</summary>
    public IReadOnlyDictionary<string, string> Headers => headers;

    /// <summary>What the client writes; ends when the client ends its side or has left.</summary>
    public Stream Input => _input.Reader.AsStream();

    /// <summary>Sends bytes to the client.</summary>
    /// <exception cref="IOException">The client has left.</exception>
    public Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct) => connection.SendDataAsync(id, bytes, fin: false, ct);

    /// <summary>Ends this side.</summary>
    public Task FinishAsync(CancellationToken ct) => connection.SendDataAsync(id, ReadOnlyMemory<byte>.Empty, fin: true, ct);

    /// <summary>Gives the reader what came; waits while too much is unread.</summary>
    internal async ValueTask ReceiveAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct) => await _input.Writer.WriteAsync(bytes, ct).ConfigureAwait(false);

    internal void EndInput() => _input.Writer.Complete();
}
