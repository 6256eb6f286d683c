using System.Buffers.Binary;
using System.Collections.Concurrent;

namespace Hearth.Cluster.ApiServer.Streaming.Spdy;

/// <summary>
/// The server's side of SPDY/3.1, as far as Kubernetes' clients use it: streams that the client opens, data both ways, pings. They neither send nor
/// heed window updates; settings and priorities are read over.
/// </summary>
/// <param name="input">What the client sends; stays the caller's.</param>
/// <param name="output">What the client gets; may be the same stream.</param>
/// <param name="opened">Told of each new stream before its first byte; must not block.</param>
internal sealed class SpdyConnection(Stream input, Stream output, Action<SpdyStream> opened) : IDisposable
{
    private const int HeaderBytes = 8;
    private const int MaxControlBytes = 64 * 1024;
    private const int MaxStreams = 1000;
    private const int ChunkBytes = 32 * 1024;
    private const byte Fin = 1;

    private static readonly IReadOnlyDictionary<string, string> NoHeaders = new Dictionary<string, string>();

    private readonly BufferedStream _input = new(input, ChunkBytes);
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly HeaderInflater _inflater = new();
    private readonly HeaderDeflater _deflater = new();
    private readonly ConcurrentDictionary<int, SpdyStream> _streams = new();

    private enum FrameType
    {
        SynStream = 1,
        SynReply = 2,
        RstStream = 3,
        Settings = 4,
        Ping = 6,
        GoAway = 7,
        Headers = 8,
        WindowUpdate = 9,
    }

    /// <summary>Reads until the client leaves; then every stream's input has ended.</summary>
    /// <exception cref="InvalidDataException">The client does not keep to the protocol.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        var header = new byte[HeaderBytes];
        try
        {
            while (await _input.ReadAtLeastAsync(header, HeaderBytes, throwOnEndOfStream: false, ct).ConfigureAwait(false) == HeaderBytes)
            {
                var length = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4)) & 0xffffff;
                if ((header[0] & 0x80) == 0)
                {
                    await DataAsync(BinaryPrimitives.ReadInt32BigEndian(header), header[4], length, ct).ConfigureAwait(false);
                }
                else
                {
                    await ControlAsync((FrameType)BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(2)), header[4], length, ct).ConfigureAwait(false);
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client left without a word, or the server stops.
        }
        finally
        {
            foreach (var id in _streams.Keys)
            {
                EndInput(id);
            }
        }
    }

    public void Dispose()
    {
        _inflater.Dispose();
        _deflater.Dispose();
        _sending.Dispose();
    }

    /// <summary>Says that no stream is served any more.</summary>
    public async Task GoAwayAsync(CancellationToken ct)
    {
        var body = new byte[8];
        await SendControlAsync(FrameType.GoAway, body, ct).ConfigureAwait(false);
    }

    /// <exception cref="IOException">The client has left.</exception>
    internal async Task SendDataAsync(int id, ReadOnlyMemory<byte> bytes, bool fin, CancellationToken ct)
    {
        do
        {
            var part = bytes[..Math.Min(bytes.Length, ChunkBytes)];
            bytes = bytes[part.Length..];
            var frame = new byte[HeaderBytes + part.Length];
            BinaryPrimitives.WriteInt32BigEndian(frame, id);
            BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), part.Length);
            frame[4] = fin && bytes.IsEmpty ? Fin : (byte)0;
            part.CopyTo(frame.AsMemory(HeaderBytes));
            await SendAsync(frame, ct).ConfigureAwait(false);
        }
        while (!bytes.IsEmpty);
    }

    private async Task DataAsync(int id, byte flags, int length, CancellationToken ct)
    {
        var stream = _streams.GetValueOrDefault(id);
        var buffer = new byte[Math.Min(length, ChunkBytes)];
        while (length > 0)
        {
            var part = buffer.AsMemory(0, Math.Min(length, buffer.Length));
            await _input.ReadExactlyAsync(part, ct).ConfigureAwait(false);
            length -= part.Length;
            if (stream is not null)
            {
                await stream.ReceiveAsync(part, ct).ConfigureAwait(false);
            }
        }

        if ((flags & Fin) != 0)
        {
            EndInput(id);
        }
    }

    private async Task ControlAsync(FrameType type, byte flags, int length, CancellationToken ct)
    {
        if (length > MaxControlBytes)
        {
            throw new InvalidDataException($"a control frame of {length} bytes");
        }

        var body = new byte[length];
        await _input.ReadExactlyAsync(body, ct).ConfigureAwait(false);
        switch (type)
        {
            case FrameType.SynStream when length >= 10:
                await OpenAsync(BinaryPrimitives.ReadInt32BigEndian(body) & 0x7fffffff, flags, _inflater.Read(body.AsSpan(10)), ct).ConfigureAwait(false);
                break;
            case FrameType.Headers when length >= 4:
                _inflater.Read(body.AsSpan(4));
                EndIf((flags & Fin) != 0, body);
                break;
            case FrameType.RstStream when length >= 4:
                EndIf(true, body);
                break;
            case FrameType.Ping when length >= 4 && (body[3] & 1) == 1:
                await SendControlAsync(FrameType.Ping, body, ct).ConfigureAwait(false);
                break;
        }
    }

    private async Task OpenAsync(int id, byte flags, IReadOnlyDictionary<string, string> headers, CancellationToken ct)
    {
        var stream = new SpdyStream(this, id, headers);
        if (id % 2 == 0 || _streams.Count >= MaxStreams || !_streams.TryAdd(id, stream))
        {
            throw new InvalidDataException($"stream {id} cannot be opened");
        }

        var block = _deflater.Write(NoHeaders);
        var reply = new byte[4 + block.Length];
        BinaryPrimitives.WriteInt32BigEndian(reply, id);
        block.CopyTo(reply.AsSpan(4));
        await SendControlAsync(FrameType.SynReply, reply, ct).ConfigureAwait(false);
        opened(stream);
        if ((flags & Fin) != 0)
        {
            EndInput(id);
        }
    }

    private void EndIf(bool ends, byte[] body)
    {
        if (ends)
        {
            EndInput(BinaryPrimitives.ReadInt32BigEndian(body) & 0x7fffffff);
        }
    }

    private void EndInput(int id)
    {
        if (_streams.TryRemove(id, out var stream))
        {
            stream.EndInput();
        }
    }

    private Task SendControlAsync(FrameType type, byte[] body, CancellationToken ct)
    {
        var frame = new byte[HeaderBytes + body.Length];
        BinaryPrimitives.WriteUInt16BigEndian(frame, 0x8003);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)type);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), body.Length);
        body.CopyTo(frame, HeaderBytes);
        return SendAsync(frame, ct);
    }

    private async Task SendAsync(byte[] frame, CancellationToken ct)
    {
        await _sending.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            await output.WriteAsync(frame, ct).ConfigureAwait(false);
            await output.FlushAsync(ct).ConfigureAwait(false);
        }
        finally
        {
            _sending.Release();
        }
    }
}
