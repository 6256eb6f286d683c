namespace Hearth.Aws.Athena;

/// <summary>Places in S3.</summary>
internal static class S3Uri
{
    /// <summary>Bucket and key of <c>s3://bucket/key</c>; null when it is none. The key may be empty.</summary>
    public static (string Bucket, string Key)? Parse(string uri)
    {
        const string scheme = "s3://";
        if (!uri.StartsWith(scheme, StringComparison.Ordinal))
        {
            return null;
        }

        var rest = uri[scheme.Length..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var (bucket, key) = slash < 0 ? (rest, "") : (rest[..slash], rest[(slash + 1)..]);
        return bucket.Length == 0 ? null : (bucket, key);
    }
}
