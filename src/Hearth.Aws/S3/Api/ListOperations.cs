using System.Text;
using Hearth.Aws.Http;
using Hearth.Aws.S3.Checksums;
using Hearth.Aws.S3.Storage;

namespace Hearth.Aws.S3.Api;

/// <summary>ListObjects and ListObjectsV2.</summary>
internal static class ListOperations
{
    private const int LargestPage = 1000;

    public static Task V1Async(S3Call call)
    {
        call.RequireBucket();
        var (marker, delimiter) = (call.Query["marker"], NotEmpty(call.Query["delimiter"]));
        var query = Query(call).Behind(marker);
        var page = call.Storage.List(call.Bucket, query);
        var xml = Start(call, query, page).Add("Marker", Encoded(call, marker ?? ""));
        if (page.IsTruncated && delimiter is not null)
        {
            xml.Add("NextMarker", Encoded(call, page.Last));
        }
        AppendItems(xml, call, page, withOwner: true);
        return call.XmlAsync(xml.Close("ListBucketResult"));
    }

    public static Task V2Async(S3Call call)
    {
        call.RequireBucket();
        var (token, startAfter) = (call.Query["continuation-token"], NotEmpty(call.Query["start-after"]));
        var query = Query(call);
        query = string.IsNullOrEmpty(token) ? query with { After = startAfter } : Resume(query, token);
        var page = call.Storage.List(call.Bucket, query);
        var xml = Start(call, query, page)
            .Add("KeyCount", page.Objects.Count + page.CommonPrefixes.Count)
            .Add("ContinuationToken", token)
            .Add("NextContinuationToken", page.IsTruncated ? Token(page) : null)
            .Add("StartAfter", Encoded(call, startAfter));
        AppendItems(xml, call, page, withOwner: call.Query["fetch-owner"] is "true");
        return call.XmlAsync(xml.Close("ListBucketResult"));
    }

    /// <summary>URL-encodes a key when the client asked for that.</summary>
    public static string? Encoded(S3Call call, string? text) =>
        text is not null && call.Query["encoding-type"] is "url" ? PercentEncoding.Encode(text, keepSlash: true) : text;

    /// <summary>Goes on behind a key or, when it ends with the delimiter, behind that common prefix.</summary>
    public static ListQuery Behind(this ListQuery query, string? marker) => query with
    {
        After = NotEmpty(marker),
        AfterIsPrefix = query.Delimiter is not null && marker?.EndsWith(query.Delimiter, StringComparison.Ordinal) == true,
    };

    /// <summary>ETag, size and time of a listed object.</summary>
    public static void AppendFacts(XmlText xml, ObjectInfo item)
    {
        xml.Add("LastModified", S3Call.Iso(item.LastModified)).Add("ETag", ETags.Quoted(item.ETag));
        if (item.Metadata.ChecksumAlgorithm is { } algorithm)
        {
            xml.Add("ChecksumAlgorithm", algorithm.Name()).Add("ChecksumType", item.Metadata.ChecksumType);
        }
        xml.Add("Size", item.Size);
    }

    /// <summary>Common prefixes.</summary>
    public static void AppendPrefixes(XmlText xml, S3Call call, IReadOnlyList<string> prefixes)
    {
        foreach (var prefix in prefixes)
        {
            xml.Open("CommonPrefixes").Add("Prefix", Encoded(call, prefix)).Close("CommonPrefixes");
        }
    }

    /// <summary>What all listings of objects ask for.</summary>
    public static ListQuery Query(S3Call call)
    {
        if (call.Query["encoding-type"] is { } encoding and not "url")
        {
            throw S3Errors.InvalidArgument("encoding-type", encoding, "Invalid Encoding Method specified in Request");
        }
        return new ListQuery
        {
            Prefix = call.Query["prefix"] ?? "",
            Delimiter = NotEmpty(call.Query["delimiter"]),
            MaxKeys = call.Number("max-keys", LargestPage, 0, LargestPage),
        };
    }

    private static XmlText Start(S3Call call, ListQuery query, ListPage page) => new XmlText()
        .Open("ListBucketResult", XmlText.S3Namespace)
        .Add("Name", call.Bucket)
        .Add("Prefix", Encoded(call, query.Prefix))
        .Add("Delimiter", Encoded(call, query.Delimiter))
        .Add("MaxKeys", query.MaxKeys)
        .Add("EncodingType", call.Query["encoding-type"])
        .Add("IsTruncated", page.IsTruncated);

    private static void AppendItems(XmlText xml, S3Call call, ListPage page, bool withOwner)
    {
        foreach (var item in page.Objects)
        {
            xml.Open("Contents").Add("Key", Encoded(call, item.Key));
            AppendFacts(xml, item);
            if (withOwner)
            {
                xml.Owner(call);
            }
            xml.Add("StorageClass", "STANDARD").Close("Contents");
        }
        AppendPrefixes(xml, call, page.CommonPrefixes);
    }

    private static string Token(ListPage page) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes((page.LastIsPrefix ? "p" : "k") + page.Last)).Replace('+', '-').Replace('/', '_');

    private static ListQuery Resume(ListQuery query, string token)
    {
        var bytes = new byte[token.Length];
        if (!Convert.TryFromBase64String(token.Replace('-', '+').Replace('_', '/'), bytes, out var count) || count == 0 || bytes[0] is not ((byte)'p' or (byte)'k'))
        {
            throw S3Errors.InvalidArgument("continuation-token", token, "The continuation token provided is incorrect");
        }
        return query with { After = Encoding.UTF8.GetString(bytes, 1, count - 1), AfterIsPrefix = bytes[0] == 'p' };
    }

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
