using Hearth.Aws.S3.Storage;

namespace Hearth.Aws.S3.Api;

/// <summary>ListObjectVersions of buckets that never had versioning: each object has one version, <c>null</c>, and it is the latest.</summary>
internal static class VersionOperations
{
    private const string OnlyVersion = "null";

    public static Task ListAsync(S3Call call)
    {
        call.RequireBucket();
        var (marker, version) = (call.Query["key-marker"], call.Query["version-id-marker"]);
        if (!string.IsNullOrEmpty(version) && string.IsNullOrEmpty(marker))
        {
            throw S3Errors.InvalidArgument("version-id-marker", version, "A version-id marker cannot be specified without a key marker.");
        }
        var query = ListOperations.Query(call).Behind(marker);
        var page = call.Storage.List(call.Bucket, query);
        var xml = new XmlText().Open("ListVersionsResult", XmlText.S3Namespace)
            .Add("Name", call.Bucket).Add("Prefix", ListOperations.Encoded(call, query.Prefix))
            .Add("KeyMarker", ListOperations.Encoded(call, marker ?? "")).Add("VersionIdMarker", version ?? "")
            .Add("NextKeyMarker", page.IsTruncated ? ListOperations.Encoded(call, page.Last) : null)
            .Add("NextVersionIdMarker", page is { IsTruncated: true, LastIsPrefix: false } ? OnlyVersion : null)
            .Add("MaxKeys", query.MaxKeys).Add("Delimiter", ListOperations.Encoded(call, query.Delimiter))
            .Add("EncodingType", call.Query["encoding-type"]).Add("IsTruncated", page.IsTruncated);
        foreach (var item in page.Objects)
        {
            xml.Open("Version").Add("Key", ListOperations.Encoded(call, item.Key)).Add("VersionId", OnlyVersion).Add("IsLatest", true);
            ListOperations.AppendFacts(xml, item);
            xml.Owner(call).Add("StorageClass", "STANDARD").Close("Version");
        }
        ListOperations.AppendPrefixes(xml, call, page.CommonPrefixes);
        return call.XmlAsync(xml.Close("ListVersionsResult"));
    }
}
