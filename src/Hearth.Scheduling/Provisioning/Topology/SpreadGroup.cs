using Hearth.Kube.Core;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Requirements;

namespace Hearth.Scheduling.Provisioning.Topology;

/// <summary>A topology spread constraint: no domain may have more than <c>maxSkew</c> pods above the emptiest one that the pod could be in.</summary>
internal sealed class SpreadGroup(SpreadTerm term, string ns, TopologyNodeFilter filter, LabelClasses classes)
    : TopologyGroup(term.TopologyKey, p => term.Matches(p, ns), classes)
{
    public override string Kind => "topology spread";

    // The emptiest host is always one that is not there yet, so its count of 0 never rises.
    public override bool RefusesForGood => ByHost;

    public override bool AcceptsUnlabelled => false;

    public override bool Includes(IReadOnlyList<Taint> taints, RequirementSet node, Func<string, bool> mayBeUndefined) => filter.Matches(taints, node, mayBeUndefined);

    public override bool Accepts(string domain, DomainQuestion question) =>
        (ByHost || Knows(domain)) && Count(domain) + (question.Counted ? 1 : 0) - Minimum(question.Wanted) <= term.MaxSkew;

    /// <summary>The emptiest domains first; each for itself, since the constraint holds for one.</summary>
    public override IEnumerable<Requirement?> Options(Requirement? open, DomainQuestion question) =>
        Common(open, question.Wanted).Where(d => Accepts(d, question)).OrderBy(Count).Select(d => Requirement.In(Key, d)).ToArray();

    private int Minimum(Requirement? wanted)
    {
        if (ByHost)
        {
            return 0;
        }

        var (minimum, domains) = (int.MaxValue, 0);
        foreach (var (domain, count) in Counts)
        {
            // kube-scheduler counts every domain when node affinity is ignored; the pod's own zone is then no excuse.
            if (!term.HonorsAffinity || wanted?.Allows(domain) != false)
            {
                domains++;
                minimum = Math.Min(minimum, count);
            }
        }

        return domains == 0 || domains < term.MinDomains ? 0 : minimum;
    }
}
