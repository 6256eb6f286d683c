using Hearth.Kube.Core;
using Hearth.Kube.Selectors;
using Hearth.Scheduling.Fit;

namespace Hearth.Scheduling.Preemption;

/// <summary>A PodDisruptionBudget as decisions see it.</summary>
public sealed class PodBudget
{
    private readonly LabelSelector? _selector;
    private readonly IReadOnlyDictionary<string, DateTimeOffset>? _disrupted;

    private PodBudget(PodDisruptionBudget source)
    {
        Name = source.Metadata.Name ?? "";
        Namespace = source.Metadata.Namespace ?? "";
        Allowed = source.Status?.DisruptionsAllowed ?? 0;
        _selector = Selectors.Compile(source.Spec?.Selector);
        _disrupted = source.Status?.DisruptedPods;
    }

    public string Name { get; }
    public string Namespace { get; }

    /// <summary>How many more pods may go now (<c>status.disruptionsAllowed</c>).</summary>
    public int Allowed { get; }

    /// <summary>From the object.</summary>
    public static PodBudget From(PodDisruptionBudget source) => new(source);

    /// <summary>Whether it speaks of a pod. One without a selector, or with an empty one, is passed over by preemption as upstream does; a pod without labels matches nothing.</summary>
    public bool Covers(PodInfo pod) =>
        _selector is { Requirements.Count: > 0 } && pod.Labels.Count > 0
        && string.Equals(pod.Namespace, Namespace, StringComparison.Ordinal) && _selector.Matches(pod.Labels);

    /// <summary>Whether its selector matches labels: an empty one does, an absent one does not.</summary>
    public bool Selects(IReadOnlyDictionary<string, string>? labels) => _selector?.Matches(labels) == true;

    /// <summary>Whether the budget has granted the pod's end already.</summary>
    public bool HasGranted(PodInfo pod) => _disrupted?.ContainsKey(pod.Name) == true;

    /// <summary>Parts pods by whether losing them, in this order, breaks a budget (kube-scheduler, filterPodsWithPDBViolation).</summary>
    public static (List<PodInfo> Violating, List<PodInfo> Others) Part(IEnumerable<PodInfo> pods, IReadOnlyList<PodBudget> budgets)
    {
        var left = budgets.Select(b => b.Allowed).ToArray();
        var (violating, others) = (new List<PodInfo>(), new List<PodInfo>());
        foreach (var pod in pods)
        {
            var broken = false;
            for (var i = 0; i < left.Length; i++)
            {
                if (budgets[i].Covers(pod) && !budgets[i].HasGranted(pod) && --left[i] < 0)
                {
                    broken = true;
                }
            }

            (broken ? violating : others).Add(pod);
        }

        return (violating, others);
    }
}
