using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Requirements;

namespace Hearth.Scheduling.Provisioning.Topology;

/// <summary>
/// A term of pod anti-affinity: only domains without such pods. The same turned round protects pods that have the term from those it speaks of: then the domains of
/// the pods that have it are recorded.
/// </summary>
internal sealed class AntiAffinityGroup(PodTerm term, NamespaceLabels namespaces, LabelClasses classes) : TopologyGroup(term.TopologyKey, p => term.Matches(p, namespaces), classes)
{
    public override string Kind => "pod anti-affinity";

    public override bool RefusesForGood => true;

    public override bool AcceptsUnlabelled => true;

    public override bool CountsEveryPossible => true;

    public override bool Accepts(string domain, DomainQuestion question) => Count(domain) == 0;

    public override IEnumerable<Requirement?> Options(Requirement? open, DomainQuestion question)
    {
        if (Total == 0)
        {
            return [null];
        }

        var free = Common(open, question.Wanted).Where(d => Count(d) == 0).ToArray();
        if (free.Length > 0)
        {
            return [Requirement.In(Key, free)];
        }

        // A label that no pool gives: nodes without it have nobody beside them.
        return Counts.Keys.Any(d => open?.Allows(d) != false) ? [] : [null];
    }
}
