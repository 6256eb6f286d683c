using System.Text.Json.Nodes;
using Hearth.Delivery.Cloud;
using Hearth.Platform;

namespace Hearth.Delivery.Teardown;

/// <summary>
/// What is still there after a teardown and may cost money: buckets that are kept on purpose, and anything that carries the platform's tags or those that
/// controllers put on what they make (load balancers, disks, instances).
/// </summary>
internal sealed class Leftovers(PlatformDeclaration platform, AwsCalls aws)
{
    private const string Bucket = "arn:aws:s3:::";

    /// <summary>One line each, with how to get rid of it where we know.</summary>
    public async Task<IReadOnlyList<string>> FindAsync(CancellationToken cancellation)
    {
        var tagged = new List<string>();
        foreach (var filter in (string[])
                 [
                     $"Key={StackNames.PlatformTag},Values={platform.Name}", $"Key=kubernetes.io/cluster/{platform.Name},Values=owned", $"Key=elbv2.k8s.aws/cluster,Values={platform.Name}",
                 ])
        {
            tagged.AddRange(await TaggedAsync(filter, cancellation).ConfigureAwait(false));
        }

        string[] known = [.. platform.Teams.Select(t => t.Bucket), platform.Monitoring.EventLogBucket, .. tagged.Where(IsBucket).Select(a => a[Bucket.Length..])];
        var left = new List<string>();
        foreach (var bucket in known.Distinct(StringComparer.Ordinal))
        {
            if (await aws.FindAsync(cancellation, "s3api", "get-bucket-location", "--bucket", bucket).ConfigureAwait(false) is not null)
            {
                left.Add($"bucket {bucket}: kept with its data; when nobody needs it: aws s3 rb s3://{bucket} --force");
            }
        }

        left.AddRange(tagged.Where(a => !IsBucket(a)).Distinct(StringComparer.Ordinal).Select(Explain));
        return left;
    }

    private static bool IsBucket(string arn) => arn.StartsWith(Bucket, StringComparison.Ordinal);

    private async Task<IEnumerable<string>> TaggedAsync(string filter, CancellationToken cancellation)
    {
        var found = await aws.FindAsync(cancellation, "resourcegroupstaggingapi", "get-resources", "--tag-filters", filter).ConfigureAwait(false);
        return (found?["ResourceTagMappingList"] as JsonArray ?? []).Select(r => r?["ResourceARN"]?.GetValue<string>() ?? "").Where(arn => arn.Length > 0);
    }

    private static string Explain(string arn) => arn switch
    {
        _ when arn.Contains(":kms:", StringComparison.Ordinal) => $"{arn}: waits thirty days for its deletion, free of charge",
        _ when arn.Contains(":logs:", StringComparison.Ordinal) => $"{arn}: costs what is stored in it until its retention takes it away",
        _ => $"{arn}: what was deleted a moment ago may still be told; look again in some minutes",
    };
}
