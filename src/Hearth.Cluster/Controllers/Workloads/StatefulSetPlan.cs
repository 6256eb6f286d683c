using System.Globalization;
using Hearth.Kube.Core;

namespace Hearth.Cluster.Controllers.Workloads;

/// <summary>What happens next to a stateful set's pods.</summary>
/// <param name="Create">Ordinals that get a pod.</param>
/// <param name="Delete">Pods that go.</param>
internal sealed record StatefulStep(IReadOnlyList<int> Create, IReadOnlyList<Pod> Delete)
{
    public static StatefulStep Nothing { get; } = new([], []);
}

/// <summary>Decides one step (kubernetes, pkg/controller/statefulset/stateful_set_control.go): in order, one at a time, or all at once with the policy Parallel.</summary>
internal static class StatefulSetPlan
{
    public const string RevisionLabel = "controller-revision-hash";

    /// <summary>The step.</summary>
    /// <param name="set">What is wanted.</param>
    /// <param name="pods">Its pods by ordinal, those that are going among them.</param>
    /// <param name="coming">Ordinals that were created a moment ago.</param>
    /// <param name="revision">Of the present template.</param>
    /// <param name="now">For <c>minReadySeconds</c>.</param>
    public static StatefulStep Next(StatefulSet set, IReadOnlyDictionary<int, Pod> pods, IReadOnlySet<int> coming, string revision, DateTimeOffset now)
    {
        var first = set.Spec?.Ordinals?.Start ?? 0;
        var wanted = Enumerable.Range(first, set.Spec?.Replicas ?? 1).ToArray();
        var parallel = set.Spec?.PodManagementPolicy == "Parallel";
        var ended = pods.Values.Where(p => p.IsFinished() && !p.Metadata.IsDeleting()).ToArray();
        if (ended.Length > 0)
        {
            return new([], ended); // such a pod is replaced under its own name
        }

        var create = new List<int>();
        foreach (var ordinal in wanted)
        {
            if (!pods.TryGetValue(ordinal, out var pod))
            {
                if (!coming.Contains(ordinal))
                {
                    create.Add(ordinal);
                }

                if (!parallel)
                {
                    return new(create, []);
                }
            }
            else if (!parallel && (pod.Metadata.IsDeleting() || !IsUp(set, pod, now)))
            {
                return StatefulStep.Nothing;
            }
        }

        if (create.Count > 0)
        {
            return new(create, []);
        }

        var spare = pods.Where(p => !wanted.Contains(p.Key)).OrderByDescending(p => p.Key).Select(p => p.Value).ToArray();
        if (spare.Length > 0)
        {
            return parallel ? new([], [.. spare.Where(p => !p.Metadata.IsDeleting())]) : spare[0].Metadata.IsDeleting() ? StatefulStep.Nothing : new([], [spare[0]]);
        }

        return Update(set, pods, wanted, revision, now);
    }

    /// <summary>The ordinal in a pod's name, or null.</summary>
    public static int? Ordinal(string set, string pod) =>
        pod.StartsWith(set + "-", StringComparison.Ordinal) && int.TryParse(pod.AsSpan(set.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal) ? ordinal : null;

    private static bool IsUp(StatefulSet set, Pod pod, DateTimeOffset now) => pod.Status?.Phase == "Running" && PodTemplates.IsAvailable(pod, set.Spec?.MinReadySeconds ?? 0, now);

    /// <summary>The highest first, the next when it is up again; those below the partition stay.</summary>
    private static StatefulStep Update(StatefulSet set, IReadOnlyDictionary<int, Pod> pods, int[] wanted, string revision, DateTimeOffset now)
    {
        if (set.Spec?.UpdateStrategy?.Type == "OnDelete")
        {
            return StatefulStep.Nothing;
        }

        var partition = set.Spec?.UpdateStrategy?.RollingUpdate?.Partition ?? 0;
        foreach (var ordinal in wanted.Where(o => o >= partition).OrderDescending())
        {
            if (!pods.TryGetValue(ordinal, out var pod) || pod.Metadata.IsDeleting())
            {
                return StatefulStep.Nothing;
            }

            if (pod.Metadata.Label(RevisionLabel) != revision)
            {
                return new([], [pod]);
            }

            if (!IsUp(set, pod, now))
            {
                return StatefulStep.Nothing;
            }
        }

        return StatefulStep.Nothing;
    }
}
