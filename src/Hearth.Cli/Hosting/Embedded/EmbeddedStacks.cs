using Hearth.Aws.CloudFormation;
using Hearth.Aws.Ec2;
using Hearth.Jobs.Model;
using Hearth.Jobs.Service;
using Hearth.Platform;
using Hearth.Platform.Jobs;

namespace Hearth.Cli.Hosting.Embedded;

/// <summary>The stacks of a declaration with what their outputs are on this platform. What only AWS has (a Studio, what Prometheus writes to) is not among them.</summary>
internal sealed class EmbeddedStacks(PlatformDeclaration platform, IJobService jobs, Uri kubernetes) : IDeclaredStacks
{
    private static readonly IReadOnlyList<string> Live = ["RUNNING"];

    public async Task<IReadOnlyList<DeclaredStack>> ListAsync(CancellationToken ct)
    {
        var clusters = await jobs.ListVirtualClustersAsync(new ListVirtualClustersRequest { States = Live, MaxResults = 500 }, ct).ConfigureAwait(false);
        var byNamespace = clusters.Items.Where(c => c.ContainerProvider.Info?.EksInfo?.Namespace is not null)
            .GroupBy(c => c.ContainerProvider.Info!.EksInfo!.Namespace!, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().Id, StringComparer.Ordinal);
        return
        [
            new(StackNames.Network(platform), "VPC, subnets, gateways, endpoints (simulated)", [new("VpcId", new Estate(platform).VpcId, "The VPC"), new("Region", platform.Region, "The region")]),
            new(StackNames.Cluster(platform), "The embedded cluster",
            [
                new("ClusterEndpoint", kubernetes.AbsoluteUri.TrimEnd('/'), "The Kubernetes API"),
                new("ConfigureKubectl", StackNames.KubectlCommand(platform), "How to point kubectl at the cluster"),
            ]),
            .. platform.Teams.Chunk(StackNames.TeamsEach).Select((teams, i) =>
                new DeclaredStack(StackNames.Teams(platform, i + 1), "Buckets, roles and virtual clusters of teams", [.. i == 0 ? Configurations() : [], .. teams.SelectMany(t => Team(t, byNamespace))])),
        ];
    }

    private IEnumerable<DeclaredOutput> Team(Team team, Dictionary<string, string> clusters)
    {
        if (clusters.GetValueOrDefault(team.Namespace) is { } id)
        {
            yield return new DeclaredOutput(StackNames.VirtualClusterOutput(team.Name), id, $"Virtual cluster of {team.Name}", team.Name);
        }

        yield return new DeclaredOutput(StackNames.ExecutionRoleOutput(team.Name), TeamClusters.RoleArn(platform, team), $"What jobs of {team.Name} run as", team.Name);
    }

    private IEnumerable<DeclaredOutput> Configurations()
    {
        var all = DefaultJobs.Embedded(platform);
        foreach (var name in DefaultJobs.Of(platform))
        {
            foreach (var file in PodTemplates.Of(name))
            {
                yield return new DeclaredOutput(StackNames.PodTemplateOutput(file), $"s3://{DefaultJobs.AssetBucket(platform)}/{DefaultJobs.PodTemplateKey(platform, file)}", $"Pod template {file}");
            }

            yield return new DeclaredOutput(StackNames.ConfigurationOutput(name), all[name].ToRequest().ToJsonString(), $"--configuration-overrides for {name} jobs");
        }
    }
}
