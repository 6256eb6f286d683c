using Hearth.Aws.Http;
using Hearth.Aws.S3.Storage;

namespace Hearth.Aws.S3.Api;

/// <summary>The object that <c>x-amz-copy-source</c> names.</summary>
internal static class CopySource
{
    /// <summary>Opens the source of a copy after checking rights and the copy-source conditions.</summary>
    public static OpenObject Open(S3Call call)
    {
        var (bucket, key) = Parse(call.Header("x-amz-copy-source")!);
        call.RequireRight("s3:GetObject", bucket, key);
        if (call.Storage.GetBucket(bucket) is null)
        {
            throw S3Errors.NoSuchBucket(bucket);
        }
        var source = call.Storage.Open(bucket, key) ?? throw call.Missing(bucket, key);
        var outcome = ReadConditions.Evaluate(call.Header, "x-amz-copy-source-", source.Info, out var condition);
        if (outcome != ConditionOutcome.Proceed)
        {
            source.Dispose();
            throw S3Errors.PreconditionFailed("x-amz-copy-source-" + condition);
        }
        return source;
    }

    private static (string Bucket, string Key) Parse(string header)
    {
        var question = header.IndexOf("?versionId=", StringComparison.Ordinal);
        if (question >= 0 && header[(question + 11)..] is not "null")
        {
            throw S3Errors.InvalidArgument("x-amz-copy-source", header, "Invalid version id specified: buckets here are not versioned.");
        }
        var path = question < 0 ? header : header[..question];
        if (!PercentEncoding.TryDecode(path, plusIsSpace: false, out path))
        {
            throw S3Errors.InvalidArgument("x-amz-copy-source", header, "Copy Source must be UTF-8 text, URL-encoded.");
        }
        path = path.StartsWith('/') ? path[1..] : path;
        var slash = path.IndexOf('/');
        if (slash <= 0 || slash == path.Length - 1)
        {
            throw S3Errors.InvalidArgument("x-amz-copy-source", header, "Copy Source must mention the source bucket and key: sourcebucket/sourcekey");
        }
        return (path[..slash], path[(slash + 1)..]);
    }
}
