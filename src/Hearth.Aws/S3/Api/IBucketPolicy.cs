using Hearth.Aws.Iam.Access;
using Hearth.Aws.Iam.Policy;
using Hearth.Aws.S3.Storage;
using Hearth.Aws.Signing;

namespace Hearth.Aws.S3.Api;

/// <summary>Decides who may do what in which bucket.</summary>
public interface IBucketPolicy
{
    /// <summary>What is decided, and why not.</summary>
    /// <param name="caller">Who.</param>
    /// <param name="action">IAM action, for example <c>s3:GetObject</c>.</param>
    /// <param name="bucket">Which bucket; null for the list of buckets, which is then filtered by <c>s3:ListBucket</c>.</param>
    /// <param name="key">Which object; null for the bucket.</param>
    /// <param name="context">Further condition keys, for example <c>s3:prefix</c>; null for none.</param>
    AccessDecision Decide(AwsCredential caller, string action, string? bucket, string? key, RequestContext? context = null);

    /// <summary>Whether a caller may act.</summary>
    bool Allows(AwsCredential caller, string action, string? bucket, string? key) => Decide(caller, action, bucket, key).Allowed;
}

/// <summary>IAM's policies decide. A bucket belongs to the team that it is declared for, or whose member made it (key <c>hearth:team</c>).</summary>
/// <param name="access">The decisions.</param>
/// <param name="storage">Knows who made a bucket.</param>
/// <param name="declared">Team by bucket.</param>
public sealed class IamBucketPolicy(AccessControl access, ObjectStorage storage, IReadOnlyDictionary<string, string> declared) : IBucketPolicy
{
    /// <inheritdoc/>
    public AccessDecision Decide(AwsCredential caller, string action, string? bucket, string? key, RequestContext? context = null)
    {
        var resource = bucket is null ? "*" : key is null ? $"arn:aws:s3:::{bucket}" : $"arn:aws:s3:::{bucket}/{key}";
        var team = bucket is null ? null : declared.GetValueOrDefault(bucket) ?? storage.GetBucket(bucket)?.Team;
        return access.Decide(caller, action, resource, (context ?? RequestContext.Empty).With(Authorizer.TeamKey, team));
    }
}
