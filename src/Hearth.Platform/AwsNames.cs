using Hearth.Platform.Text;

namespace Hearth.Platform;

/// <summary>Names on AWS that templates and what is installed in the cluster must agree on. Pure.</summary>
public static class AwsNames
{
    /// <summary>IAM takes no longer role name.</summary>
    public const int LongestRole = 64;

    private const int LongestQueue = 80;

    /// <summary><c>aws</c>, <c>aws-cn</c> or <c>aws-us-gov</c>, which the region's name tells.</summary>
    public static string Partition(string region) => region switch
    {
        _ when region.StartsWith("cn-", StringComparison.Ordinal) => "aws-cn",
        _ when region.StartsWith("us-gov-", StringComparison.Ordinal) => "aws-us-gov",
        _ => "aws",
    };

    /// <summary>The role of an add-on: <c>&lt;cluster&gt;-&lt;what&gt;</c>. In a long name the cluster gives way to a mark of the whole, so that two stay different.</summary>
    /// <param name="cluster">The cluster's name, which is the platform's.</param>
    /// <param name="what">As <c>amp-ingest</c>.</param>
    public static string Role(string cluster, string what) => ShortName.Of($"{cluster}-{what}", LongestRole);

    /// <summary>The queue that tells Karpenter of interruptions.</summary>
    public static string InterruptionQueue(string cluster) => ShortName.Of($"karpenter-{cluster}", LongestQueue);

    /// <summary>What Karpenter's nodes run as, unless a node class names another role.</summary>
    public static string KarpenterNodeRole(string cluster) => ShortName.Of($"karpenter-{cluster}", LongestRole);
}
