using System.Text.Json.Nodes;
using Hearth.Cluster.Controllers.Provisioning;
using Hearth.Cluster.Controllers.Simulation;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Disruption;
using Hearth.Scheduling.Karpenter;

namespace Hearth.Cluster.Controllers.Disruption;

/// <summary>Keeps the conditions of claims that say whether they may be taken away (Consolidatable, Drifted), and the time of their last pod event.</summary>
internal sealed class ClaimConditions(IKubeClient client, ClusterInformers informers, SimulatedCloud cloud, TimeProvider time)
{
    public const string Consolidatable = "Consolidatable";
    public const string Drifted = "Drifted";
    public const string DisruptionReason = "DisruptionReason";

    /// <summary>Pod events closer than this to the last written one are not written.</summary>
    private static readonly TimeSpan EventsApart = TimeSpan.FromSeconds(10);

    /// <summary>Writes what has changed.</summary>
    public async Task UpdateAsync(DisruptionWorld world, CancellationToken ct)
    {
        foreach (var candidate in world.Candidates.Where(c => c is { Initialized: true, Deleting: false }))
        {
            if (informers.NodeClaims.Find(null, candidate.ClaimName) is { } claim && Changes(claim, candidate, world) is { } status)
            {
                await client.PatchStatusAsync(claim, status, ct).ConfigureAwait(false);
            }
        }
    }

    private JsonObject? Changes(NodeClaim claim, DisruptionCandidate candidate, DisruptionWorld world)
    {
        var conditions = WithDrift(claim, WithConsolidatable(claim, candidate, world));
        var status = new JsonObject();
        if (!Conditions.Same(claim.Status?.Conditions, conditions))
        {
            status["conditions"] = conditions.ToJson();
        }

        if (candidate.LastPodEvent - (claim.Status?.LastPodEventTime ?? claim.Status?.Conditions.Find(NodeClaimPatches.Initialized)?.LastTransitionTime) >= EventsApart)
        {
            status["lastPodEventTime"] = KubeTimeConverter.ToText(candidate.LastPodEvent);
        }

        return status.Count == 0 ? null : status;
    }

    private List<Condition> WithConsolidatable(NodeClaim claim, DisruptionCandidate candidate, DisruptionWorld world)
    {
        var isIt = world.Pools.TryGetValue(candidate.Pool, out var pool) && candidate.IsConsolidatable(pool, world.Now);
        return isIt ? (claim.Status?.Conditions).With(time.GetUtcNow(), Consolidatable, "True") : (claim.Status?.Conditions).Without(Consolidatable);
    }

    private List<Condition> WithDrift(NodeClaim claim, List<Condition> conditions)
    {
        if (informers.NodePools.Find(null, claim.Metadata.Label(KarpenterLabels.NodePool) ?? "") is not { } pool)
        {
            return conditions;
        }

        var nodeClass = informers.NodeClasses.Find(null, claim.Spec?.NodeClassRef?.Name ?? "");
        try
        {
            return DriftDetection.Reason(claim, pool, nodeClass, cloud.Sells) is { } reason
                ? conditions.With(time.GetUtcNow(), Drifted, "True", reason, reason)
                : conditions.Without(Drifted);
        }
        catch (FormatException)
        {
            return conditions; // the pool's status says what is wrong with it
        }
    }
}
