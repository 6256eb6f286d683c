using Hearth.Cluster.Controllers.Provisioning;
using Hearth.Cluster.Controllers.Scheduler;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Disruption;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Resources;
using Nominations = Hearth.Cluster.Controllers.Provisioning.Nominations;

namespace Hearth.Cluster.Controllers.Disruption;

/// <summary>The cluster as decisions about taking nodes away see it.</summary>
internal sealed class DisruptionReader(ClusterInformers informers, PoolCatalog pools, Nominations nominations, PodEvents podEvents, DisruptionOptions options, TimeProvider time)
{
    private readonly PodVolumesReader _volumes = new(informers);

    /// <summary>Reads everything as it is now.</summary>
    /// <param name="underWay">Names of claims that a command is working on.</param>
    /// <param name="unreadable">Told of pools whose rules cannot be read: they are left alone.</param>
    public DisruptionWorld Read(IReadOnlySet<string> underWay, Action<string, string> unreadable)
    {
        var now = time.GetUtcNow();
        var snapshot = new ClusterSnapshot(informers, _volumes, [], underWay);
        return new DisruptionWorld
        {
            Candidates = Candidates(snapshot, underWay, now),
            Pools = Rules(unreadable),
            Now = now,
            Launchable = snapshot.Pools(pools),
            Nodes = snapshot.Existing(),
            Pending = [.. snapshot.Waiting().Select(w => w.Info), .. snapshot.Leaving()],
            Daemons = snapshot.Daemons,
            Namespaces = snapshot.Namespaces(),
            SpotToSpot = options.SpotToSpot,
            Policy = options.Policy,
        };
    }

    private Dictionary<string, PoolDisruption> Rules(Action<string, string> unreadable)
    {
        var rules = new Dictionary<string, PoolDisruption>(StringComparer.Ordinal);
        foreach (var pool in informers.NodePools.Items.Values)
        {
            try
            {
                rules[pool.Metadata.Name!] = PoolDisruption.From(pool);
            }
            catch (FormatException e)
            {
                unreadable(pool.Metadata.Name!, e.Message);
            }
        }

        return rules;
    }

    private List<DisruptionCandidate> Candidates(ClusterSnapshot snapshot, IReadOnlySet<string> underWay, DateTimeOffset now)
    {
        var blocks = new PodBlocks(informers.PodBudgets.Items.Values, now);
        var candidates = new List<DisruptionCandidate>();
        foreach (var claim in informers.NodeClaims.Items.Values)
        {
            if (claim.Metadata.Label(KarpenterLabels.NodePool) is { } pool && claim.Status?.NodeName is { } name && informers.Nodes.Find(null, name) is { } node)
            {
                candidates.Add(Candidate(claim, pool, node, snapshot.PodsOf(name), blocks, underWay.Contains(claim.Metadata.Name!)));
            }
        }

        return candidates;
    }

    private DisruptionCandidate Candidate(NodeClaim claim, string pool, Node node, IReadOnlyList<Pod> pods, PodBlocks blocks, bool underWay)
    {
        var movable = pods.Where(ClusterSnapshot.IsReschedulable).ToArray();
        var drifted = claim.Status!.Conditions.Find(ClaimConditions.Drifted);
        return new DisruptionCandidate
        {
            ClaimName = claim.Metadata.Name!,
            NodeName = node.Metadata.Name!,
            Pool = pool,
            Initialized = claim.Status!.Conditions.IsTrue(NodeClaimPatches.Initialized),
            Deleting = underWay || claim.Metadata.IsDeleting() || node.Metadata.IsDeleting(),
            Ready = node.Status?.Conditions.IsTrue("Ready") ?? false,
            Nominated = nominations.IsNominated(node.Metadata.Name!) || nominations.IsNominated(claim.Metadata.Name!),
            DoNotDisrupt = node.Metadata.Annotation(KarpenterLabels.DoNotDisrupt) == "true",
            PodBlock = blocks.First(pods.Where(p => !p.Metadata.IsDeleting() && !p.Metadata.IsOwnedBy("Node"))),
            Pods = [.. movable.Select(p => PodInfo.From(p, PodVolumesReader.HasClaims(p) ? _volumes.Read(p) : null))],
            DisruptionCost = EvictionCost.OfNode(movable),
            LastPodEvent = LastPodEvent(claim, node.Metadata.Name!),
            InstanceType = node.Metadata.Label(KarpenterLabels.InstanceType),
            CapacityType = node.Metadata.Label(KarpenterLabels.CapacityType),
            Zone = node.Metadata.Label(KarpenterLabels.Zone),
            PricePerHour = Price(node),
            Capacity = ResourceVector.From(claim.Status.Capacity),
            Drift = drifted?.Status == "True" ? drifted.Reason : null,
            DriftedSince = drifted?.LastTransitionTime ?? default,
            HasTerminationGracePeriod = claim.Spec?.TerminationGracePeriod is not null,
        };
    }

    private DateTimeOffset LastPodEvent(NodeClaim claim, string node)
    {
        var latest = DateTimeOffset.MinValue;
        foreach (var at in (ReadOnlySpan<DateTimeOffset?>)
            [claim.Status!.Conditions.Find(NodeClaimPatches.Initialized)?.LastTransitionTime, claim.Status.LastPodEventTime, podEvents.Last(node)])
        {
            latest = at > latest ? at.Value : latest;
        }

        return latest;
    }

    private static decimal? Price(Node node) =>
        decimal.TryParse(node.Metadata.Annotation(KarpenterLabels.PricePerHour), System.Globalization.NumberStyles.Number, System.Globalization.CultureInfo.InvariantCulture, out var price) ? price : null;
}
