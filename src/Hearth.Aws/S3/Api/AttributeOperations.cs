using System.Globalization;
using Hearth.Aws.S3.Checksums;
using Hearth.Aws.S3.Storage;

namespace Hearth.Aws.S3.Api;

/// <summary>GetObjectAttributes: facts of an object without its bytes.</summary>
internal static class AttributeOperations
{
    private const string Header = "x-amz-object-attributes";
    private static readonly string[] Known = ["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"];

    public static Task GetAsync(S3Call call)
    {
        call.RequireBucket();
        ReadOperations.RefuseVersion(call);
        var wanted = Wanted(call);
        var info = call.Storage.Head(call.Bucket, call.Key) ?? throw call.Missing(call.Bucket, call.Key);
        call.Response.Headers.LastModified = info.LastModified.UtcDateTime.ToString("r", CultureInfo.InvariantCulture);
        var xml = new XmlText().Open("GetObjectAttributesResponse", XmlText.S3Namespace).Add("ETag", wanted.Contains("ETag") ? info.ETag : null);
        if (wanted.Contains("Checksum") && info.Metadata is { ChecksumAlgorithm: { } algorithm, Checksum: { } checksum })
        {
            xml.Open("Checksum").Add(algorithm.Element(), checksum).Add("ChecksumType", info.Metadata.ChecksumType).Close("Checksum");
        }
        if (wanted.Contains("ObjectParts") && info.Metadata.PartSizes is { } sizes)
        {
            AppendParts(xml, call, info.Metadata, sizes);
        }
        xml.Add("StorageClass", wanted.Contains("StorageClass") ? "STANDARD" : null);
        if (wanted.Contains("ObjectSize"))
        {
            xml.Add("ObjectSize", info.Size);
        }
        return call.XmlAsync(xml.Close("GetObjectAttributesResponse"));
    }

    private static HashSet<string> Wanted(S3Call call)
    {
        var wanted = (call.Header(Header) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (wanted.Length == 0)
        {
            throw S3Errors.InvalidRequest($"The {Header} header specifying the attributes to be retrieved is either missing or empty");
        }
        var unknown = Array.Find(wanted, w => !Known.Contains(w, StringComparer.Ordinal));
        return unknown is null ? new(wanted, StringComparer.Ordinal) : throw S3Errors.InvalidArgument(Header, unknown, "Invalid attribute name specified.");
    }

    /// <summary>S3 lists the parts themselves only for objects that were uploaded with a checksum of each part.</summary>
    private static void AppendParts(XmlText xml, S3Call call, ObjectMetadata facts, IReadOnlyList<long> sizes)
    {
        xml.Open("ObjectParts").Add("PartsCount", sizes.Count);
        if (facts is { PartChecksums: { } checksums, ChecksumAlgorithm: { } algorithm })
        {
            var (marker, most) = (Number(call, "x-amz-part-number-marker", 0), Math.Min(Number(call, "x-amz-max-parts", 1000), 1000));
            var last = Math.Min(sizes.Count, marker + most);
            xml.Add("PartNumberMarker", marker).Add("NextPartNumberMarker", last).Add("MaxParts", most).Add("IsTruncated", last < sizes.Count);
            for (var i = marker; i < last; i++)
            {
                xml.Open("Part").Add(algorithm.Element(), checksums[i]).Add("PartNumber", i + 1).Add("Size", sizes[i]).Close("Part");
            }
        }
        xml.Close("ObjectParts");
    }

    private static int Number(S3Call call, string header, int missing)
    {
        var text = call.Header(header);
        return text is null
            ? missing
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value <= 10_000
                ? value
                : throw S3Errors.InvalidArgument(header, text, $"Provided {header} not an integer or within integer range");
    }
}
