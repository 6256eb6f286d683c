using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Hearth.Aws.Signing;

/// <summary>
/// Decodes the aws-chunked content encoding while it is read: checks each chunk's signature where chunks are signed, and the trailer's.
/// Bytes are handed on before their chunk's signature is known, so commit nothing before the end of the stream was reached.
/// </summary>
/// <param name="inner">The body as sent.</param>
/// <param name="signature">The verified signature of the headers: seed of the chain of chunk signatures.</param>
/// <param name="decodedLength">Value of <c>x-amz-decoded-content-length</c>; null when absent.</param>
public sealed class AwsChunkedStream(Stream inner, VerifiedSignature signature, long? decodedLength) : Stream
{
    private const int LongestLine = 16 * 1024;
    private readonly byte[] buffer = new byte[64 * 1024];
    private readonly bool signedChunks = signature.PayloadHash is not PayloadMarkers.UnsignedTrailer;
    private readonly bool hasTrailer = signature.PayloadHash is not PayloadMarkers.SignedChunks;
    private readonly IncrementalHash chunkHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Dictionary<string, string> trailers = new(StringComparer.OrdinalIgnoreCase);
    private string previousSignature = signature.Claim.Signature;
    private string? chunkSignature;
    private int start;
    private int end;
    private long remaining;
    private long total;
    private bool inChunk;
    private bool done;

    /// <summary>Trailing headers; complete once the stream has been read to its end.</summary>
    public IReadOnlyDictionary<string, string> Trailers => trailers;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        while (!done && remaining == 0)
        {
            await NextChunkAsync(cancellationToken).ConfigureAwait(false);
        }
        if (done || destination.Length == 0)
        {
            return 0;
        }
        var wanted = (int)Math.Min(destination.Length, remaining);
        int read;
        if (start < end)
        {
            read = Math.Min(wanted, end - start);
            buffer.AsMemory(start, read).CopyTo(destination);
            start += read;
        }
        else
        {
            read = await inner.ReadAsync(destination[..wanted], cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                throw Malformed("The body ended inside a chunk.");
            }
        }
        if (signedChunks)
        {
            chunkHash.AppendData(destination.Span[..read]);
        }
        remaining -= read;
        total += read;
        return read;
    }

    private async Task NextChunkAsync(CancellationToken ct)
    {
        if (inChunk)
        {
            if ((await ReadLineAsync(ct).ConfigureAwait(false)).Length > 0)
            {
                throw Malformed("A chunk is longer than it says.");
            }
            CheckChunk();
        }
        var line = await ReadLineAsync(ct).ConfigureAwait(false);
        var semicolon = line.IndexOf(';');
        var size = semicolon < 0 ? line : line[..semicolon];
        if (!long.TryParse(size, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out remaining) || remaining < 0)
        {
            throw Malformed("A chunk does not start with its size.");
        }
        const string Marker = ";chunk-signature=";
        chunkSignature = semicolon >= 0 && line.AsSpan(semicolon).StartsWith(Marker, StringComparison.Ordinal) ? line[(semicolon + Marker.Length)..] : null;
        inChunk = true;
        if (remaining == 0)
        {
            CheckChunk();
            await ReadTrailersAsync(ct).ConfigureAwait(false);
            done = true;
            if (decodedLength is { } expected && expected != total)
            {
                throw new Http.AwsException(400, "IncompleteBody", "You did not provide the number of bytes specified by the x-amz-decoded-content-length HTTP header.");
            }
        }
    }

    private void CheckChunk()
    {
        if (!signedChunks)
        {
            return;
        }
        var digest = CanonicalRequest.Hex(chunkHash.GetHashAndReset());
        var text = $"AWS4-HMAC-SHA256-PAYLOAD\n{signature.Claim.Timestamp}\n{signature.Claim.Scope}\n{previousSignature}\n{PayloadMarkers.EmptyHash}\n{digest}";
        if (chunkSignature is null || !signature.Key.Matches(text, chunkSignature))
        {
            throw new SignatureException(SignatureFault.Mismatch, "The signature of a chunk of the body does not match.");
        }
        previousSignature = chunkSignature;
    }

    private async Task ReadTrailersAsync(CancellationToken ct)
    {
        var canonical = new StringBuilder();
        string? trailerSignature = null;
        while (await ReadLineOrEndAsync(ct).ConfigureAwait(false) is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':');
            if (colon <= 0 || !hasTrailer || trailers.Count >= 32)
            {
                throw Malformed("The trailer of the body cannot be read.");
            }
            var (name, value) = (line[..colon].Trim().ToLowerInvariant(), line[(colon + 1)..].Trim());
            if (string.Equals(name, "x-amz-trailer-signature", StringComparison.Ordinal))
            {
                trailerSignature = value;
                continue;
            }
            trailers[name] = value;
            canonical.Append(name).Append(':').Append(value).Append('\n');
        }
        if (signedChunks && hasTrailer)
        {
            var digest = CanonicalRequest.Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical.ToString())));
            var text = $"AWS4-HMAC-SHA256-TRAILER\n{signature.Claim.Timestamp}\n{signature.Claim.Scope}\n{previousSignature}\n{digest}";
            if (trailerSignature is null || !signature.Key.Matches(text, trailerSignature))
            {
                throw new SignatureException(SignatureFault.Mismatch, "The signature of the body's trailer does not match.");
            }
        }
    }

    private async Task<string> ReadLineAsync(CancellationToken ct) =>
        await ReadLineOrEndAsync(ct).ConfigureAwait(false) ?? throw Malformed("The body ended before its last chunk.");

    private async Task<string?> ReadLineOrEndAsync(CancellationToken ct)
    {
        var searched = start;
        while (true)
        {
            var newline = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                var last = searched + newline;
                var length = last - start - (last > start && buffer[last - 1] == '\r' ? 1 : 0);
                var line = Encoding.UTF8.GetString(buffer, start, length);
                start = last + 1;
                return line;
            }
            if (end - start > LongestLine)
            {
                throw Malformed("A chunk does not start with its size.");
            }
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
            searched = end;
            var read = await inner.ReadAsync(buffer.AsMemory(end), ct).ConfigureAwait(false);
            if (read == 0)
            {
                return end == start ? null : throw Malformed("The body ended inside a line.");
            }
            end += read;
        }
    }

    private static Http.AwsException Malformed(string why) => new(400, "InvalidRequest", $"The aws-chunked body is malformed. {why}");

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            chunkHash.Dispose();
        }
        base.Dispose(disposing);
    }
}
