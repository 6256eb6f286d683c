using System.Text.Json.Nodes;
using Hearth.Delivery.Cloud;
using Hearth.Platform;

namespace Hearth.Delivery.Teardown;

/// <summary>What is still there after a teardown and may cost money: buckets that are kept on purpose, and anything that carries the platform's tags.</summary>
internal sealed class Leftovers(PlatformDeclaration platform, AwsCalls aws)
{
    public async Task<IReadOnlyList<string>> FindAsync(CancellationToken cancellation)
    {
        var left = new List<string>();
        foreach (var bucket in platform.Teams.Select(t => t.Bucket).Append(platform.Monitoring.EventLogBucket).Distinct(StringComparer.Ordinal))
        {
            if (await aws.FindAsync(cancellation, "s3api", "get-bucket-location", "--bucket", bucket).ConfigureAwait(false) is not null)
            {
                left.Add($"bucket {bucket}: kept with its data; when nobody needs it: aws s3 rb s3://{bucket} --force");
            }
        }

        left.AddRange(await TaggedAsync($"Key={StackNames.PlatformTag},Values={platform.Name}", cancellation).ConfigureAwait(false));
        left.AddRange(await TaggedAsync($"Key=kubernetes.io/cluster/{platform.Name},Values=owned", cancellation).ConfigureAwait(false));
        return left;
    }

    private async Task<IEnumerable<string>> TaggedAsync(string filter, CancellationToken cancellation)
    {
        var found = await aws.FindAsync(cancellation, "resourcegroupstaggingapi", "get-resources", "--tag-filters", filter).ConfigureAwait(false);
        return (found?["ResourceTagMappingList"] as JsonArray ?? []).Select(r => r?["ResourceARN"]?.GetValue<string>() ?? "")
            .Where(arn => arn.Length > 0 && !arn.Contains(":s3:", StringComparison.Ordinal)).Select(Explain);
    }

    private static string Explain(string arn) => arn.Contains(":kms:", StringComparison.Ordinal) ? $"{arn}: waits thirty days for its deletion, free of charge" : arn;
}
