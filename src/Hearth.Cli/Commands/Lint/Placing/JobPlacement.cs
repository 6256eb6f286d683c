using System.Globalization;
using Hearth.Cli.Commands.Lint.Reading;
using Hearth.Jobs.Driver.Scaling;
using Hearth.Jobs.Spark;
using Hearth.Kube.Core;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Provisioning;
using Hearth.Scheduling.Resources;
using Hearth.Platform;

namespace Hearth.Cli.Commands.Lint.Placing;

/// <summary>How many executors of a job the limits of the pools leave room for.</summary>
/// <param name="Wanted">What the job asks for at most.</param>
/// <param name="Placed">How many can run at the same time when no other job runs.</param>
internal sealed record Crowd(int Wanted, int Placed);

/// <summary>Where a job's pods could be on a platform with nothing else on it: the provisioner's own decision, asked ahead of time.</summary>
/// <param name="Nodes">The nodes that the platform could come to have.</param>
/// <param name="Roles">The driver, and one executor when there are any.</param>
/// <param name="Crowd">All executors together; null when their number is not known, or when one alone has no place.</param>
internal sealed record JobPlacement(PlatformNodes Nodes, IReadOnlyList<RolePlacement> Roles, Crowd? Crowd)
{
    /// <summary>More are not simulated: the answer would be the same.</summary>
    private const int MostExecutors = 2000;

    public static JobPlacement Of(PlatformDeclaration platform, JobPods pods, SparkConf conf)
    {
        var nodes = PlatformNodes.Of(platform);
        var wanted = Executors(conf);
        var roles = new List<RolePlacement>();
        foreach (var (role, pod) in new[] { (SparkRole.Driver, pods.Driver), (SparkRole.Executor, wanted == 0 ? null : pods.Executor) })
        {
            if (pod is not null)
            {
                roles.Add(RolePlacement.Of(role, JobPods.Typed(pod), nodes));
            }
        }

        var crowd = wanted > 0 && roles.Count == 2 && roles.All(r => r.Place is not null) ? CrowdOf(platform, nodes, JobPods.Typed(pods.Driver!), JobPods.Typed(pods.Executor!), wanted.Value) : null;
        return new JobPlacement(nodes, roles, crowd);
    }

    /// <summary>What the largest node of a pool or group has for pods, and its type.</summary>
    public (ResourceVector Free, string Type)? Largest(string place)
    {
        var daemons = Nodes.Daemons.Aggregate(ResourceVector.Zero, (sum, d) => sum + d.Requests);
        if (Nodes.Pools.FirstOrDefault(p => p.Pool.Name == place) is { Pool.Types: { Count: > 0 } types })
        {
            var largest = types.MaxBy(t => (t.Allocatable.Memory, t.Allocatable.MilliCpu))!;
            return ((largest.Allocatable - daemons).Floor(), largest.Type.Name);
        }

        return Nodes.Groups.FirstOrDefault(g => g.Group == place) is { } node ? (node.Free, node.Labels["node.kubernetes.io/instance-type"]) : null;
    }

    private static int? Executors(SparkConf conf)
    {
        try
        {
            var settings = AllocationSettings.Of(conf);
            var most = conf.Flag("spark.dynamicAllocation.enabled", false) ? conf.Int("spark.dynamicAllocation.maxExecutors", settings.Instances) : settings.Instances;
            return settings.IsLocal ? 0 : Math.Min(MostExecutors, Math.Max(settings.Instances, most));
        }
        catch (SparkConfException)
        {
            return null; // another rule says so
        }
    }

    private static Crowd CrowdOf(PlatformDeclaration platform, PlatformNodes nodes, Pod driver, Pod executor, int wanted)
    {
        var executors = Enumerable.Range(1, wanted).Select(i => PodInfo.From(Named(executor, $"executor-{i.ToString(CultureInfo.InvariantCulture)}")));
        var plan = ProvisioningPlanner.Plan(new ProvisioningRequest
        {
            Pods = [PodInfo.From(driver), .. executors],
            Pools = nodes.Pools,
            Nodes = [.. Present(platform, nodes)],
            Daemons = nodes.Daemons,
        });
        return new Crowd(wanted, wanted - plan.Unplaced.Count(u => u.Pod.Name.StartsWith("executor-", StringComparison.Ordinal)));
    }

    private static IEnumerable<ExistingNode> Present(PlatformDeclaration platform, PlatformNodes nodes) =>
        from @group in platform.NodeGroups.SelectMany(g => g.Expand(platform.Network.Zones))
        let zones = nodes.Groups.Where(n => n.Group == @group.Name).ToArray()
        where zones.Length > 0
        from i in Enumerable.Range(0, platform.IsEnabled("cluster-autoscaler") ? @group.MaxSize : @group.DesiredSize)
        let node = zones[i % zones.Length]
        select new ExistingNode(FormattableString.Invariant($"{node.Group}-{i}"), node.Labels, node.Taints, node.Free, true, []);

    private static Pod Named(Pod pod, string name) => pod with { Metadata = pod.Metadata with { Name = name, Uid = name } };
}
