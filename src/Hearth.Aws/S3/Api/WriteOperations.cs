using Hearth.Aws.Http;
using Hearth.Aws.S3.Checksums;
using Hearth.Aws.S3.Storage;

namespace Hearth.Aws.S3.Api;

/// <summary>PutObject, and what all writes share.</summary>
internal static class WriteOperations
{
    public static async Task PutAsync(S3Call call)
    {
        call.RequireBucket();
        ObjectHeaders.RefuseUnsupported(call.Header);
        var facts = ObjectHeaders.FromRequest(call);
        var condition = Condition(call);
        EarlyCheck(call, condition);
        var (staged, algorithm) = await BodyReceiver.ReceiveAsync(call, ChecksumNames.Default).ConfigureAwait(false);
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

    /// <summary>The condition that a write's headers set.</summary>
    public static WriteCondition Condition(S3Call call)
    {
        var (noneMatch, match) = (call.Header("If-None-Match"), call.Header("If-Match"));
        if (noneMatch is not (null or "*"))
        {
            throw AwsException.NotImplemented("If-None-Match with an ETag on a write", "Only If-None-Match: * is defined by S3.");
        }
        if (noneMatch is not null && match is not null)
        {
            throw AwsException.NotImplemented("If-Match together with If-None-Match on a write", "Send one of the two.");
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
    public static void EarlyCheck(S3Call call, WriteCondition condition)
    {
        if (condition.IfAbsent && call.Storage.Head(call.Bucket, call.Key) is not null)
        {
            throw S3Errors.PreconditionFailed("If-None-Match");
        }
    }

    /// <summary>Turns refusals of the store into S3's errors.</summary>
    public static async Task Translated(S3Call call, Func<Task> write)
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
}
