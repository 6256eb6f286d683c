using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Requirements;
using Hearth.Scheduling.Resources;

namespace Hearth.Scheduling.Provisioning;

/// <summary>What daemons request on the nodes of a pool, type by type: one that wants arm64 loads no other nodes (Karpenter v1.14, groups of types with the same daemons).</summary>
internal sealed class DaemonLoad
{
    private readonly ResourceVector[]? _byType;
    private readonly ResourceVector _all;

    private DaemonLoad(ResourceVector all, ResourceVector[]? byType) => (_all, _byType) = (all, byType);

    /// <summary>Of the daemons that tolerate the pool's taints and that its requirements let in.</summary>
    public static DaemonLoad Of(PoolInfo pool, IReadOnlyList<PodInfo> daemons)
    {
        var running = daemons
            .Where(d => pool.Taints.All(t => Taints.Tolerated(t, d.Tolerations)))
            .Select(d => (Pod: d, Wanted: PodWishes.Of(d).Strict))
            .Where(d => pool.Requirements.Conflict(d.Wanted, KarpenterLabels.WellKnown.Contains) is null).ToArray();
        if (running.All(d => pool.Types.All(t => TypeOffer.LabelsMatch(t.Type, d.Wanted))))
        {
            return new(running.Aggregate(ResourceVector.Zero, (sum, d) => sum + d.Pod.Requests), null);
        }

        return new(default,
        [
            .. pool.Types.Select(t => running.Where(d => TypeOffer.LabelsMatch(t.Type, d.Wanted)).Aggregate(ResourceVector.Zero, (sum, d) => sum + d.Pod.Requests)),
        ]);
    }

    /// <summary>The types that take pods beside their daemons.</summary>
    public TypeSet Fitting(PoolInfo pool, ResourceVector pods, TypeSet among)
    {
        if (_byType is null)
        {
            return pool.Fitting(pods + _all, among);
        }

        return among.Where(i => (pods + _byType[i]).FitsIn(pool.Types[i].Allocatable));
    }

    /// <summary>What every one of these types has to bear at least.</summary>
    public ResourceVector Least(TypeSet among)
    {
        if (_byType is null)
        {
            return _all;
        }

        ResourceVector? least = null;
        foreach (var i in among.Members())
        {
            least = least is { } known ? ResourceVector.Min(known, _byType[i]) : _byType[i];
        }

        return least ?? default;
    }
}
