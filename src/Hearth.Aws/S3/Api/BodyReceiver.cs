using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Hearth.Aws.Http;
using Hearth.Aws.S3.Checksums;
using Hearth.Aws.S3.Storage;
using Hearth.Aws.Signing;
using Microsoft.AspNetCore.Http;

namespace Hearth.Aws.S3.Api;

/// <summary>Receives request bodies: decodes aws-chunked ones and checks length, signature, Content-MD5 and checksums.</summary>
internal static class BodyReceiver
{
    /// <summary>Largest object of one PUT and largest part or source of a copy, bytes.</summary>
    public const long LargestPut = 5L * 1024 * 1024 * 1024;
    private const int LargestDocument = 2 * 1024 * 1024;

    /// <summary>Receives an object's or part's bytes; what arrives is checked before this returns.</summary>
    /// <param name="call">The request.</param>
    /// <param name="fallback">Checksum to compute when the request brings none.</param>
    /// <param name="checksums">False when the checksum headers of the request speak of something else than its body.</param>
    public static async Task<(StagedObject Staged, ChecksumAlgorithm? Algorithm)> ReceiveAsync(
        S3Call call, ChecksumAlgorithm? fallback = null, bool checksums = true)
    {
        var expected = checksums ? ExpectedChecksum.Of(call) : null;
        var algorithm = expected?.Algorithm ?? fallback;
        var length = Length(call);
        if (length > LargestPut)
        {
            throw new AwsException(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size");
        }
        var payload = call.Request.Signature.PayloadHash;
        var chunked = PayloadMarkers.IsChunked(payload)
            ? new AwsChunkedStream(call.Request.Http.Request.Body, call.Request.Signature, DecodedLength(call))
            : null;
        await using var closing = (chunked ?? Stream.Null).ConfigureAwait(false);
        Stream body = chunked is null ? call.Request.Http.Request.Body : chunked;
        var staged = await ReadAsync(() => call.Storage.StageAsync(
            body, length, algorithm, PayloadMarkers.IsDigest(payload), call.Aborted)).ConfigureAwait(false);
        try
        {
            Check(call, staged.Digests, payload, expected, chunked);
            return (staged, algorithm);
        }
        catch
        {
            await staged.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Receives an XML document; null when the body is empty.</summary>
    /// <param name="call">The request.</param>
    /// <param name="checksums">False when the checksum headers speak of something else than the document.</param>
    public static async Task<XElement?> DocumentAsync(S3Call call, bool checksums = true)
    {
        if ((call.Request.Http.Request.ContentLength ?? 0) > LargestDocument)
        {
            throw S3Errors.MalformedXml();
        }
        var (staged, _) = await ReceiveAsync(call, checksums: checksums).ConfigureAwait(false);
        await using (staged.ConfigureAwait(false))
        {
            if (staged.Length == 0)
            {
                return null;
            }
            if (staged.Length > LargestDocument)
            {
                throw S3Errors.MalformedXml();
            }
            try
            {
                using var stream = new RangeStream(staged.Handle, 0, staged.Length);
                using var reader = XmlReader.Create(stream, new XmlReaderSettings
                {
                    DtdProcessing = DtdProcessing.Prohibit, CheckCharacters = false, IgnoreComments = true, XmlResolver = null,
                });
                return XElement.Load(reader);
            }
            catch (XmlException)
            {
                throw S3Errors.MalformedXml();
            }
        }
    }

    private static async Task<StagedObject> ReadAsync(Func<Task<StagedObject>> receive)
    {
        try
        {
            return await receive().ConfigureAwait(false);
        }
        catch (BadHttpRequestException)
        {
            throw new AwsException(400, "IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header");
        }
    }

    private static long Length(S3Call call)
    {
        var chunked = PayloadMarkers.IsChunked(call.Request.Signature.PayloadHash);
        var length = chunked ? DecodedLength(call) : call.Request.Http.Request.ContentLength;
        if (length is null && chunked)
        {
            throw new AwsException(411, "MissingContentLength", "You must provide the x-amz-decoded-content-length HTTP header.");
        }
        if (length is null && call.Header("Transfer-Encoding") is not null)
        {
            throw new AwsException(411, "MissingContentLength", "You must provide the Content-Length HTTP header.");
        }
        return length ?? 0;
    }

    private static long? DecodedLength(S3Call call) =>
        long.TryParse(call.Header("x-amz-decoded-content-length"), NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : null;

    private static void Check(S3Call call, StagedDigests digests, string payload, ExpectedChecksum? expected, AwsChunkedStream? chunked)
    {
        if (digests.Sha256 is { } sha && !string.Equals(Convert.ToHexStringLower(sha), payload, StringComparison.OrdinalIgnoreCase))
        {
            throw new AwsException(400, "XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed.");
        }
        if (call.Header("Content-MD5") is { } md5)
        {
            var given = new byte[16];
            if (!Convert.TryFromBase64String(md5, given, out var count) || count != given.Length)
            {
                throw new AwsException(400, "InvalidDigest", "The Content-MD5 you specified was invalid.");
            }
            if (!given.AsSpan().SequenceEqual(digests.Md5))
            {
                throw S3Errors.BadDigest("Content-MD5");
            }
        }
        if (expected is null || digests.Checksum is null)
        {
            return;
        }
        var value = expected.Value ?? chunked?.Trailers.GetValueOrDefault(expected.Algorithm.Header())
            ?? throw S3Errors.InvalidRequest($"The trailer {expected.Algorithm.Header()} was announced but did not come.");
        if (!string.Equals(value, Convert.ToBase64String(digests.Checksum), StringComparison.Ordinal))
        {
            throw S3Errors.BadDigest(expected.Algorithm.Name());
        }
    }
}
