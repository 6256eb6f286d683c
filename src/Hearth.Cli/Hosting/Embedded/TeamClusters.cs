using Hearth.Jobs.Access;
using Hearth.Jobs.Model;
using Hearth.Jobs.Service;
using Hearth.Platform;

namespace Hearth.Cli.Hosting.Embedded;

/// <summary>Each declared team's rights in its namespace and its virtual cluster.</summary>
internal sealed class TeamClusters(PlatformDeclaration platform, IJobService jobs)
{
    private static readonly IReadOnlyList<string> Live = ["RUNNING"];

    /// <summary>The role's ARN as AWS would have it.</summary>
    public static string RoleArn(PlatformDeclaration platform, Team team) => $"arn:aws:iam::{platform.AccountId}:role/{team.ExecutionRole.Name}";

    /// <summary>What a team's jobs need in its namespace.</summary>
    public static IReadOnlyList<AccessObject> Access(PlatformDeclaration platform, Team team) =>
        TeamAccess.Objects(team.Namespace, RoleArn(platform, team), platform.AccountId);

    /// <summary>Makes the virtual clusters that are missing.</summary>
    public async Task EnsureAsync(CancellationToken ct)
    {
        var known = await jobs.ListVirtualClustersAsync(new ListVirtualClustersRequest { States = Live, MaxResults = 500 }, ct).ConfigureAwait(false);
        var namespaces = known.Items.Select(c => c.ContainerProvider.Info?.EksInfo?.Namespace).ToHashSet(StringComparer.Ordinal);
        foreach (var team in platform.Teams.Where(t => !namespaces.Contains(t.Namespace)))
        {
            var request = new CreateVirtualClusterRequest
            {
                Name = team.VirtualCluster,
                ContainerProvider = new ContainerProvider { Type = "EKS", Id = platform.Name, Info = new ContainerInfo { EksInfo = new EksInfo { Namespace = team.Namespace } } },
                ClientToken = $"platform-{team.Namespace}-{Guid.NewGuid():N}",
                Tags = new Dictionary<string, string>(StringComparer.Ordinal) { ["team"] = team.Name },
            };
            await jobs.CreateVirtualClusterAsync(request, new JobCaller($"arn:aws:iam::{platform.AccountId}:user/hearth-admin"), ct).ConfigureAwait(false);
        }
    }
}
