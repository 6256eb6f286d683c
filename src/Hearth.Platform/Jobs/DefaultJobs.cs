using Hearth.Platform.Text;

namespace Hearth.Platform.Jobs;

/// <summary>
/// The default job configurations of a platform: one for each kind of nodes (label <c>role</c>) that it declares, with its log group and its pod
/// templates in the assets bucket. Pure.
/// </summary>
public static class DefaultJobs
{
    private const string Role = "role";
    private const int MostBucketCharacters = 63;

    /// <summary>All that there are.</summary>
    public static IReadOnlyList<string> Names { get; } = ["critical", "notebook", "shared"];

    /// <summary>Days that their logs are kept.</summary>
    public const int LogRetentionDays = 7;

    /// <summary>Those whose nodes are declared.</summary>
    public static IReadOnlyList<string> Of(PlatformDeclaration platform)
    {
        var roles = platform.NodeGroups.Select(g => g.Labels).Concat(platform.NodePools.Select(p => p.Labels)).Select(l => l.GetValueOrDefault(Role)).ToHashSet(StringComparer.Ordinal);
        return [.. Names.Where(roles.Contains)];
    }

    /// <summary>Beginning of the log groups' names.</summary>
    public static string LogGroupPrefix(PlatformDeclaration platform) => $"/aws/emr-containers/{platform.Name}/";

    /// <summary>The log groups of the configurations that there are.</summary>
    public static IReadOnlyList<string> LogGroups(PlatformDeclaration platform) => [.. Of(platform).Select(n => $"{LogGroupPrefix(platform)}{n}")];

    /// <summary>The embedded platform's bucket of pod templates. On AWS they lie in the CDK's own, under names made from their content.</summary>
    public static string AssetBucket(PlatformDeclaration platform) =>
        ShortName.Of($"{platform.Name.ToLowerInvariant()}-emr-eks-assets-{platform.AccountId}-{platform.Region}", MostBucketCharacters);

    /// <summary>Key of a pod template in <see cref="AssetBucket"/>.</summary>
    public static string PodTemplateKey(PlatformDeclaration platform, string name) => $"{platform.Name}/pod-template/{name}";

    /// <summary>The configurations as the embedded platform has them.</summary>
    public static JobConfigurations Embedded(PlatformDeclaration platform) =>
        new(name => $"s3://{AssetBucket(platform)}/{PodTemplateKey(platform, name)}", LogGroupPrefix(platform));
}
