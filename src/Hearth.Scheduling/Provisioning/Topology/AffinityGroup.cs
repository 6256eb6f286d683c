using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Requirements;

namespace Hearth.Scheduling.Provisioning.Topology;

/// <summary>
/// A term of pod affinity: only domains that have such pods. The first pod of a group that wants to be near itself may begin anywhere, but only while no pod of the
/// group is in any domain: so says kube-scheduler. (Upstream also begins anew when the others are where the pod cannot go, and launches nodes that stay empty.)
/// </summary>
internal sealed class AffinityGroup(PodTerm term, NamespaceLabels namespaces, LabelClasses classes) : TopologyGroup(term.TopologyKey, p => term.Matches(p, namespaces), classes)
{
    public override string Kind => "pod affinity";

    public override bool RefusesForGood => false;

    public override bool AcceptsUnlabelled => false;

    public override bool Accepts(string domain, DomainQuestion question) => Count(domain) > 0 || IsFirst(question);

    public override IEnumerable<Requirement?> Options(Requirement? open, DomainQuestion question)
    {
        var with = Common(open, question.Wanted).Where(d => Count(d) > 0).ToArray();
        if (with.Length > 0)
        {
            return [Requirement.In(Key, with)];
        }

        return IsFirst(question) ? [.. Common(open, question.Wanted).Select(d => Requirement.In(Key, d))] : [];
    }

    /// <summary>Others of the group may be on the same new node: wherever that will be, all are together.</summary>
    private bool IsFirst(DomainQuestion question) => question.Counted && Total == 0 && Floating == question.Here;
}
