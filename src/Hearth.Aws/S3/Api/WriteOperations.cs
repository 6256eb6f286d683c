using System.Xml.Linq;
using Hearth.Aws.Http;
using Hearth.Aws.S3.Storage;

namespace Hearth.Aws.S3.Api;

/// <summary>PutObject, DeleteObject, DeleteObjects and tags.</summary>
internal static class WriteOperations
{
    private const int MostDeletes = 1000;

    public static async Task PutAsync(S3Call call)
    {
        call.RequireBucket();
        ObjectHeaders.RefuseUnsupported(call);
        var facts = ObjectHeaders.FromRequest(call);
        var condition = Condition(call);
        EarlyCheck(call, condition);
        var (staged, algorithm) = await BodyReceiver.ReceiveAsync(call).ConfigureAwait(false);
        await using (staged.ConfigureAwait(false))
        {
            facts = facts with
            {
                ETag = staged.Digests.ETag,
                ChecksumAlgorithm = staged.Digests.Checksum is null ? null : algorithm,
                Checksum = staged.Digests.Checksum is { } digest ? Convert.ToBase64String(digest) : null,
            };
            var info = await CommitAsync(call, staged, facts, condition).ConfigureAwait(false);
            call.Response.Headers.ETag = ETags.Quoted(info.ETag);
            ObjectHeaders.WriteChecksum(call, info.Metadata);
        }
        await call.EmptyAsync(200).ConfigureAwait(false);
    }

    public static async Task DeleteAsync(S3Call call)
    {
        call.RequireBucket();
        ReadOperations.RefuseVersion(call);
        var condition = call.Header("If-Match") is { } match ? new WriteCondition { IfMatch = ETags.Unquoted(match) } : null;
        await Translated(call, () => call.Storage.DeleteAsync(call.Bucket, call.Key, condition, call.Aborted)).ConfigureAwait(false);
        await call.EmptyAsync(204).ConfigureAwait(false);
    }

    public static async Task DeleteManyAsync(S3Call call)
    {
        call.RequireBucket();
        var document = await BodyReceiver.DocumentAsync(call).ConfigureAwait(false);
        if (document is null || document.Name.LocalName is not "Delete")
        {
            throw S3Errors.MalformedXml();
        }
        var quiet = Child(document, "Quiet") is "true";
        var items = document.Elements().Where(e => e.Name.LocalName is "Object").ToArray();
        if (items.Length is 0 or > MostDeletes)
        {
            throw S3Errors.MalformedXml();
        }
        var xml = new XmlText().Open("DeleteResult", XmlText.S3Namespace);
        foreach (var item in items)
        {
            var key = Child(item, "Key") ?? throw S3Errors.MalformedXml();
            var error = await DeleteOneAsync(call, key, item).ConfigureAwait(false);
            if (error is not null)
            {
                xml.Open("Error").Add("Key", key).Add("Code", error.Code).Add("Message", error.Message).Close("Error");
            }
            else if (!quiet)
            {
                xml.Open("Deleted").Add("Key", key).Close("Deleted");
            }
        }
        await call.XmlAsync(xml.Close("DeleteResult")).ConfigureAwait(false);
    }

    public static async Task PutTagsAsync(S3Call call)
    {
        call.RequireBucket();
        var document = await BodyReceiver.DocumentAsync(call).ConfigureAwait(false) ?? throw S3Errors.MalformedXml();
        var tags = Tagging.FromXml(document);
        _ = await call.Storage.UpdateAsync(call.Bucket, call.Key, facts => facts with { Tags = tags }, call.Aborted).ConfigureAwait(false)
            ?? throw S3Errors.NoSuchKey(call.Key);
        await call.EmptyAsync(200).ConfigureAwait(false);
    }

    public static Task GetTagsAsync(S3Call call)
    {
        call.RequireBucket();
        var info = call.Storage.Head(call.Bucket, call.Key) ?? throw S3Errors.NoSuchKey(call.Key);
        return call.XmlAsync(Tagging.ToXml(info.Metadata.Tags));
    }

    public static async Task DeleteTagsAsync(S3Call call)
    {
        call.RequireBucket();
        _ = await call.Storage.UpdateAsync(call.Bucket, call.Key, facts => facts with { Tags = ObjectMetadata.NoEntries }, call.Aborted).ConfigureAwait(false)
            ?? throw S3Errors.NoSuchKey(call.Key);
        await call.EmptyAsync(204).ConfigureAwait(false);
    }

    /// <summary>The condition that a write's headers set.</summary>
    public static WriteCondition Condition(S3Call call)
    {
        var (noneMatch, match) = (call.Header("If-None-Match"), call.Header("If-Match"));
        if (noneMatch is not (null or "*"))
        {
            throw AwsException.NotImplemented("If-None-Match with an ETag on a write", "Only If-None-Match: * is defined by S3.");
        }
        return new WriteCondition { IfAbsent = noneMatch is not null, IfMatch = match is null ? null : ETags.Unquoted(match) };
    }

    /// <summary>Commits staged bytes as the object of a call.</summary>
    public static async Task<ObjectInfo> CommitAsync(S3Call call, StagedObject staged, ObjectMetadata facts, WriteCondition condition)
    {
        ObjectInfo? info = null;
        await Translated(call, async () => info = await call.Storage.CommitAsync(
            staged, call.Bucket, call.Key, facts, condition, call.Aborted).ConfigureAwait(false)).ConfigureAwait(false);
        return info!;
    }

    /// <summary>Answers before the body is read when a condition cannot hold; it is checked again at the moment of the write.</summary>
    private static void EarlyCheck(S3Call call, WriteCondition condition)
    {
        if (condition.IfAbsent && call.Storage.Head(call.Bucket, call.Key) is not null)
        {
            throw S3Errors.PreconditionFailed("If-None-Match");
        }
    }

    private static async Task<AwsException?> DeleteOneAsync(S3Call call, string key, XElement item)
    {
        if (!call.Options.Policy.Allows(call.Request.Caller, "s3:DeleteObject", call.Bucket, key))
        {
            return S3Errors.AccessDenied(call.Request.Caller.PrincipalArn, "s3:DeleteObject", $"arn:aws:s3:::{call.Bucket}/{key}");
        }
        if (Child(item, "VersionId") is not (null or "null"))
        {
            return new AwsException(400, "NoSuchVersion", "The specified version does not exist: buckets here are not versioned.");
        }
        if (key.Length == 0 || key.Contains('\0'))
        {
            return new AwsException(400, "UserKeyMustBeSpecified", "The key of an object must be specified.");
        }
        try
        {
            var condition = Child(item, "ETag") is { } etag ? new WriteCondition { IfMatch = ETags.Unquoted(etag) } : null;
            await Translated(call, () => call.Storage.DeleteAsync(call.Bucket, key, condition, call.Aborted)).ConfigureAwait(false);
            return null;
        }
        catch (AwsException e)
        {
            return e;
        }
    }

    private static async Task Translated(S3Call call, Func<Task> write)
    {
        try
        {
            await write().ConfigureAwait(false);
        }
        catch (ObjectWriteException e)
        {
            throw e.Refusal switch
            {
                WriteRefusal.NoSuchKey => S3Errors.NoSuchKey(call.Key),
                WriteRefusal.NoSuchBucket => S3Errors.NoSuchBucket(call.Bucket),
                _ => S3Errors.PreconditionFailed(call.Header("If-None-Match") is null ? "If-Match" : "If-None-Match"),
            };
        }
        catch (PathTooLongException)
        {
            throw new AwsException(400, "KeyTooLongError", "Your key is too long: its path is longer than the file system allows.");
        }
    }

    private static string? Child(XElement element, string name) =>
        element.Elements().FirstOrDefault(e => string.Equals(e.Name.LocalName, name, StringComparison.Ordinal))?.Value;
}
