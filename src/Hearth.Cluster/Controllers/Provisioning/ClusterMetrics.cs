using Hearth.Cluster.Controllers.Simulation;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Provisioning;
using Hearth.Scheduling.Resources;

namespace Hearth.Cluster.Controllers.Provisioning;

/// <summary>Karpenter's gauges about what is there (nodes, pods, pools, offerings), read from the informers whenever somebody asks.</summary>
public sealed class ClusterMetrics(ClusterInformers informers, SimulatedCloud cloud, TimeProvider time)
{
    private static readonly (string Key, string Name)[] NodeLabels =
        [.. KarpenterLabels.WellKnown.Where(k => k != KarpenterLabels.NodePool && k != KarpenterLabels.WindowsBuild).Order(StringComparer.Ordinal).Select(k => (k, LabelName(k)))];

    /// <summary>Everything.</summary>
    public IEnumerable<MetricSample> Read()
    {
        var nodes = informers.Nodes.Items.Values.ToArray();
        var pods = informers.Pods.Items.Values.Where(p => !p.IsFinished() && !string.IsNullOrEmpty(p.Spec?.NodeName)).ToLookup(p => p.Spec!.NodeName!, StringComparer.Ordinal);
        return Cluster(nodes, pods).Concat(nodes.SelectMany(n => OfNode(n, [.. pods[n.Metadata.Name!]]))).Concat(OfPods()).Concat(OfPools()).Concat(Offerings());
    }

    /// <summary>The name that upstream gives a label: the last part of the key, with underscores.</summary>
    internal static string LabelName(string key) => key switch
    {
        KarpenterLabels.InstanceType => "instance_type",
        _ => key[(key.LastIndexOf('/') + 1)..].Replace('-', '_'),
    };

    private IEnumerable<MetricSample> Cluster(IReadOnlyList<Node> nodes, ILookup<string, Pod> pods)
    {
        yield return new("cluster_state_node_count", nodes.Count);
        yield return new("cluster_state_synced", informers.Synced.IsCompletedSuccessfully ? 1 : 0);
        var all = nodes.Aggregate(ResourceVector.Zero, (sum, n) => sum + ResourceVector.From(n.Status?.Allocatable));
        var used = nodes.SelectMany(n => pods[n.Metadata.Name!]).Aggregate(ResourceVector.Zero, (sum, p) => sum + PodRequests.Of(p.Spec));
        foreach (var name in all.Names().Where(n => all[n] > 0))
        {
            yield return new("cluster_utilization_percent", 100.0 * used[name] / all[name], ("resource_type", ResourceName(name)));
        }
    }

    private IEnumerable<MetricSample> OfNode(Node node, IReadOnlyList<Pod> pods)
    {
        if (node.Metadata.Label(KarpenterLabels.NodePool) is not { } pool)
        {
            yield break; // Karpenter tells of its own nodes
        }

        (string, string)[] labels = [.. NodeLabels.Select(l => (l.Name, node.Metadata.Label(l.Key) ?? "")), ("node_name", node.Metadata.Name!), ("nodepool", pool)];
        yield return new("nodes_current_lifetime_seconds", (time.GetUtcNow() - (node.Metadata.CreationTimestamp ?? time.GetUtcNow())).TotalSeconds, labels);
        var (allocatable, capacity) = (ResourceVector.From(node.Status?.Allocatable), ResourceVector.From(node.Status?.Capacity));
        var daemons = pods.Where(p => p.Metadata.IsOwnedBy("DaemonSet")).ToArray();
        var others = pods.Except(daemons).ToArray();
        (string Name, ResourceVector Amounts)[] families =
        [
            ("nodes_allocatable", allocatable), ("nodes_system_overhead", (capacity - allocatable).Floor()),
            ("nodes_total_pod_requests", Requests(others)), ("nodes_total_daemon_requests", Requests(daemons)),
            ("nodes_total_pod_limits", Limits(others)), ("nodes_total_daemon_limits", Limits(daemons)),
        ];
        foreach (var (name, amounts) in families)
        {
            foreach (var resource in allocatable.Names().Union(amounts.Names()))
            {
                yield return new(name, Amount(resource, amounts[resource]), [.. labels, ("resource_type", ResourceName(resource))]);
            }
        }
    }

    private IEnumerable<MetricSample> OfPods()
    {
        var now = time.GetUtcNow();
        foreach (var pod in informers.Pods.Items.Values)
        {
            var node = pod.Spec?.NodeName is { Length: > 0 } name ? informers.Nodes.Find(null, name) : null;
            var owner = pod.Metadata.OwnerReferences?.FirstOrDefault(o => o.Controller == true);
            string Of(string key) => node?.Metadata.Label(key) ?? "N/A";
            yield return new(
                "pods_state", 1, ("name", pod.Metadata.Name!), ("namespace", pod.Metadata.Namespace!),
                ("owner", owner is null ? "" : $"/{(owner.ApiVersion.Contains('/') ? "apis" : "api")}/{owner.ApiVersion}/namespaces/{pod.Metadata.Namespace}/{owner.Kind.ToLowerInvariant()}s/{owner.Name}"),
                ("node", pod.Spec?.NodeName ?? ""), ("nodepool", Of(KarpenterLabels.NodePool)), ("zone", Of(KarpenterLabels.Zone)), ("arch", Of(KarpenterLabels.Arch)),
                ("capacity_type", Of(KarpenterLabels.CapacityType)), ("instance_type", Of(KarpenterLabels.InstanceType)), ("phase", pod.Status?.Phase ?? ""),
                ("scheduled", node is null ? "false" : "true"));
            if (pod.Status?.Phase == "Pending" && pod.Metadata.CreationTimestamp is { } created)
            {
                (string, string)[] labels = [("name", pod.Metadata.Name!), ("namespace", pod.Metadata.Namespace!)];
                yield return new("pods_unstarted_time_seconds", (now - created).TotalSeconds, labels);
                if (string.IsNullOrEmpty(pod.Spec?.NodeName))
                {
                    yield return new("pods_unbound_time_seconds", (now - created).TotalSeconds, labels);
                }
            }
        }
    }

    private IEnumerable<MetricSample> OfPools()
    {
        foreach (var pool in informers.NodePools.Items.Values)
        {
            var name = pool.Metadata.Name!;
            foreach (var (resource, amount) in PoolState.LimitsOf(pool) ?? new Dictionary<string, long>(StringComparer.Ordinal))
            {
                yield return new("nodepools_limit", Amount(resource, amount), ("nodepool", name), ("resource_type", ResourceName(resource)));
            }

            var claims = informers.NodeClaims.Items.Values.Where(c => c.Metadata.Label(KarpenterLabels.NodePool) == name).ToArray();
            var used = claims.Aggregate(ResourceVector.Zero, (sum, c) => sum + ResourceVector.From(c.Status?.Capacity));
            foreach (var resource in used.Names())
            {
                yield return new("nodepools_usage", Amount(resource, used[resource]), ("nodepool", name), ("resource_type", ResourceName(resource)));
            }

            yield return new("nodepools_usage", claims.Length, ("nodepool", name), ("resource_type", "nodes"));
        }
    }

    /// <summary>Offerings of the types that pools have launched: the whole catalogue would be tens of thousands of lines.</summary>
    private IEnumerable<MetricSample> Offerings()
    {
        var launched = informers.Nodes.Items.Values.Select(n => n.Metadata.Label(KarpenterLabels.InstanceType)).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var refused = cloud.Capacity.Unavailable().Offerings;
        foreach (var type in launched.Count == 0 ? [] : cloud.Catalog.Types.Where(t => launched.Contains(t.Name)))
        {
            yield return new("cloudprovider_instance_type_cpu_cores", type.Vcpu, ("instance_type", type.Name));
            yield return new("cloudprovider_instance_type_memory_bytes", type.MemoryMiB * 1024.0 * 1024, ("instance_type", type.Name));
            foreach (var offering in cloud.Catalog.Offerings(type, cloud.Options.Zones))
            {
                (string, string)[] labels = [("capacity_type", offering.CapacityType), ("instance_type", type.Name), ("zone", offering.Zone)];
                yield return new("cloudprovider_instance_type_offering_available", refused.Contains(new(offering.CapacityType, type.Name, offering.Zone)) ? 0 : 1, labels);
                yield return new("cloudprovider_instance_type_offering_price_estimate", (double)offering.PricePerHour, labels);
            }
        }
    }

    private static ResourceVector Requests(IEnumerable<Pod> pods) => pods.Aggregate(ResourceVector.Zero, (sum, p) => sum + PodRequests.Of(p.Spec));

    private static ResourceVector Limits(IEnumerable<Pod> pods) =>
        pods.SelectMany(p => p.Spec?.Containers ?? []).Aggregate(ResourceVector.Zero, (sum, c) => sum + ResourceVector.From(c.Resources?.Limits));

    private static double Amount(string resource, long amount) => resource == ResourceNames.Cpu ? amount / 1000.0 : amount;

    private static string ResourceName(string resource) => resource.ToLowerInvariant().Replace('-', '_');
}
