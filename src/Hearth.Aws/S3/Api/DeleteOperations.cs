using System.Xml.Linq;
using Hearth.Aws.Http;
using Hearth.Aws.S3.Checksums;
using Hearth.Aws.S3.Storage;

namespace Hearth.Aws.S3.Api;

/// <summary>DeleteObject and DeleteObjects.</summary>
internal static class DeleteOperations
{
    private const int MostDeletes = 1000;

    // Conditions that S3 knows for directory buckets only.
    private static readonly string[] OtherConditions = ["x-amz-if-match-last-modified-time", "x-amz-if-match-size"];

    public static async Task OneAsync(S3Call call)
    {
        call.RequireBucket();
        ReadOperations.RefuseVersion(call);
        if (Array.Find(OtherConditions, h => call.Header(h) is not null) is { } unknown)
        {
            throw AwsException.NotImplemented($"the condition {unknown}", "Use If-Match with the object's ETag.");
        }
        var condition = call.Header("If-Match") is { } match ? new WriteCondition { IfMatch = ETags.Unquoted(match) } : null;
        await WriteOperations.Translated(call, () => call.Storage.DeleteAsync(call.Bucket, call.Key, condition, call.Aborted)).ConfigureAwait(false);
        await call.EmptyAsync(204).ConfigureAwait(false);
    }

    public static async Task ManyAsync(S3Call call)
    {
        call.RequireBucket();
        if (call.Header("Content-MD5") is null && call.Header("x-amz-trailer") is null && !ChecksumNames.All.Any(a => call.Header(a.Header()) is not null))
        {
            throw S3Errors.InvalidRequest("Missing required header for this request: Content-MD5 OR x-amz-checksum-*");
        }
        var document = await BodyReceiver.DocumentAsync(call).ConfigureAwait(false);
        var items = Items(document);
        var quiet = string.Equals(document!.Child("Quiet"), "true", StringComparison.OrdinalIgnoreCase);
        var xml = new XmlText().Open("DeleteResult", XmlText.S3Namespace);
        foreach (var (key, item) in items)
        {
            var error = await DeleteAsync(call, key, item).ConfigureAwait(false);
            var version = item.Child("VersionId");
            if (error is not null)
            {
                xml.Open("Error").Add("Key", key).Add("VersionId", version).Add("Code", error.Code).Add("Message", error.Message).Close("Error");
            }
            else if (!quiet)
            {
                xml.Open("Deleted").Add("Key", key).Add("VersionId", version).Close("Deleted");
            }
        }
        await call.XmlAsync(xml.Close("DeleteResult")).ConfigureAwait(false);
    }

    /// <summary>The whole document is read before anything is deleted.</summary>
    private static (string Key, XElement Item)[] Items(XElement? document)
    {
        if (document is null || document.Name.LocalName is not "Delete")
        {
            throw S3Errors.MalformedXml();
        }
        var items = document.Elements().Where(e => e.Name.LocalName is "Object").ToArray();
        return items.Length is 0 or > MostDeletes
            ? throw S3Errors.MalformedXml()
            : [.. items.Select(item => (item.Child("Key") ?? throw S3Errors.MalformedXml(), item))];
    }

    private static async Task<AwsException?> DeleteAsync(S3Call call, string key, XElement item)
    {
        if (call.Options.Policy.Decide(call.Request.Caller, "s3:DeleteObject", call.Bucket, key) is { Allowed: false } refused)
        {
            return S3Errors.AccessDenied(call.Request.Caller.PrincipalArn, "s3:DeleteObject", $"arn:aws:s3:::{call.Bucket}/{key}", refused.Because);
        }
        if (item.Child("VersionId") is not (null or "null"))
        {
            return new AwsException(400, "NoSuchVersion", "The specified version does not exist: buckets here are not versioned.");
        }
        if (item.Child("LastModifiedTime") is not null || item.Child("Size") is not null)
        {
            return AwsException.NotImplemented("deletion by time or size", "Name the object's ETag.");
        }
        if (key.Length == 0)
        {
            return new AwsException(400, "UserKeyMustBeSpecified", "The key of an object must be specified.");
        }
        try
        {
            S3Address.Check(key);
            var condition = item.Child("ETag") is { } etag ? new WriteCondition { IfMatch = ETags.Unquoted(etag) } : null;
            await WriteOperations.Translated(call, () => call.Storage.DeleteAsync(call.Bucket, key, condition, call.Aborted)).ConfigureAwait(false);
            return null;
        }
        catch (AwsException e)
        {
            return e;
        }
    }
}
