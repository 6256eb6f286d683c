using Hearth.Cluster.Controllers;
using Hearth.Cluster.Controllers.Disruption;
using Hearth.Cluster.Controllers.Ledger;
using Hearth.Cluster.Controllers.NodeGroups;
using Hearth.Cluster.Controllers.Provisioning;
using Hearth.Cluster.Controllers.Scheduler;
using Hearth.Cluster.Controllers.Simulation;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Platform;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Pricing;

using NodePool = Hearth.Scheduling.Karpenter.NodePool;

namespace Hearth.Cluster.Tests.Controllers;

public sealed class NodeProvisioningTests
{
    private const string Compute = "@family In c5d; @cpu In 4,8,16,36; karpenter.sh/capacity-type In spot,on-demand";
    private static readonly BatchWindow Quick = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(1));

    private static readonly DisruptionOptions QuickDisruption = new() { Poll = TimeSpan.FromMilliseconds(200), Validation = TimeSpan.FromMilliseconds(50) };

    internal static async Task<ControllerCluster> StartAsync(SimulatedCloudOptions? options = null, params NodeGroup[] groups)
    {
        var cluster = await ControllerCluster.CreateAsync(options);
        var (client, informers, cloud, time, log) = (cluster.Client, cluster.Informers, cluster.Cloud, TimeProvider.System, ControllerCluster.Log);
        var nominations = new Nominations(time, TimeSpan.FromMilliseconds(100));
        var metrics = new KarpenterMetrics();
        cluster.Run(
            new PodScheduler(client, informers, time, log).RunAsync,
            new NodeProvisioner(client, informers, cloud, nominations, metrics, Quick, time, log).RunAsync,
            new NodeClaimLifecycle(client, informers, cloud, new KarpenterMetrics(), time, log).RunAsync,
            new PoolStatusController(client, informers, cloud, time, log).RunAsync,
            new NodeDisruption(client, informers, cloud, nominations, metrics, QuickDisruption, time, log).RunAsync,
            new CloudFaultController(client, informers, cloud, metrics, time, log).RunAsync,
            new ProvisionerConversion(client, time, log).RunAsync,
            new NodeLedger(client, informers, LedgerRetention.Default, time, log).RunAsync,
            new NodeGroupController(client, informers, cloud, new GroupSizes(groups, cloud.Options.Zones, false), time, log).RunAsync);
        return cluster;
    }

    [Fact]
    public async Task A_pod_that_nothing_takes_gets_a_node_that_is_what_it_asked_for()
    {
        await using var cluster = await StartAsync();
        await cluster.PoolAsync("spark-compute-optimized", Compute, labels: "NodeGroupType=SparkComputeOptimized");
        await cluster.PodAsync("driver", "cpu=1,memory=2Gi", "NodeGroupType=SparkComputeOptimized,karpenter.sh/capacity-type=on-demand");
        var pod = await cluster.UntilPod("driver", p => p.Spec!.NodeName is not null, "is bound");
        var node = await cluster.Client.GetAsync<Node>(null, pod.Spec!.NodeName!, default);

        node.Metadata.Name!.ShouldMatch(@"^ip-100-64-\d+-\d+\.us-west-2\.compute\.internal$");
        var labels = node.Metadata.Labels!;
        labels["node.kubernetes.io/instance-type"].ShouldBe("c5d.xlarge");
        labels["topology.kubernetes.io/zone"].ShouldBe("us-west-2a");
        labels["topology.kubernetes.io/region"].ShouldBe("us-west-2");
        labels["karpenter.sh/capacity-type"].ShouldBe("on-demand");
        labels["karpenter.sh/nodepool"].ShouldBe("spark-compute-optimized");
        labels["karpenter.sh/registered"].ShouldBe("true");
        labels["karpenter.sh/initialized"].ShouldBe("true");
        labels["NodeGroupType"].ShouldBe("SparkComputeOptimized");
        labels["kubernetes.io/hostname"].ShouldBe(node.Metadata.Name);
        labels["hearth.dev/simulated"].ShouldBe("true");
        node.Metadata.Annotations!["cost.hearth.dev/usd-per-hour"].ShouldBe("0.192");
        node.Metadata.Annotations!["cost.hearth.dev/price-basis"].ShouldContain("assumed: on-demand price list of us-east-1");
        node.Status!.Allocatable!["cpu"].ToString().ShouldBe("3920m");
        node.Status.Allocatable["ephemeral-storage"].Value.ShouldBeLessThan(100_000_000_000);
        node.Status.Conditions.IsTrue("Ready").ShouldBeTrue();
        node.Spec!.ProviderID.ShouldStartWith("aws:///us-west-2a/i-");

        var claim = (await cluster.Client.ListAsync<NodeClaim>(null, ListOptions.All, default)).ShouldHaveSingleItem();
        await ControllerCluster.Until(() => cluster.Client.GetAsync<NodeClaim>(null, claim.Metadata.Name!, default), c => c.Status!.Conditions.IsTrue("Ready"), "the claim is ready");
        claim.Metadata.Labels!["node.kubernetes.io/instance-type"].ShouldBe("c5d.xlarge");
        (await cluster.EventsAsync("driver")).ShouldContain($"Nominated: Pod should schedule on: nodeclaim/{claim.Metadata.Name}");
        var pool = await ControllerCluster.Until(() => cluster.Client.GetAsync<NodePool>(null, "spark-compute-optimized", default), p => p.Status?.Nodes == 1, "the pool counts it");
        pool.Status!.Conditions.IsTrue("Ready").ShouldBeTrue();
        pool.Status.Resources!["cpu"].ToString().ShouldBe("4");
    }

    [Fact]
    public async Task Executors_that_come_together_share_nodes_and_no_node_is_launched_twice()
    {
        await using var cluster = await StartAsync();
        await cluster.PoolAsync("compute", Compute);
        await Task.WhenAll(Enumerable.Range(0, 29).Select(i => cluster.PodAsync($"exec-{i:00}", "cpu=1200m,memory=2Gi")));
        var pods = await ControllerCluster.Until(
            () => cluster.Client.ListAsync<Pod>("default", ListOptions.All, default), all => all.All(p => p.Spec?.NodeName is not null), "all are bound");

        // How many nodes depends on how the pods fell into batches; but each was launched for pods, and holds some.
        var nodes = await cluster.Client.ListAsync<Node>(null, ListOptions.All, default);
        nodes.Select(n => n.Metadata.Name).ShouldBe(pods.Select(p => p.Spec!.NodeName).Distinct(), ignoreOrder: true);
        (await cluster.Client.ListAsync<NodeClaim>(null, ListOptions.All, default)).Count.ShouldBe(nodes.Count);
    }

    [Fact]
    public async Task An_empty_node_goes_after_the_pools_time_and_its_cost_stays_known()
    {
        await using var cluster = await StartAsync();
        await cluster.PoolAsync("compute", Compute, consolidateAfter: "1s");
        await cluster.PodAsync("job", "cpu=1,memory=2Gi", "karpenter.sh/capacity-type=on-demand");
        var pod = await cluster.UntilPod("job", p => p.Spec!.NodeName is not null, "is bound");
        await cluster.PhaseAsync("job", "Running");
        await cluster.PhaseAsync("job", "Succeeded");
        await ControllerCluster.Until(() => cluster.Client.ListAsync<Node>(null, ListOptions.All, default), n => n.Count == 0, "the node is gone");
        await ControllerCluster.Until(() => cluster.Client.ListAsync<NodeClaim>(null, ListOptions.All, default), c => c.Count == 0, "the claim is gone");

        var record = await ControllerCluster.Until(
            async () => (await cluster.Client.ListAsync<NodeRecord>(null, ListOptions.All, default)).SingleOrDefault(r => r.Spec!.NodeName == pod.Spec!.NodeName),
            r => r?.Status?.EndedAt is not null, "the record is closed");
        record!.Spec!.NodeName.ShouldBe(pod.Spec!.NodeName);
        (record.Spec.InstanceType, record.Spec.CapacityType, record.Spec.NodePool, record.PricePerHour, record.Spec.Simulated).ShouldBe(("c5d.xlarge", "on-demand", "compute", 0.192m, true));
        var stay = record.Status!.Pods!.Values.ShouldHaveSingleItem();
        (stay.Namespace, stay.Name).ShouldBe(("default", "job"));
        stay.EndedAt.ShouldNotBeNull();
        record.Cost(DateTimeOffset.UtcNow)!.Total.ShouldBe(NodeCost.Of(0.192m, record.Status.EndedAt!.Value - record.Spec.StartedAt!.Value));
    }

    [Fact]
    public async Task A_pod_that_no_pool_can_take_hears_why()
    {
        await using var cluster = await StartAsync();
        await cluster.PoolAsync("compute", Compute);
        await cluster.PodAsync("huge", "cpu=500");
        // Until the pool is ready it hears that first.
        await ControllerCluster.Until(
            () => cluster.EventsAsync("huge"),
            e => e.Any(x => x.StartsWith("FailedScheduling: Failed to schedule pod, incompatible with nodepool \"compute\", daemonset overhead={}, no instance type has enough resources", StringComparison.Ordinal)),
            "karpenter explains");
        (await cluster.Client.ListAsync<NodeClaim>(null, ListOptions.All, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_pool_without_its_class_is_not_ready_and_says_so()
    {
        await using var cluster = await StartAsync();
        await cluster.PoolAsync("compute", Compute);
        await cluster.Client.DeleteAsync(new ObjectRef(Ec2NodeClass.Type, null, "compute"), DeleteOptions.Default, default);
        var pool = await ControllerCluster.Until(
            () => cluster.Client.GetAsync<NodePool>(null, "compute", default), p => p.Status?.Conditions.Find("Ready")?.Status == "False", "the pool is not ready");
        pool.Status!.Conditions.Find("NodeClassReady")!.Reason.ShouldBe("NodeClassNotFound");
    }

    [Fact]
    public async Task A_deleted_claim_drains_its_node_first()
    {
        await using var cluster = await StartAsync();
        await cluster.PoolAsync("compute", Compute);
        await cluster.PodAsync("p", "cpu=1");
        var pod = await cluster.UntilPod("p", p => p.Spec!.NodeName is not null, "is bound");
        await cluster.PhaseAsync("p", "Running");
        var claim = await ControllerCluster.Until(async () => (await cluster.Client.ListAsync<NodeClaim>(null, ListOptions.All, default)).Single(), c => c.Status!.Conditions.IsTrue("Ready"), "ready");
        await cluster.Client.DeleteAsync(claim.Ref(), DeleteOptions.Default, default);
        await cluster.UntilPod("p", p => p.Metadata.DeletionTimestamp is not null, "is evicted");
        var node = await cluster.Client.GetAsync<Node>(null, pod.Spec!.NodeName!, default);
        node.Spec!.Taints!.ShouldContain(t => t.Key == "karpenter.sh/disrupted" && t.Effect == "NoSchedule");
        await cluster.Client.DeleteAsync(pod.Ref(), new DeleteOptions { GracePeriodSeconds = 0 }, default); // the node lets the pod go
        await ControllerCluster.Until(() => cluster.Client.ListAsync<Node>(null, ListOptions.All, default), all => all.All(n => n.Metadata.Uid != node.Metadata.Uid), "the node is gone");
        await ControllerCluster.Until(() => cluster.Client.ListAsync<NodeClaim>(null, ListOptions.All, default), all => all.All(c => c.Metadata.Uid != claim.Metadata.Uid), "the claim is gone");
    }

    [Fact]
    public async Task A_node_is_not_there_before_it_has_booted()
    {
        var boot = TimeSpan.FromHours(1);
        await using var cluster = await StartAsync(new SimulatedCloudOptions { BootTime = (boot, boot) });
        await cluster.PoolAsync("compute", Compute);
        await cluster.PodAsync("p", "cpu=1");
        var launched = await ControllerCluster.Until(
            async () => (await cluster.Client.ListAsync<NodeClaim>(null, ListOptions.All, default)).SingleOrDefault(), c => c?.Status?.Conditions.IsTrue("Launched") == true, "launched");
        launched!.Status!.Conditions.IsTrue("Registered").ShouldBeFalse();
        launched.Status.Conditions.Find("Ready")!.Status.ShouldBe("Unknown");
        (await cluster.Client.ListAsync<Node>(null, ListOptions.All, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_pod_waits_for_the_node_that_boots_and_asks_for_no_second_one()
    {
        var boot = TimeSpan.FromMilliseconds(500);
        await using var cluster = await StartAsync(new SimulatedCloudOptions { BootTime = (boot, boot) });
        await cluster.PoolAsync("compute", Compute);
        await cluster.PodAsync("p", "cpu=1");
        await cluster.UntilPod("p", p => p.Spec!.NodeName is not null, "is bound");
        (await cluster.Client.ListAsync<NodeClaim>(null, ListOptions.All, default)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_node_group_has_its_nodes_over_its_zones_and_replaces_a_lost_one()
    {
        var core = new NodeGroup
        {
            Name = "core-node-group", InstanceTypes = ["m5.xlarge"], DesiredSize = 3, MinSize = 3, MaxSize = 9, Labels = new Dictionary<string, string> { ["NodeGroupType"] = "core" },
        };
        await using var cluster = await StartAsync(groups: core);
        var nodes = await ControllerCluster.Until(() => cluster.Client.ListAsync<Node>(null, ListOptions.All, default), n => n.Count(x => x.Status?.Allocatable is not null) == 3, "three nodes");
        nodes.Select(n => n.Metadata.Label("topology.kubernetes.io/zone")).Order().ShouldBe(["us-west-2a", "us-west-2a", "us-west-2b"]);
        nodes.ShouldAllBe(n => n.Metadata.Label("NodeGroupType") == "core" && n.Metadata.Label("node.kubernetes.io/instance-type") == "m5.xlarge"
            && n.Metadata.Label("eks.amazonaws.com/nodegroup") == "core-node-group" && n.Metadata.Annotation("cost.hearth.dev/usd-per-hour") == "0.192");
        await cluster.Client.DeleteAsync(nodes[0].Ref(), DeleteOptions.Default, default);
        await ControllerCluster.Until(
            () => cluster.Client.ListAsync<Node>(null, ListOptions.All, default), n => n.Count == 3 && n.All(x => x.Metadata.Uid != nodes[0].Metadata.Uid), "a new node in its place");
    }

    [Fact]
    public async Task Controllers_that_start_again_go_on_where_they_were()
    {
        var core = new NodeGroup { Name = "core", InstanceTypes = ["m5.xlarge"], DesiredSize = 2, MaxSize = 3 };
        await using var cluster = await ControllerCluster.CreateAsync();
        using var first = new CancellationTokenSource();
        var ended = RunOnce(cluster, core, first.Token);
        await cluster.PoolAsync("compute", Compute);
        await cluster.PodAsync("p", "cpu=8");
        await cluster.UntilPod("p", p => p.Spec!.NodeName is not null, "is bound");
        var nodes = await ControllerCluster.Until(
            () => cluster.Client.ListAsync<Node>(null, ListOptions.All, default), n => n.Count(x => x.Status?.Allocatable is not null) == 3, "two of the group and one for the pod");
        await first.CancelAsync();
        await ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var before = nodes.Select(n => n.Metadata.Uid).Order().ToArray();

        using var second = new CancellationTokenSource();
        ended = RunOnce(cluster, core, second.Token);
        await cluster.PodAsync("q", "cpu=500m");
        await cluster.UntilPod("q", p => p.Spec!.NodeName is not null, "is bound");
        (await cluster.Client.ListAsync<Node>(null, ListOptions.All, default)).Select(n => n.Metadata.Uid).Order().ShouldBe(before);
        await second.CancelAsync();
        await ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static Task RunOnce(ControllerCluster cluster, NodeGroup group, CancellationToken ct)
    {
        var informers = new ClusterInformers(cluster.Client, TimeProvider.System);
        var (client, cloud, time, log) = (cluster.Client, cluster.Cloud, TimeProvider.System, ControllerCluster.Log);
        Func<CancellationToken, Task>[] controllers =
        [
            new PodScheduler(client, informers, time, log).RunAsync,
            new NodeProvisioner(client, informers, cloud, new Nominations(time), new KarpenterMetrics(), Quick, time, log).RunAsync,
            new NodeClaimLifecycle(client, informers, cloud, new KarpenterMetrics(), time, log).RunAsync,
            new NodeGroupController(client, informers, cloud, new GroupSizes([group], cloud.Options.Zones, false), time, log).RunAsync,
            informers.RunAsync,
        ];
        return Task.WhenAll(controllers.Select(c => Task.Run(() => c(ct), CancellationToken.None)));
    }
}
