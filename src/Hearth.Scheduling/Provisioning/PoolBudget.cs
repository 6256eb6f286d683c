using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Resources;

namespace Hearth.Scheduling.Provisioning;

/// <summary>One pool while a plan spends its limits.</summary>
internal sealed class PoolBudget
{
    private readonly Dictionary<string, long>? _remaining;

    public PoolBudget(PoolState state, IReadOnlyList<PodInfo> daemons)
    {
        Pool = state.Pool;
        _remaining = state.Limits?.ToDictionary(
            l => l.Key,
            l => l.Value - (l.Key == PoolState.NodesLimit ? state.Nodes : state.Used[l.Key]),
            StringComparer.Ordinal);
        Daemons = DaemonLoad.Of(state.Pool, daemons);
    }

    public PoolInfo Pool { get; }

    /// <summary>Requests of the daemons that nodes of the pool will run.</summary>
    public DaemonLoad Daemons { get; }

    /// <summary>Types whose whole capacity is still within the limits.</summary>
    public TypeSet Affordable() => _remaining is null ? Pool.All : Pool.All.Where(i => Affords(Pool.Types[i].Capacity));

    /// <summary>Takes off the largest node that the claim could become: the real one may be smaller, and then a later plan has more left.</summary>
    public void Spend(TypeSet types)
    {
        if (_remaining is null)
        {
            return;
        }

        foreach (var name in _remaining.Keys.ToArray())
        {
            _remaining[name] -= name == PoolState.NodesLimit ? 1 : types.Members().Max(i => Pool.Types[i].Capacity[name]);
        }
    }

    private bool Affords(ResourceVector capacity)
    {
        foreach (var (name, left) in _remaining!)
        {
            if ((name == PoolState.NodesLimit ? 1 : capacity[name]) > left)
            {
                return false;
            }
        }

        return true;
    }
}
