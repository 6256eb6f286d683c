namespace Hearth.Platform;

/// <summary>
/// The defaults that depend on other fields. The others are the initial values of the records' properties;
/// there is no third place.
/// </summary>
public static class PlatformDefaults
{
    /// <summary>Fills every name that was left out. Idempotent; never changes what was given.</summary>
    public static PlatformDeclaration Complete(PlatformDeclaration platform)
    {
        var network = Complete(platform.Network, platform.Region);
        return platform with
        {
            Network = network,
            NodePools = [.. platform.NodePools.Select(p => Complete(p, platform.Name))],
            Teams = [.. platform.Teams.Select(t => Complete(t, platform))],
            Monitoring = platform.Monitoring with
            {
                WorkspaceAlias = Or(platform.Monitoring.WorkspaceAlias, $"amp-ws-{platform.Name}"),
                EventLogBucket = Or(platform.Monitoring.EventLogBucket, $"{platform.Name}-emr-{platform.AccountId}-{platform.Region}"),
            },
        };
    }

    private static Network Complete(Network network, string region) =>
        network with
        {
            Zones = network.Zones.Count > 0 ? network.Zones : [$"{region}a", $"{region}b"],
        };

    private static NodePool Complete(NodePool pool, string platform) =>
        pool with
        {
            NodeClass = pool.NodeClass with
            {
                AmiAlias = Or(pool.NodeClass.AmiAlias, $"{pool.NodeClass.AmiFamily.ToLowerInvariant()}@latest"),
                Role = Or(pool.NodeClass.Role, AwsNames.KarpenterNodeRole(platform)),
            },
        };

    private static Team Complete(Team team, PlatformDeclaration platform)
    {
        var ns = Or(team.Namespace, $"emr-{team.Name}");
        return team with
        {
            Namespace = ns,
            VirtualCluster = Or(team.VirtualCluster, $"{platform.Name}-{ns}"),
            Bucket = Or(team.Bucket, $"{ns}-{platform.AccountId}-{platform.Region}"),
            LogGroup = Or(team.LogGroup, $"/emr-on-eks-logs/{platform.Name}/{ns}"),
            ExecutionRole = team.ExecutionRole with { Name = Or(team.ExecutionRole.Name, $"{platform.Name}-{ns}") },
        };
    }

    private static string Or(string given, string derived) => given.Length > 0 ? given : derived;
}
