using Hearth.Kube.Core;

namespace Hearth.Cluster.Controllers.Workloads;

/// <summary>How many replicas each replica set of a deployment shall have next: one step of a rollout (kubernetes, pkg/controller/deployment/rolling.go, recreate.go).</summary>
internal static class Rollout
{
    /// <summary>What changes.</summary>
    /// <param name="deployment">What is wanted.</param>
    /// <param name="current">The set of its present template.</param>
    /// <param name="old">The others, oldest first.</param>
    /// <param name="oldPods">Pods of the others that have not ended.</param>
    public static IReadOnlyList<(ReplicaSet Set, int Replicas)> Next(Deployment deployment, ReplicaSet current, IReadOnlyList<ReplicaSet> old, int oldPods)
    {
        var wanted = deployment.Spec?.Replicas ?? 1;
        if (deployment.Spec?.Paused == true)
        {
            return Have(current) + old.Sum(Have) is > 0 and var all && all != wanted && old.All(o => Have(o) == 0) ? [(current, wanted)] : [];
        }

        if (deployment.Spec?.Strategy?.Type == "Recreate")
        {
            var active = old.Where(o => Have(o) > 0).ToArray();
            return active.Length > 0 ? [.. active.Select(o => (o, 0))] : oldPods == 0 && Have(current) != wanted ? [(current, wanted)] : [];
        }

        var (surge, unavailable) = Bounds(deployment, wanted);
        if (Grow(current, old, wanted, surge) is { } replicas)
        {
            return [(current, replicas)];
        }

        return Shrink(current, old, wanted, unavailable);
    }

    /// <summary>Whether all pods are of the present template and available.</summary>
    public static bool IsComplete(Deployment deployment, ReplicaSet current, IReadOnlyList<ReplicaSet> old)
    {
        var wanted = deployment.Spec?.Replicas ?? 1;
        return (current.Status?.Replicas ?? 0) == wanted && (current.Status?.AvailableReplicas ?? 0) == wanted && old.All(o => (o.Status?.Replicas ?? 0) == 0);
    }

    /// <summary>Pods beyond the wanted number, and pods that may be missing; never both 0.</summary>
    public static (int Surge, int Unavailable) Bounds(Deployment deployment, int wanted)
    {
        var rules = deployment.Spec?.Strategy?.RollingUpdate;
        var surge = PodTemplates.Amount(rules?.MaxSurge, wanted, up: true);
        var unavailable = PodTemplates.Amount(rules?.MaxUnavailable, wanted, up: false);
        return (surge, surge + unavailable == 0 ? 1 : Math.Min(unavailable, wanted));
    }

    private static int Have(ReplicaSet set) => set.Spec?.Replicas ?? 0;

    private static int Available(ReplicaSet set) => set.Status?.AvailableReplicas ?? 0;

    private static int? Grow(ReplicaSet current, IReadOnlyList<ReplicaSet> old, int wanted, int surge)
    {
        var have = Have(current);
        if (have > wanted)
        {
            return wanted;
        }

        var room = wanted + surge - have - old.Sum(Have);
        return have < wanted && room > 0 ? have + Math.Min(room, wanted - have) : null;
    }

    private static List<(ReplicaSet Set, int Replicas)> Shrink(ReplicaSet current, IReadOnlyList<ReplicaSet> old, int wanted, int unavailable)
    {
        var left = old.ToDictionary(o => o, Have);
        var fewest = wanted - unavailable;

        // Pods of old sets that are not available anyway go first, as many as the total allows.
        var unready = left.Values.Sum() + Have(current) - fewest - (Have(current) - Available(current));
        foreach (var set in old)
        {
            var cut = Math.Clamp(Math.Min(left[set] - Available(set), unready), 0, left[set]);
            left[set] -= cut;
            unready -= cut;
        }

        var spare = Available(current) + old.Sum(o => Math.Min(Available(o), left[o])) - fewest;
        foreach (var set in old)
        {
            var cut = Math.Clamp(spare, 0, left[set]);
            left[set] -= cut;
            spare -= cut;
        }

        return [.. old.Where(o => left[o] != Have(o)).Select(o => (o, left[o]))];
    }
}
