using Hearth.Cluster.Controllers.Provisioning;
using Hearth.Cluster.Controllers.Scheduler;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Provisioning;
using Hearth.Scheduling.Resources;
using Nominations = Hearth.Cluster.Controllers.Provisioning.Nominations;

namespace Hearth.Cluster.Tests.Controllers;

/// <summary>What the plan says is what the cluster does: the same claims, and every pod gets its place.</summary>
public sealed class LiveEqualsPlanTests
{
    private static readonly BatchWindow Quick = new(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1));
    private static readonly string[] Requests = ["cpu=500m,memory=1Gi", "cpu=1,memory=2Gi", "cpu=2,memory=3Gi", "cpu=3,memory=20Gi", "cpu=6,memory=10Gi", "cpu=1200m,memory=15Gi"];
    private static readonly string?[] Selectors = [null, null, "team=a", "team=b", "karpenter.sh/capacity-type=on-demand", "topology.kubernetes.io/zone=us-west-2b"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_cluster_launches_what_the_planner_says_and_every_pod_is_bound(int seed)
    {
        var random = new Random(seed);
        await using var cluster = await ControllerCluster.CreateAsync();
        await cluster.PoolAsync("compute", "@family In c5d; @cpu In 4,8,16; karpenter.sh/capacity-type In spot,on-demand", labels: "team=a");
        await cluster.PoolAsync("memory", "@family In r5d; @cpu In 4,8,16; karpenter.sh/capacity-type In on-demand", labels: "team=b");
        await CreateAsync(cluster, random, "first", 40);
        var (client, informers, cloud, time, log) = (cluster.Client, cluster.Informers, cluster.Cloud, TimeProvider.System, ControllerCluster.Log);
        var scheduler = new PodScheduler(client, informers, time, log);
        var provisioner = new NodeProvisioner(client, informers, cloud, new Nominations(time), new KarpenterMetrics(), Quick, time, log);
        var lifecycle = new NodeClaimLifecycle(client, informers, cloud, new KarpenterMetrics(), time, log);
        var expected = await PlanAsync(cluster, []);

        // The scheduler starts when the claims are there: else it says which pods wait one after the other, and the provisioner may plan for some of them before the rest.
        var start = new TaskCompletionSource();
        cluster.Run(provisioner.RunAsync, lifecycle.RunAsync, async ct =>
        {
            await start.Task.WaitAsync(ct);
            await scheduler.RunAsync(ct);
        });
        var claims = await ControllerCluster.Until(() => client.ListAsync<NodeClaim>(null, ListOptions.All, default), c => c.Count == expected.Length && c.All(x => x.Status.IsInitialized()), $"{expected.Length} claims are initialised");
        claims.Select(Show).Order(StringComparer.Ordinal).ShouldBe(expected);
        start.SetResult();
        await AllBoundAsync(cluster);

        // A second round on nodes that are partly full: the scheduler takes what fits, the provisioner launches for the rest.
        await CreateAsync(cluster, random, "second", 15);
        await AllBoundAsync(cluster);
    }

    private static Task AllBoundAsync(ControllerCluster cluster) => ControllerCluster.Until(
        async () => string.Join(", ", (await cluster.Client.ListAsync<Pod>("default", ListOptions.All, default)).Where(p => p.Spec?.NodeName is null)
            .Select(p => $"{p.Metadata.Name}: {p.Status?.Conditions?.FirstOrDefault()?.Message}")),
        waiting => waiting.Length == 0, "all pods are bound");

    private static async Task CreateAsync(ControllerCluster cluster, Random random, string wave, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var name = $"{wave}-{i:00}";
            await cluster.PodAsync(name, Requests[random.Next(Requests.Length)], Selectors[random.Next(Selectors.Length)]);
            var waits = new Condition { Type = "PodScheduled", Status = "False", Reason = "Unschedulable", LastTransitionTime = DateTimeOffset.UtcNow };
            await cluster.Client.PatchAsync(
                new ObjectRef(Pod.Type, "default", name), KubePatch.Status(new() { ["conditions"] = Hearth.Cluster.Controllers.Conditions.ToJson([waits]) }), default);
        }
    }

    /// <summary>The planner's claims for every pod that has no node, from the objects themselves.</summary>
    private static async Task<string[]> PlanAsync(ControllerCluster cluster, IReadOnlyList<ExistingNode> nodes)
    {
        var pods = (await cluster.Client.ListAsync<Pod>("default", ListOptions.All, default)).Where(p => p.Spec?.NodeName is null).Select(p => PodInfo.From(p));
        var pools = new List<PoolState>();
        foreach (var pool in await cluster.Client.ListAsync<NodePool>(null, ListOptions.All, default))
        {
            var nodeClass = await cluster.Client.GetAsync<Ec2NodeClass>(null, pool.Metadata.Name!, default);
            pools.Add(new PoolState(PoolInfo.From(pool, cluster.Cloud.Describe(nodeClass), cluster.Cloud.Catalog), null, default, 0));
        }

        var plan = ProvisioningPlanner.Plan(new ProvisioningRequest { Pods = [.. pods], Pools = pools, Nodes = nodes });
        plan.Unplaced.ShouldBeEmpty();
        return [.. plan.Claims.Select(NodeClaimBuilder.Build).Select(Show).Order(StringComparer.Ordinal)];
    }

    private static string Show(NodeClaim claim) =>
        $"{claim.Metadata.Label(KarpenterLabels.NodePool)} {ResourceVector.From(claim.Spec!.Resources!.Requests)} "
        + string.Join("; ", claim.Spec.Requirements!.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => $"{r.Key} {r.Operator} {string.Join(',', (r.Values ?? []).Order(StringComparer.Ordinal))}"));
}
