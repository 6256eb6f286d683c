using System.Globalization;
using Hearth.Aws.Http;
using Hearth.Aws.S3.Checksums;
using Hearth.Aws.S3.Storage;

namespace Hearth.Aws.S3.Api;

/// <summary>Multipart uploads up to their completion.</summary>
internal static class UploadOperations
{
    private const int MostParts = 10_000;

    public static Task CreateAsync(S3Call call)
    {
        call.RequireBucket();
        ObjectHeaders.RefuseUnsupported(call);
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
        var (staged, algorithm) = await BodyReceiver.ReceiveAsync(call, record.Metadata.ChecksumAlgorithm).ConfigureAwait(false);
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
        var bytes = ByteRange.Parse(range, source.Info.Size);
        if (range is not null && bytes is null)
        {
            throw S3Errors.InvalidArgument(
                "x-amz-copy-source-range", range,
                "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy");
        }
        var part = bytes ?? new ByteRange(0, source.Info.Size);
        var algorithm = record.Metadata.ChecksumAlgorithm;
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

    public static Task AbortAsync(S3Call call)
    {
        call.RequireBucket();
        var record = Require(call);
        return call.Uploads.Remove(call.Bucket, record.UploadId) ? call.EmptyAsync(204) : throw S3Errors.NoSuchUpload(record.UploadId);
    }

    public static Task ListPartsAsync(S3Call call)
    {
        call.RequireBucket();
        var record = Require(call);
        var (marker, most) = (call.Number("part-number-marker", 0, 0, MostParts), call.Number("max-parts", 1000, 1, 1000));
        var parts = call.Uploads.Parts(call.Bucket, record.UploadId).Where(p => p.Number > marker).Take(most + 1).ToArray();
        var truncated = parts.Length > most;
        var xml = new XmlText().Open("ListPartsResult", XmlText.S3Namespace)
            .Add("Bucket", call.Bucket).Add("Key", ListOperations.Encoded(call, call.Key)).Add("UploadId", record.UploadId)
            .Open("Initiator").Add("ID", call.Options.OwnerId).Close("Initiator").Open("Owner").Add("ID", call.Options.OwnerId).Close("Owner")
            .Add("StorageClass", "STANDARD").Add("PartNumberMarker", marker)
            .Add("NextPartNumberMarker", truncated ? parts[most - 1].Number : parts.Length == 0 ? 0 : parts[^1].Number)
            .Add("MaxParts", most).Add("IsTruncated", truncated)
            .Add("ChecksumAlgorithm", record.Metadata.ChecksumAlgorithm?.Name()).Add("ChecksumType", record.ChecksumType);
        foreach (var part in parts.Take(most))
        {
            xml.Open("Part").Add("PartNumber", part.Number).Add("LastModified", S3Call.Iso(part.LastModified)).Add("ETag", ETags.Quoted(part.ETag)).Add("Size", part.Size);
            AppendChecksum(xml, part);
            xml.Close("Part");
        }
        return call.XmlAsync(xml.Close("ListPartsResult"));
    }

    public static Task ListUploadsAsync(S3Call call)
    {
        call.RequireBucket();
        var (prefix, delimiter) = (call.Query["prefix"] ?? "", call.Query["delimiter"] ?? "");
        var (keyMarker, idMarker) = (call.Query["key-marker"] ?? "", call.Query["upload-id-marker"] ?? "");
        var most = call.Number("max-uploads", 1000, 1, 1000);
        var behind = call.Uploads.List(call.Bucket)
            .Where(u => u.Key.StartsWith(prefix, StringComparison.Ordinal) && IsBehind(u, keyMarker, idMarker)).ToArray();
        var rolled = behind.ToLookup(u => RolledUp(u.Key, prefix, delimiter) is not null);
        var plain = rolled[false].ToArray();
        var truncated = plain.Length > most;
        var xml = new XmlText().Open("ListMultipartUploadsResult", XmlText.S3Namespace)
            .Add("Bucket", call.Bucket).Add("KeyMarker", ListOperations.Encoded(call, keyMarker)).Add("UploadIdMarker", idMarker)
            .Add("NextKeyMarker", truncated ? ListOperations.Encoded(call, plain[most - 1].Key) : null)
            .Add("NextUploadIdMarker", truncated ? plain[most - 1].UploadId : null)
            .Add("Prefix", ListOperations.Encoded(call, prefix)).Add("Delimiter", ListOperations.Encoded(call, delimiter.Length == 0 ? null : delimiter))
            .Add("EncodingType", call.Query["encoding-type"]).Add("MaxUploads", most).Add("IsTruncated", truncated);
        foreach (var upload in plain.Take(most))
        {
            xml.Open("Upload").Add("Key", ListOperations.Encoded(call, upload.Key)).Add("UploadId", upload.UploadId)
                .Open("Initiator").Add("ID", call.Options.OwnerId).Close("Initiator").Open("Owner").Add("ID", call.Options.OwnerId).Close("Owner")
                .Add("StorageClass", "STANDARD").Add("Initiated", S3Call.Iso(upload.Initiated)).Close("Upload");
        }
        foreach (var common in rolled[true].Select(u => RolledUp(u.Key, prefix, delimiter)!).Distinct(StringComparer.Ordinal))
        {
            xml.Open("CommonPrefixes").Add("Prefix", ListOperations.Encoded(call, common)).Close("CommonPrefixes");
        }
        return call.XmlAsync(xml.Close("ListMultipartUploadsResult"));
    }

    /// <summary>The upload that a request names.</summary>
    public static UploadRecord Require(S3Call call)
    {
        var id = call.Query["uploadId"] ?? "";
        var record = call.Uploads.Find(call.Bucket, id);
        return record is not null && string.Equals(record.Key, call.Key, StringComparison.Ordinal) ? record : throw S3Errors.NoSuchUpload(id);
    }

    /// <summary>Checksum of a part as an element.</summary>
    private static void AppendChecksum(XmlText xml, UploadedPart part)
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
            return null;
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

    private static bool IsBehind(UploadRecord upload, string keyMarker, string idMarker)
    {
        var order = Utf8Order.Instance.Compare(upload.Key, keyMarker);
        return order > 0 || (order == 0 && idMarker.Length > 0 && string.CompareOrdinal(upload.UploadId, idMarker) > 0);
    }

    private static string? RolledUp(string key, string prefix, string delimiter)
    {
        var at = delimiter.Length == 0 ? -1 : key.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal);
        return at < 0 ? null : key[..(at + delimiter.Length)];
    }
}
