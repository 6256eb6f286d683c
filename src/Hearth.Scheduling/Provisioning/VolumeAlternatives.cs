using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Requirements;

namespace Hearth.Scheduling.Provisioning;

/// <summary>The ways in which all bound volumes of a pod could be reached: one term of each, every combination, in order.</summary>
internal static class VolumeAlternatives
{
    private static readonly IReadOnlyList<RequirementSet> Free = [RequirementSet.Empty];

    public static IReadOnlyList<RequirementSet> Of(PodInfo pod)
    {
        if (pod.Volumes.Alternatives.Count == 0)
        {
            return Free;
        }

        IEnumerable<RequirementSet> combined = Free;
        foreach (var terms in pod.Volumes.Alternatives)
        {
            // A volume that is tied to one host cannot be on a node to be: its hostname does not narrow the choice (volumetopology.go).
            var sets = terms
                .Select(t => RequirementSet.From(t.Source.MatchExpressions).Remove(KarpenterLabels.Hostname))
                .ToArray();
            combined = combined.SelectMany(c => sets.Select(s => c.Add(s.Items)));
        }

        return [.. combined];
    }
}
