using System.Globalization;
using Hearth.Aws.Http;
using Hearth.Aws.S3.Checksums;
using Hearth.Aws.S3.Storage;

namespace Hearth.Aws.S3.Api;

/// <summary>Multipart uploads up to their completion.</summary>
internal static class UploadOperations
{
    /// <summary>Part numbers go from 1 to this.</summary>
    public const int MostParts = 10_000;

    public static Task CreateAsync(S3Call call)
    {
        call.RequireBucket();
        ObjectHeaders.RefuseUnsupported(call.Header);
        var named = call.Header("x-amz-checksum-algorithm");
        var algorithm = ChecksumNames.Parse(named);
        if (named is not null && algorithm is null)
        {
            throw S3Errors.InvalidRequest("Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]");
        }
        var type = ChecksumType(algorithm, call.Header("x-amz-checksum-type"));
        var facts = ObjectHeaders.FromRequest(call) with { ChecksumAlgorithm = algorithm };
        var record = call.Uploads.Create(call.Bucket, call.Key, facts, type);
        if (algorithm is { } known)
        {
            call.Response.Headers["x-amz-checksum-algorithm"] = known.Name();
            call.Response.Headers["x-amz-checksum-type"] = type;
        }
        return call.XmlAsync(new XmlText().Open("InitiateMultipartUploadResult", XmlText.S3Namespace)
            .Add("Bucket", call.Bucket).Add("Key", call.Key).Add("UploadId", record.UploadId).Close("InitiateMultipartUploadResult"));
    }

    public static async Task PartAsync(S3Call call)
    {
        call.RequireBucket();
        var record = Require(call);
        var number = PartNumber(call);
        if (ExpectedChecksum.Of(call)?.Algorithm is { } given && record.Metadata.ChecksumAlgorithm is { } wanted && given != wanted)
        {
            throw S3Errors.InvalidRequest(
                $"Checksum Type mismatch occurred, expected checksum Type: {wanted.Name().ToLowerInvariant()}, actual checksum Type: {given.Name().ToLowerInvariant()}");
        }
        var (staged, algorithm) = await BodyReceiver.ReceiveAsync(call, record.Metadata.ChecksumAlgorithm ?? ChecksumNames.Default).ConfigureAwait(false);
        await using (staged.ConfigureAwait(false))
        {
            var part = call.Uploads.AddPart(call.Bucket, record.UploadId, number, staged, algorithm) ?? throw S3Errors.NoSuchUpload(record.UploadId);
            call.Response.Headers.ETag = ETags.Quoted(part.ETag);
            if (part is { Algorithm: { } known, Checksum: { } digest })
            {
                call.Response.Headers[known.Header()] = Convert.ToBase64String(digest);
            }
        }
        await call.EmptyAsync(200).ConfigureAwait(false);
    }

    public static async Task PartCopyAsync(S3Call call)
    {
        call.RequireBucket();
        var record = Require(call);
        var number = PartNumber(call);
        using var source = CopySource.Open(call);
        var range = call.Header("x-amz-copy-source-range");
        var part = range is null ? new ByteRange(0, source.Info.Size) : ByteRange.OfCopy(range, source.Info.Size);
        if (part.Length > BodyReceiver.LargestPut)
        {
            throw S3Errors.InvalidRequest($"The specified copy source is larger than the maximum allowable size for a copy source: {BodyReceiver.LargestPut}");
        }
        var algorithm = record.Metadata.ChecksumAlgorithm ?? ChecksumNames.Default;
        var staged = await call.Storage.StageAsync(source.Stream(part.Offset, part.Length), part.Length, algorithm, sha256: false, call.Aborted).ConfigureAwait(false);
        await using (staged.ConfigureAwait(false))
        {
            var added = call.Uploads.AddPart(call.Bucket, record.UploadId, number, staged, algorithm) ?? throw S3Errors.NoSuchUpload(record.UploadId);
            var xml = new XmlText().Open("CopyPartResult", XmlText.S3Namespace)
                .Add("LastModified", S3Call.Iso(added.LastModified)).Add("ETag", ETags.Quoted(added.ETag));
            AppendChecksum(xml, added);
            await call.XmlAsync(xml.Close("CopyPartResult")).ConfigureAwait(false);
        }
    }

    public static async Task AbortAsync(S3Call call)
    {
        call.RequireBucket();
        using var held = await call.Uploads.HoldAsync(call.Query["uploadId"] ?? "", call.Aborted).ConfigureAwait(false);
        call.Uploads.Remove(call.Bucket, Require(call).UploadId);
        await call.EmptyAsync(204).ConfigureAwait(false);
    }

    /// <summary>The upload that a request names.</summary>
    public static UploadRecord Require(S3Call call)
    {
        var id = call.Query["uploadId"] ?? "";
        var record = call.Uploads.Find(call.Bucket, id);
        return record is not null && string.Equals(record.Key, call.Key, StringComparison.Ordinal) ? record : throw S3Errors.NoSuchUpload(id);
    }

    /// <summary>Checksum of a part as an element.</summary>
    public static void AppendChecksum(XmlText xml, UploadedPart part)
    {
        if (part is { Algorithm: { } algorithm, Checksum: { } digest })
        {
            xml.Add(algorithm.Element(), Convert.ToBase64String(digest));
        }
    }

    private static string? ChecksumType(ChecksumAlgorithm? algorithm, string? asked)
    {
        if (algorithm is null)
        {
            return asked is null ? null : throw S3Errors.InvalidRequest("The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.");
        }
        var type = asked?.ToUpperInvariant() ?? (algorithm == ChecksumAlgorithm.Crc64Nvme ? "FULL_OBJECT" : "COMPOSITE");
        var possible = type switch
        {
            "FULL_OBJECT" => algorithm.Value.IsCrc(),
            "COMPOSITE" => algorithm != ChecksumAlgorithm.Crc64Nvme,
            _ => throw S3Errors.InvalidRequest("Value for x-amz-checksum-type header is invalid."),
        };
        return possible
            ? type
            : throw S3Errors.InvalidRequest($"The {type} checksum type cannot be used with the {algorithm.Value.Name().ToLowerInvariant()} checksum algorithm.");
    }

    private static int PartNumber(S3Call call) =>
        int.TryParse(call.Query["partNumber"], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= MostParts
            ? number
            : throw S3Errors.InvalidArgument("partNumber", call.Query["partNumber"], "Part number must be an integer between 1 and 10000, inclusive");
}
