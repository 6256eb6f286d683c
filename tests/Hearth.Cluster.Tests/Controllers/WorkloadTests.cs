using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Hearth.Cluster.Controllers;
using Hearth.Cluster.Controllers.Autoscaler;
using Hearth.Cluster.Controllers.Provisioning;
using Hearth.Cluster.Controllers.Scheduler;
using Hearth.Cluster.Controllers.Workloads;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Informers;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Karpenter;
using Nominations = Hearth.Cluster.Controllers.Provisioning.Nominations;

namespace Hearth.Cluster.Tests.Controllers;

/// <summary>Deployments and stateful sets as people apply them, and the nodes they get.</summary>
public sealed class WorkloadTests
{
    private const string Compute = "@family In c5d; @cpu In 4,8; karpenter.sh/capacity-type In on-demand";
    private const string Zone = "topology.kubernetes.io/zone";
    private static readonly BatchWindow Quick = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(1));

    /// <summary>A cluster with the controllers of workloads, and somebody who makes bound pods run.</summary>
    private static async Task<ControllerCluster> StartAsync(bool nodes)
    {
        var cluster = await ControllerCluster.CreateAsync();
        var (client, informers, cloud, time, log) = (cluster.Client, cluster.Informers, cluster.Cloud, TimeProvider.System, ControllerCluster.Log);
        var sets = new Informer<ReplicaSet>(client, time: time);
        List<Func<CancellationToken, Task>> controllers =
        [
            sets.RunAsync,
            new ReplicaSetController(client, informers, sets, time, log).RunAsync,
            new DeploymentController(client, sets, time, log).RunAsync,
            new StatefulSetController(client, informers, time, log).RunAsync,
            new DaemonSetController(client, informers, time, log).RunAsync,
            new PodScheduler(client, informers, time, log).RunAsync,
            Kubelet(cluster),
        ];
        if (nodes)
        {
            controllers.Add(new NodeProvisioner(client, informers, cloud, new Nominations(time), new KarpenterMetrics(), Quick, time, log).RunAsync);
            controllers.Add(new NodeClaimLifecycle(client, informers, cloud, new KarpenterMetrics(), time, log).RunAsync);
        }

        cluster.Run(controllers);
        return cluster;
    }

    private static Func<CancellationToken, Task> Kubelet(ControllerCluster cluster)
    {
        var work = new WorkQueue();
        var done = new ConcurrentDictionary<string, byte>(StringComparer.Ordinal);
        cluster.Informers.Pods.Changed += (type, pod) =>
        {
            if (type != WatchEventType.Deleted && pod.Spec?.NodeName is not null && (pod.Metadata.IsDeleting() || pod.Status?.Phase != "Running"))
            {
                work.Add($"{pod.Metadata.Name}/{pod.Metadata.Uid}");
            }
        };
        return ct => work.RunAsync(1, async (key, stop) =>
        {
            var (name, uid) = (key.Split('/')[0], key.Split('/')[1]);
            if (await cluster.Client.FindAsync<Pod>("default", name, stop) is not { } pod || pod.Metadata.Uid != uid)
            {
                return null;
            }

            if (pod.Metadata.IsDeleting())
            {
                await cluster.Client.DeleteIfExistsAsync(pod.Ref(), new DeleteOptions { Uid = uid, GracePeriodSeconds = 0 }, stop);
            }
            else if (done.TryAdd(uid, 0))
            {
                var ready = new Condition { Type = "Ready", Status = "True", LastTransitionTime = DateTimeOffset.UtcNow };
                await cluster.Client.PatchStatusAsync(pod, new JsonObject { ["phase"] = "Running", ["conditions"] = Hearth.Cluster.Controllers.Conditions.ToJson([.. pod.Status?.Conditions ?? [], ready]) }, stop);
            }

            return null;
        }, (_, _) => { }, ct);
    }

    private static Task ApplyAsync(ControllerCluster cluster, ResourceType type, string name, int replicas, string rules, string more = "") => cluster.Client.CreateAsync(type, "default", JsonNode.Parse($$"""
        {"metadata": {"name": "{{name}}" },
         "spec": {"replicas": {{replicas}}, "selector": {"matchLabels": {"app": "{{name}}"} }, {{more}}
                  "template": {"metadata": {"labels": {"app": "{{name}}"} },
                               "spec": { {{rules}} "containers": [{"name": "c", "image": "pause:1", "resources": {"requests": {"cpu": "500m"} } }] } } } }
        """)!.AsObject(), default);

    private static string Spread(string key, string app, string more = "") =>
        $$""" "topologySpreadConstraints": [{"maxSkew": 1, "topologyKey": "{{key}}", "whenUnsatisfiable": "DoNotSchedule", {{more}} "labelSelector": {"matchLabels": {"app": "{{app}}"} } }],""";

    private static async Task<IReadOnlyList<Pod>> BoundAsync(ControllerCluster cluster, string app, int count) => await ControllerCluster.Until(
        () => cluster.Client.ListAsync<Pod>("default", new ListOptions { LabelSelector = $"app={app}" }, default),
        pods => pods.Count == count && pods.All(p => p.Spec?.NodeName is not null), $"{count} pods of {app} are bound");

    private static async Task<string> ZonesAsync(ControllerCluster cluster, IEnumerable<Pod> pods)
    {
        var nodes = (await cluster.Client.ListAsync<Node>(null, ListOptions.All, default)).ToDictionary(n => n.Metadata.Name!, StringComparer.Ordinal);
        return string.Join(' ', pods.GroupBy(p => nodes[p.Spec!.NodeName!].Metadata.Label(Zone)![^1]).OrderBy(g => g.Key).Select(g => $"{g.Key}{g.Count()}"));
    }

    [Fact]
    public async Task A_deployment_spread_over_zones_gets_nodes_in_all_of_them_and_its_pods_go_there()
    {
        await using var cluster = await StartAsync(nodes: true);
        await cluster.PoolAsync("compute", Compute);
        await ApplyAsync(cluster, Deployment.Type, "web", 4, Spread(Zone, "web", "\"minDomains\": 2,"));
        var pods = await BoundAsync(cluster, "web", 4);
        (await ZonesAsync(cluster, pods)).ShouldBe("a2 b2");
        (await cluster.Client.ListAsync<NodeClaim>(null, ListOptions.All, default)).Select(c => c.Metadata.Label(Zone)).Order().ShouldBe(["us-west-2a", "us-west-2b"]);
        var deployment = await ControllerCluster.Until(() => cluster.Client.GetAsync<Deployment>("default", "web", default), d => d.Status?.AvailableReplicas == 4, "it is available");
        deployment.Status!.Conditions!.Select(c => $"{c.Type} {c.Status} {c.Reason}").Order().ShouldBe(["Available True MinimumReplicasAvailable", "Progressing True NewReplicaSetAvailable"]);
    }

    [Fact]
    public async Task A_stateful_set_apart_by_host_gets_a_node_for_each_pod()
    {
        await using var cluster = await StartAsync(nodes: true);
        await cluster.PoolAsync("compute", Compute);
        await ApplyAsync(cluster, StatefulSet.Type, "db", 3, """
            "affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [{"topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchLabels": {"app": "db"}}}]}},
            """, "\"serviceName\": \"db\", \"podManagementPolicy\": \"Parallel\",");
        var pods = await BoundAsync(cluster, "db", 3);
        pods.Select(p => p.Metadata.Name).Order().ShouldBe(["db-0", "db-1", "db-2"]);
        pods.Select(p => p.Spec!.NodeName).Distinct().Count().ShouldBe(3);
        (await cluster.Client.ListAsync<Node>(null, ListOptions.All, default)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_new_template_rolls_over_scaling_follows_and_what_is_deleted_comes_back()
    {
        await using var cluster = await StartAsync(nodes: false);
        await cluster.NodeAsync("n", "cpu=64,memory=64Gi,pods=110");
        await ApplyAsync(cluster, Deployment.Type, "web", 4, "");
        await Complete(4, "pause:1");
        var target = new ObjectRef(Deployment.Type, "default", "web");
        await cluster.Client.PatchAsync(target, KubePatch.Merge(JsonNode.Parse("""{"spec": {"template": {"spec": {"containers": [{"name": "c", "image": "pause:2"}]}}}}""")!.AsObject()), default);
        await Complete(4, "pause:2");
        var sets = await cluster.Client.ListAsync<ReplicaSet>("default", ListOptions.All, default);
        sets.Select(s => (s.Metadata.Annotation("deployment.kubernetes.io/revision"), s.Spec!.Replicas)).Order().ShouldBe([("1", 0), ("2", 4)]);
        (await cluster.EventsAsync("web"))[0].ShouldBe($"ScalingReplicaSet: Scaled up replica set {sets.Single(s => s.Spec!.Replicas == 0).Metadata.Name} from 0 to 4");

        await cluster.Client.PatchAsync(target, KubePatch.Merge(new JsonObject { ["spec"] = new JsonObject { ["replicas"] = 2 } }), default);
        await Complete(2, "pause:2");
        var victim = (await cluster.Client.ListAsync<Pod>("default", ListOptions.All, default))[0];
        await cluster.Client.DeleteIfExistsAsync(victim.Ref(), DeleteOptions.Default, default);
        await ControllerCluster.Until(
            () => cluster.Client.ListAsync<Pod>("default", ListOptions.All, default), pods => pods.Count == 2 && pods.All(p => p.Metadata.Uid != victim.Metadata.Uid), "another pod is there");

        async Task Complete(int replicas, string image)
        {
            await ControllerCluster.Until(
                () => cluster.Client.GetAsync<Deployment>("default", "web", default),
                d => d.Status is { } s && s.ObservedGeneration == d.Metadata.Generation && s.UpdatedReplicas == replicas && s.AvailableReplicas == replicas && s.Replicas == replicas,
                $"the rollout of {image} is complete");
            await ControllerCluster.Until(
                () => cluster.Client.ListAsync<Pod>("default", ListOptions.All, default), pods => pods.Count == replicas && pods.All(p => p.Spec!.Containers![0].Image == image), $"{replicas} pods of {image}");
        }
    }

    [Fact]
    public async Task A_stateful_set_starts_in_order_keeps_its_claims_and_updates_from_the_top()
    {
        await using var cluster = await StartAsync(nodes: false);
        await cluster.NodeAsync("n", "cpu=64,memory=64Gi,pods=110");
        await ApplyAsync(cluster, StatefulSet.Type, "db", 2, "", "\"serviceName\": \"db\", \"volumeClaimTemplates\": [{\"metadata\": {\"name\": \"data\"}, \"spec\": {\"accessModes\": [\"ReadWriteOnce\"], \"resources\": {\"requests\": {\"storage\": \"1Gi\"}}}}],");
        var first = (await ControllerCluster.Until(() => cluster.Client.ListAsync<Pod>("default", ListOptions.All, default), p => p.Count > 0, "a pod is there"))[0];
        first.Metadata.Name.ShouldBe("db-0");
        first.Spec!.Volumes!.ShouldContain(v => v.PersistentVolumeClaim!.ClaimName == "data-db-0");
        (await cluster.Client.ListAsync<Pod>("default", ListOptions.All, default)).Count.ShouldBe(1, "the claim has no volume: the pod waits, and the second does not come before it runs");
        (await cluster.Client.GetAsync<PersistentVolumeClaim>("default", "data-db-0", default)).Metadata.Label("app").ShouldBe("db");
    }

    [Fact]
    public async Task Replicas_of_a_deployment_follow_the_number_of_nodes_by_the_rule_in_the_config_map()
    {
        await using var cluster = await ControllerCluster.CreateAsync();
        var settings = new ProportionalSettings { Namespace = "default", ConfigMap = "rule", Deployment = "dns", Poll = TimeSpan.FromMilliseconds(50) };
        cluster.Run(new ProportionalAutoscaler(cluster.Client, cluster.Informers, settings, TimeProvider.System, ControllerCluster.Log).RunAsync);
        await ApplyAsync(cluster, Deployment.Type, "dns", 1, "");
        await cluster.NodeAsync("n1");
        await cluster.Client.CreateAsync(ConfigMap.Type, "default", JsonNode.Parse("""{"metadata": {"name": "rule"}, "data": {"linear": "{\"nodesPerReplica\": 0.5}"}}""")!.AsObject(), default);
        await Until(2);
        await cluster.NodeAsync("n2");
        await Until(4);
        await cluster.Client.PatchAsync(new ObjectRef(ConfigMap.Type, "default", "rule"), KubePatch.Merge(JsonNode.Parse("""{"data": {"linear": null, "ladder": "{\"nodesToReplicas\": [[1, 1], [2, 3]]}"}}""")!.AsObject()), default);
        await Until(3);

        Task Until(int replicas) => ControllerCluster.Until(() => cluster.Client.GetAsync<Deployment>("default", "dns", default), d => d.Spec!.Replicas == replicas, $"{replicas} replicas");
    }

    [Fact]
    public async Task A_daemon_set_runs_on_every_node_that_Karpenter_launches_and_the_node_has_the_room_that_was_planned_for_it()
    {
        await using var cluster = await StartAsync(nodes: true);
        await cluster.PoolAsync("compute", "@family In c5d; @cpu In 4; karpenter.sh/capacity-type In on-demand");
        await ApplyAsync(cluster, DaemonSet.Type, "agent", 1, "");
        await ControllerCluster.Until(async () => cluster.Informers.DaemonSets.Items.Count, n => n == 1, "the daemon set is seen");
        for (var i = 0; i < 6; i++)
        {
            await cluster.PodAsync($"p{i}", "cpu=1"); // three fit beside the daemon's 500m on 3920m
        }

        var pods = await ControllerCluster.Until(
            () => cluster.Client.ListAsync<Pod>("default", ListOptions.All, default),
            all => all.Count == 8 && all.All(p => p.Spec?.NodeName is not null), "six pods and two daemons are bound");
        pods.Where(p => p.Metadata.Name!.StartsWith("agent-", StringComparison.Ordinal)).Select(p => p.Spec!.NodeName).Distinct().Count().ShouldBe(2);
        var claims = await cluster.Client.ListAsync<NodeClaim>(null, ListOptions.All, default);
        claims.Count.ShouldBe(2);
        claims.ShouldAllBe(c => c.Spec!.Resources!.Requests!["cpu"].MilliValue % 1000 == 500, "what a claim asks for has the daemon in it");

        var set = await ControllerCluster.Until(() => cluster.Client.GetAsync<DaemonSet>("default", "agent", default), d => d.Status?.NumberAvailable == 2, "both are available");
        (set.Status!.DesiredNumberScheduled, set.Status.UpdatedNumberScheduled, set.Status.NumberMisscheduled).ShouldBe((2, 2, 0));
    }
}
