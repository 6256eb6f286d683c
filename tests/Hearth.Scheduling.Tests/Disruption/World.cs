using Hearth.Kube.Core;
using Hearth.Scheduling.Catalog;
using Hearth.Scheduling.Disruption;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Provisioning;

namespace Hearth.Scheduling.Tests.Disruption;

/// <summary>A small cluster to decide about: nodes of the pool <c>spark</c> (c5, spot and on-demand) at noon, all of them quiet for an hour.</summary>
internal sealed class World
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private const string OnlyC5 = "@family In c5; karpenter.sh/capacity-type In spot,on-demand";
    private static readonly RegionCatalog Catalog = RegionCatalog.For("us-west-2");
    private static readonly Dictionary<string, PoolInfo> Known = new(StringComparer.Ordinal);

    private readonly List<(DisruptionCandidate Candidate, ExistingNode Node)> _nodes = [];
    private readonly Dictionary<string, PoolDisruption> _rules = new(StringComparer.Ordinal);
    private readonly List<PoolInfo> _launchable = [];
    private readonly List<PodInfo> _pending = [];

    public bool SpotToSpot { get; init; }

    public static PoolInfo Info(string name, string requirements)
    {
        lock (Known)
        {
            return Known.TryGetValue($"{name}/{requirements}", out var known) ? known : Known[$"{name}/{requirements}"] = Build.PoolInfo(Build.Pool(name, requirements), zones: "ab");
        }
    }

    public World Pool(string name = "spark", string requirements = OnlyC5, string? after = "1m", string policy = "WhenEmptyOrUnderutilized", params Budget[] budgets)
    {
        _rules[name] = PoolDisruption.From(new NodePool { Metadata = new() { Name = name }, Spec = new() { Disruption = new() { ConsolidateAfter = after, ConsolidationPolicy = policy, Budgets = budgets } } });
        _launchable.Add(Info(name, requirements));
        return this;
    }

    public World Node(string name, string type, string pods = "", string capacity = "on-demand", string pool = "spark", string zone = "us-west-2a", Func<DisruptionCandidate, DisruptionCandidate>? change = null,
        Affinity? affinity = null, TopologySpreadConstraint[]? spread = null)
    {
        var offer = Info(pool, _launchable.First(p => p.Name == pool).Requirements.Find(KarpenterLabels.InstancePrefix + "family") is { } family ? $"@family In {string.Join(',', family.Values)}; karpenter.sh/capacity-type In spot,on-demand" : OnlyC5)
            .Types.First(t => t.Type.Name == type);
        var labels = InstanceTypeLabels.All(offer.Type).ToDictionary(StringComparer.Ordinal);
        labels[KarpenterLabels.Zone] = zone;
        labels[KarpenterLabels.CapacityType] = capacity;
        labels[KarpenterLabels.NodePool] = pool;
        var here = pods.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select((requests, i) => Build.Info($"{name}-{i}", requests, labels: "app=web", affinity: affinity, spread: spread)).ToArray();
        var info = new NodeInfo(name, labels, [], offer.Allocatable);
        var cluster = Build.Cluster(info);
        foreach (var pod in here)
        {
            cluster.AddPod(pod, name);
        }

        var candidate = new DisruptionCandidate
        {
            ClaimName = "claim-" + name, NodeName = name, Pool = pool, Initialized = true, Pods = here, DisruptionCost = 1 + here.Length, LastPodEvent = Noon.AddHours(-1),
            InstanceType = type, CapacityType = capacity, Zone = zone, Capacity = offer.Capacity,
            PricePerHour = offer.Offerings.First(o => o.Zone == zone && o.CapacityType == capacity).PricePerHour,
        };
        candidate = change?.Invoke(candidate) ?? candidate;
        _nodes.Add((candidate, ExistingNode.From(info, candidate.Initialized)));
        return this;
    }

    public World Waiting(string name, string requests)
    {
        _pending.Add(Build.Info(name, requests));
        return this;
    }

    public DisruptionWorld Now() => new()
    {
        Candidates = [.. _nodes.Select(n => n.Candidate)],
        Nodes = [.. _nodes.Where(n => !n.Candidate.Deleting).Select(n => n.Node)],
        Pools = _rules,
        Launchable = [.. _launchable.Select(p => new PoolState(p, null, default, 0))],
        Pending = _pending,
        Now = Noon,
        SpotToSpot = SpotToSpot,
    };

    /// <summary><c>delete a,b</c>, <c>replace a by spot c5.large..c5.xlarge (2)</c>, or <c>nothing</c>.</summary>
    public static string Show(DisruptionCommand? command)
    {
        if (command is null)
        {
            return "nothing";
        }

        var going = string.Join(',', command.Candidates.Select(c => c.NodeName).Order(StringComparer.Ordinal));
        return command.Replacements.Count == 0 ? $"delete {going}" : $"replace {going} by {string.Join(" and ", command.Replacements.Select(Show))}";
    }

    private static string Show(PlannedClaim claim)
    {
        var capacity = string.Join('/', claim.Requirements.Find(KarpenterLabels.CapacityType)!.Values);
        return $"{capacity} {string.Join('|', claim.Types.Take(3).Select(t => t.Type.Name))}" + (claim.Types.Count > 3 ? $" and {claim.Types.Count - 3} more" : "");
    }
}
