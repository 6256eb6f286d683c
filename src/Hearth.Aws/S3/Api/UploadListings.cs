using Hearth.Aws.S3.Checksums;
using Hearth.Aws.S3.Storage;

namespace Hearth.Aws.S3.Api;

/// <summary>ListParts and ListMultipartUploads.</summary>
internal static class UploadListings
{
    private const int LargestPage = 1000;

    public static Task PartsAsync(S3Call call)
    {
        call.RequireBucket();
        var record = UploadOperations.Require(call);
        var (marker, most) = (call.Number("part-number-marker", 0, 0, UploadOperations.MostParts), call.Number("max-parts", LargestPage, 0, LargestPage));
        var parts = call.Uploads.Parts(call.Bucket, record.UploadId).Where(p => p.Number > marker).Take(most + 1).ToArray();
        var page = parts.Take(most).ToArray();
        var xml = new XmlText().Open("ListPartsResult", XmlText.S3Namespace)
            .Add("Bucket", call.Bucket).Add("Key", ListOperations.Encoded(call, call.Key)).Add("UploadId", record.UploadId)
            .Owner(call, "Initiator").Owner(call)
            .Add("StorageClass", "STANDARD").Add("PartNumberMarker", marker)
            .Add("NextPartNumberMarker", page.Length == 0 ? 0 : page[^1].Number)
            .Add("MaxParts", most).Add("IsTruncated", parts.Length > most)
            .Add("ChecksumAlgorithm", record.Metadata.ChecksumAlgorithm?.Name()).Add("ChecksumType", record.ChecksumType);
        foreach (var part in page)
        {
            xml.Open("Part").Add("PartNumber", part.Number).Add("LastModified", S3Call.Iso(part.LastModified)).Add("ETag", ETags.Quoted(part.ETag)).Add("Size", part.Size);
            UploadOperations.AppendChecksum(xml, part);
            xml.Close("Part");
        }
        return call.XmlAsync(xml.Close("ListPartsResult"));
    }

    public static Task UploadsAsync(S3Call call)
    {
        call.RequireBucket();
        var query = ListOperations.Query(call);
        var (keyMarker, idMarker) = (call.Query["key-marker"] ?? "", call.Query["upload-id-marker"] ?? "");
        var most = call.Number("max-uploads", LargestPage, 0, LargestPage);
        var entries = Entries(call.Uploads.List(call.Bucket), query, keyMarker, idMarker).Take(most + 1).ToArray();
        var page = entries.Take(most).ToArray();
        var truncated = most > 0 && entries.Length > most;
        var xml = new XmlText().Open("ListMultipartUploadsResult", XmlText.S3Namespace)
            .Add("Bucket", call.Bucket).Add("KeyMarker", ListOperations.Encoded(call, keyMarker)).Add("UploadIdMarker", idMarker)
            .Add("NextKeyMarker", truncated ? ListOperations.Encoded(call, page[^1].Name) : null)
            .Add("NextUploadIdMarker", truncated ? page[^1].Upload?.UploadId ?? "" : null)
            .Add("Prefix", ListOperations.Encoded(call, query.Prefix)).Add("Delimiter", ListOperations.Encoded(call, query.Delimiter))
            .Add("EncodingType", call.Query["encoding-type"]).Add("MaxUploads", most).Add("IsTruncated", truncated);
        foreach (var upload in page.Select(e => e.Upload).OfType<UploadRecord>())
        {
            xml.Open("Upload").Add("Key", ListOperations.Encoded(call, upload.Key)).Add("UploadId", upload.UploadId)
                .Owner(call, "Initiator").Owner(call).Add("StorageClass", "STANDARD").Add("Initiated", S3Call.Iso(upload.Initiated))
                .Add("ChecksumAlgorithm", upload.Metadata.ChecksumAlgorithm?.Name()).Add("ChecksumType", upload.ChecksumType).Close("Upload");
        }
        ListOperations.AppendPrefixes(xml, call, [.. page.Where(e => e.Upload is null).Select(e => e.Name)]);
        return call.XmlAsync(xml.Close("ListMultipartUploadsResult"));
    }

    /// <summary>Uploads and common prefixes behind the markers, in order; of a common prefix the upload is null.</summary>
    private static IEnumerable<(string Name, UploadRecord? Upload)> Entries(
        IEnumerable<UploadRecord> uploads, ListQuery query, string keyMarker, string idMarker)
    {
        string? last = null;
        foreach (var upload in uploads.Where(u => u.Key.StartsWith(query.Prefix, StringComparison.Ordinal)))
        {
            var at = query.Delimiter is null ? -1 : upload.Key.IndexOf(query.Delimiter, query.Prefix.Length, StringComparison.Ordinal);
            var common = at < 0 ? null : upload.Key[..(at + query.Delimiter!.Length)];
            var order = Utf8Order.Instance.Compare(common ?? upload.Key, keyMarker);
            var behind = order > 0 || (order == 0 && common is null && idMarker.Length > 0 && string.CompareOrdinal(upload.UploadId, idMarker) > 0);
            if (behind && (common is null || !string.Equals(common, last, StringComparison.Ordinal)))
            {
                yield return (common ?? upload.Key, common is null ? upload : null);
            }
            last = common ?? last;
        }
    }
}
