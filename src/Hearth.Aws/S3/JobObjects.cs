using Hearth.Aws.Iam.Access;
using Hearth.Aws.S3.Api;
using Hearth.Aws.S3.Storage;
using Hearth.Jobs.Storage;

namespace Hearth.Aws.S3;

/// <summary>Objects for the job controllers, straight from the store, with the rights of a job's execution role: those of its team.</summary>
/// <param name="storage">The objects.</param>
/// <param name="policy">Who may touch which bucket.</param>
/// <param name="access">Knows the roles.</param>
public sealed class JobObjects(ObjectStorage storage, IBucketPolicy policy, AccessControl access) : IObjectReader, IObjectWriter
{
    private static readonly string[] Schemes = ["s3", "s3a", "s3n"];

    /// <inheritdoc/>
    public Task<Stream> OpenAsync(Uri uri, string? roleArn, CancellationToken ct)
    {
        var (bucket, key) = Parse(uri);
        Check(roleArn, "s3:GetObject", bucket, key);
        return storage.Open(bucket, key) is { } opened
            ? Task.FromResult<Stream>(new OwningStream(opened))
            : throw new ObjectAccessException(ObjectAccessError.NotFound, storage.GetBucket(bucket) is null
                ? $"The bucket {bucket} does not exist."
                : $"There is no object s3://{bucket}/{key}.");
    }

    /// <inheritdoc/>
    public async Task PutAsync(Uri uri, Stream content, string contentType, string? roleArn, CancellationToken ct)
    {
        var (bucket, key) = Parse(uri);
        Check(roleArn, "s3:PutObject", bucket, key);
        try
        {
            await storage.PutAsync(bucket, key, content, contentType, condition: null, ct).ConfigureAwait(false);
        }
        catch (ObjectWriteException)
        {
            throw new ObjectAccessException(ObjectAccessError.NotFound, $"The bucket {bucket} does not exist.");
        }
    }

    private void Check(string? roleArn, string action, string bucket, string key)
    {
        if (roleArn is null)
        {
            return;
        }
        if (access.FindRole(roleArn) is not { } role)
        {
            throw new ObjectAccessException(ObjectAccessError.Denied, $"The role {roleArn} does not exist: it has no rights in S3.");
        }
        if (policy.Decide(access.CallerOf(role, "emr-containers"), action, bucket, key) is { Allowed: false } refused)
        {
            throw new ObjectAccessException(ObjectAccessError.Denied, $"The role {roleArn} is not authorized to perform {action} on s3://{bucket}/{key} {refused.Because}.");
        }
    }

    // Keys are taken as written: an S3 URI knows no percent encoding.
    private static (string Bucket, string Key) Parse(Uri uri)
    {
        var rest = uri.OriginalString[(uri.OriginalString.IndexOf("://", StringComparison.Ordinal) + 3)..];
        var slash = rest.IndexOf('/');
        return Schemes.Contains(uri.Scheme, StringComparer.Ordinal) && slash > 0 && slash < rest.Length - 1
            ? (rest[..slash], rest[(slash + 1)..])
            : throw new ObjectAccessException(ObjectAccessError.NotFound, $"{uri.OriginalString} is not of the form s3://bucket/key.");
    }

    private sealed class OwningStream(OpenObject opened) : RangeStream(opened.Handle, 0, opened.Info.Size)
    {
        private readonly OpenObject opened = opened;

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                opened.Dispose();
            }
            base.Dispose(disposing);
        }
    }
}
