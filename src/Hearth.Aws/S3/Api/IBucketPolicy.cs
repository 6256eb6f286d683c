using Hearth.Aws.S3.Storage;
using Hearth.Aws.Signing;

namespace Hearth.Aws.S3.Api;

/// <summary>Decides who may do what in which bucket.</summary>
public interface IBucketPolicy
{
    /// <summary>Whether a caller may act.</summary>
    /// <param name="caller">Who.</param>
    /// <param name="action">IAM action, for example <c>s3:GetObject</c>.</param>
    /// <param name="bucket">Which bucket; null for the list of buckets, which is then filtered by <c>s3:ListBucket</c>.</param>
    /// <param name="key">Which object; null for the bucket.</param>
    bool Allows(AwsCredential caller, string action, string? bucket, string? key);
}

/// <summary>The administrator may do everything; a team everything in its own buckets: those declared for it and those it made.</summary>
/// <param name="storage">Knows who made a bucket.</param>
/// <param name="declared">Team by bucket.</param>
public sealed class TeamBucketPolicy(ObjectStorage storage, IReadOnlyDictionary<string, string> declared) : IBucketPolicy
{
    /// <inheritdoc/>
    public bool Allows(AwsCredential caller, string action, string? bucket, string? key)
    {
        if (caller.IsAdmin || bucket is null)
        {
            return true;
        }
        if (declared.TryGetValue(bucket, out var team))
        {
            return string.Equals(team, caller.Team, StringComparison.Ordinal);
        }
        return storage.GetBucket(bucket) is { } existing
            ? string.Equals(existing.Team, caller.Team, StringComparison.Ordinal)
            : action is "s3:CreateBucket" or "s3:ListBucket";
    }
}
