using Hearth.Scheduling.Fit;

namespace Hearth.Scheduling.Preemption;

/// <summary>Whom a pod drives away.</summary>
/// <param name="NodeName">Where it will have room: its <c>nominatedNodeName</c>.</param>
/// <param name="Victims">Pods that must leave, most important first.</param>
/// <param name="Violations">How many of them no disruption budget allows to go: upstream tries to keep budgets, and breaks them when nothing else helps.</param>
/// <param name="Overtaken">Pods of lower priority that were promised room on this node and must look for another.</param>
public sealed record PreemptionDecision(string NodeName, IReadOnlyList<PodInfo> Victims, int Violations, IReadOnlyList<PodInfo> Overtaken);

/// <summary>
/// kube-scheduler's DefaultPreemption: finds on which node the least harm is done by driving pods of lower priority away. Where upstream looks at a random sample
/// of the nodes, this looks at the first by name, so the same cluster gives the same victims.
/// </summary>
public static class PreemptionPlanner
{
    internal const string NoVictims = "No preemption victims found for incoming pod";
    private const string NotHelpful = "Preemption is not helpful for scheduling";
    private const string NeverPreempts = "not eligible due to preemptionPolicy=Never.";
    private const string Waits = "not eligible due to a terminating pod on the nominated node.";
    private const int LeastCandidates = 100; // minCandidateNodesAbsolute
    private const int LeastCandidatesPercent = 10; // minCandidateNodesPercentage

    /// <summary>Decides for a pod that no node takes, and says in <paramref name="failure"/> why not when there is nothing to gain.</summary>
    public static PreemptionDecision? Decide(PlacementFilters filters, FitFailure failure, IReadOnlyList<PodBudget> budgets)
    {
        if (NotEligible(filters, failure) is { } reason)
        {
            (failure.Preemption, failure.KeepsNomination) = (reason, true);
            return null;
        }

        var reasons = new Dictionary<string, int>(StringComparer.Ordinal);
        Count(reasons, NotHelpful, failure.Helpless);
        var candidates = Candidates(filters, failure, budgets, reasons);
        if (candidates.Count == 0)
        {
            failure.Preemption = $"0/{failure.NodeCount} nodes are available: {string.Join(", ", FitFailure.Sorted(reasons))}.";
            return null;
        }

        var best = Least(candidates);
        var overtaken = filters.Cluster.Nominations.On(best.Node.Name).Where(p => p.Priority < filters.Pod.Priority).ToArray();
        return new PreemptionDecision(best.Node.Name, best.Pods, best.Violations, overtaken);
    }

    /// <summary>
    /// The one with the least harm: fewest broken budgets, then the lowest highest priority, the smallest sum of priorities, the fewest pods, the latest start of
    /// the most important (pickOneNodeForPreemption). Equals go by name.
    /// </summary>
    public static NodeVictims Least(IEnumerable<NodeVictims> candidates) => candidates
        .OrderBy(c => c.Violations)
        .ThenBy(c => c.Pods[0].Priority)
        .ThenBy(c => c.Pods.Sum(p => p.Priority + (long)int.MaxValue + 1)) // never negative, so that more pods are more harm
        .ThenBy(c => c.Pods.Count)
        .ThenByDescending(c => c.EarliestStart)
        .First();

    private static string? NotEligible(PlacementFilters filters, FitFailure failure)
    {
        if (!filters.Pod.MayPreempt)
        {
            return NeverPreempts;
        }

        var promised = filters.Cluster.Nominations.NodeOf(filters.Pod.Key);
        return promised is not null && !failure.IsHelpless(promised)
            && filters.Cluster.Find(promised)?.Pods.Any(p => p.IsPreempted && p.Priority < filters.Pod.Priority) == true
            ? Waits
            : null;
    }

    private static List<NodeVictims> Candidates(PlacementFilters filters, FitFailure failure, IReadOnlyList<PodBudget> budgets, Dictionary<string, int> reasons)
    {
        var found = new List<NodeVictims>();
        if (!filters.Cluster.HasPodsBelow(filters.Pod.Priority))
        {
            Count(reasons, NoVictims, failure.Crowded.Count);
            return found;
        }

        var enough = Math.Min(failure.Crowded.Count, Math.Max(LeastCandidates, failure.Crowded.Count * LeastCandidatesPercent / 100));
        var harmless = 0;
        foreach (var node in failure.Crowded)
        {
            if (NodeVictims.Find(filters, node, budgets, out var refusal) is { } victims)
            {
                found.Add(victims);
                harmless += victims.Violations == 0 ? 1 : 0;
                if (harmless > 0 && found.Count >= enough)
                {
                    break;
                }
            }
            else
            {
                foreach (var each in refusal!.Reasons)
                {
                    Count(reasons, each, 1);
                }
            }
        }

        return found;
    }

    private static void Count(Dictionary<string, int> reasons, string reason, int by)
    {
        if (by > 0)
        {
            reasons[reason] = reasons.GetValueOrDefault(reason) + by;
        }
    }
}
