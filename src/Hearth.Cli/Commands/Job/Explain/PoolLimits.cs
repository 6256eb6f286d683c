using Hearth.Kube.Quantities;
using Hearth.Scheduling.Karpenter;

namespace Hearth.Cli.Commands.Job.Explain;

/// <summary>Says how much of a pool's limits is used, where a message only says that they are reached.</summary>
internal static class PoolLimits
{
    public static PoolRefusal Complete(PoolRefusal refusal, IReadOnlyList<NodePool> pools)
    {
        var pool = refusal.Kind == PoolRefusalKind.Limit ? pools.FirstOrDefault(p => p.Metadata.Name == refusal.Pool) : null;
        if (pool?.Spec?.Limits is not { Count: > 0 } limits)
        {
            return refusal;
        }

        var used = limits.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key} {Used(pool, l.Key)} of {l.Value}");
        var text = string.Join(", ", used);
        return refusal with { Reason = $"another node would exceed its limits (in use: {text})", Subject = text };
    }

    private static Quantity Used(NodePool pool, string name) =>
        name == "nodes" ? new Quantity(pool.Status?.Nodes ?? 0) : pool.Status?.Resources?.GetValueOrDefault(name) ?? Quantity.Zero;
}
