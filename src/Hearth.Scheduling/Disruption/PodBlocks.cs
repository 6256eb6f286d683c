using Hearth.Kube.Core;
using Hearth.Kube.Selectors;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Karpenter;

namespace Hearth.Scheduling.Disruption;

/// <summary>Why pods forbid that their node is taken away (Karpenter, state/statenode.go and utils/pdb): their own wish, or a disruption budget that has nothing left.</summary>
public sealed class PodBlocks
{
    private readonly ILookup<string, (string Name, LabelSelector Selector, PodDisruptionBudget Budget)> _budgets;
    private readonly DateTimeOffset _now;

    /// <summary>Reads the budgets once for all nodes of a decision.</summary>
    public PodBlocks(IEnumerable<PodDisruptionBudget> budgets, DateTimeOffset now)
    {
        _now = now;
        _budgets = budgets
            .Select(b => (Namespace: b.Metadata.Namespace ?? "", Name: b.Metadata.Name ?? "", Selector: Selectors.Compile(b.Spec?.Selector), Budget: b))
            .Where(b => b.Selector is not null)
            .ToLookup(b => b.Namespace, b => (b.Name, b.Selector!, b.Budget), StringComparer.Ordinal);
    }

    /// <summary>The first reason among the active pods of a node, daemons included, in the words of upstream's events; null when there is none.</summary>
    public string? First(IEnumerable<Pod> pods) => pods.Select(Of).FirstOrDefault(b => b is not null);

    private string? Of(Pod pod)
    {
        var key = $"{pod.Metadata.Namespace}/{pod.Metadata.Name}";
        if (IsProtected(pod, _now))
        {
            return $"Pod has \"{KarpenterLabels.DoNotDisrupt}\" annotation (Pod={key})";
        }

        var mine = _budgets[pod.Metadata.Namespace ?? ""].Where(b => b.Selector.Matches(pod.Metadata.Labels)).ToArray();
        return mine.Length switch
        {
            0 => null,
            > 1 => $"Eviction does not support multiple PDBs (PDBs={string.Join(',', mine.Select(b => $"{pod.Metadata.Namespace}/{b.Name}"))})",
            _ when (mine[0].Budget.Status?.DisruptionsAllowed ?? 0) > 0 => null,
            _ => $"PDB prevents pod evictions (PDB={pod.Metadata.Namespace}/{mine[0].Name})",
        };
    }

    /// <summary>The annotation is <c>true</c>, or a duration counted from the pod's start that has not passed yet (v1.12). Other values protect nothing.</summary>
    public static bool IsProtected(Pod pod, DateTimeOffset now)
    {
        var wish = pod.Metadata.Annotation(KarpenterLabels.DoNotDisrupt);
        if (wish is null or "true")
        {
            return wish is not null;
        }

        try
        {
            var started = pod.Status?.StartTime ?? pod.Metadata.CreationTimestamp;
            return KarpenterDuration.Parse(wish) is { } time && started is { } start && start + time > now;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
