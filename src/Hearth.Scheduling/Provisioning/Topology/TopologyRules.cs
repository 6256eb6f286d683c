using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Requirements;

namespace Hearth.Scheduling.Provisioning.Topology;

/// <summary>A rule that a pod must keep.</summary>
/// <param name="Group">Counts.</param>
/// <param name="Counted">The pod itself counts in it.</param>
internal readonly record struct TopologyRule(TopologyGroup Group, bool Counted);

/// <summary>What other pods mean to the pods of one class: the rules they keep, and the groups that count them once they have a place.</summary>
/// <param name="Rules">Their own rules that still hold, and the anti-affinity of others that speaks of them; rules by host first.</param>
/// <param name="Counts">Groups that count them.</param>
/// <param name="Protects">Their own required anti-affinity, as others see it.</param>
internal sealed record TopologyRules(TopologyRule[] Rules, TopologyGroup[] Counts, TopologyGroup[] Protects)
{
    /// <summary>Other pods mean nothing to them.</summary>
    public static TopologyRules None { get; } = new([], [], []);

    /// <summary>No rule to keep.</summary>
    public bool IsFree => Rules.Length == 0;

    /// <summary>The first rule that forbids a present node, or null.</summary>
    public TopologyGroup? ForbiddenBy(NodeSlot node, RequirementSet wanted)
    {
        foreach (var (group, counted) in Rules)
        {
            var accepted = node.Domain(group.Key) is { } domain
                ? group.Accepts(domain, new(wanted.Find(group.Key), counted, 0))
                : group.AcceptsUnlabelled;
            if (!accepted)
            {
                return group;
            }
        }

        return null;
    }

    /// <summary>The first rule that forbids a new node whatever becomes of it, or null.</summary>
    public TopologyGroup? ForbiddenBy(OpenClaim claim, RequirementSet requirements, RequirementSet wanted)
    {
        foreach (var (group, counted) in Rules)
        {
            var question = new DomainQuestion(wanted.Find(group.Key), counted, claim.Floating(group));
            var possible = Domain(claim, group.Key, requirements) is { } domain
                ? group.Accepts(domain, question)
                : group.Options(requirements.Find(group.Key), question).Any();
            if (!possible)
            {
                return group;
            }
        }

        return null;
    }

    /// <summary>Ways in which the new node could take the pod: its requirements then, best first.</summary>
    public IEnumerable<RequirementSet> Narrowings(OpenClaim claim, RequirementSet requirements, RequirementSet wanted) => Narrow(0, claim, requirements, wanted);

    /// <summary>The pod is on a present node.</summary>
    public void Record(NodeSlot node)
    {
        foreach (var group in Counts)
        {
            if (node.Domain(group.Key) is { } domain && group.Includes(node.Taints, node.Labels, static _ => false))
            {
                group.Record(domain);
            }
        }

        foreach (var group in Protects)
        {
            if (node.Domain(group.Key) is { } domain)
            {
                group.Record(domain);
            }
        }
    }

    /// <summary>The pod is on a new node, whose requirements are already those that it has with it.</summary>
    public void Record(OpenClaim claim)
    {
        foreach (var group in Counts)
        {
            if (group.Includes(claim.Pool.Taints, claim.Requirements, KarpenterLabels.WellKnown.Contains))
            {
                Record(claim, group);
            }
        }

        foreach (var group in Protects)
        {
            Record(claim, group);
        }
    }

    /// <summary>The only value that a label of the node can have, or null while several are possible.</summary>
    public static string? Domain(OpenClaim claim, string key, RequirementSet requirements) =>
        key == KarpenterLabels.Hostname ? claim.Host : requirements.Single(key) ?? (claim.Pool.Domains(key) is { Count: 1 } only ? only[0] : null);

    private static void Record(OpenClaim claim, TopologyGroup group)
    {
        if (Domain(claim, group.Key, claim.Requirements) is { } domain)
        {
            group.Record(domain);
        }
        else if (group.CountsEveryPossible)
        {
            foreach (var possible in claim.Pool.Domains(group.Key).Where(d => claim.Requirements.Allows(group.Key, d)))
            {
                group.Record(possible);
            }
        }
        else
        {
            claim.Float(group);
        }
    }

    private IEnumerable<RequirementSet> Narrow(int rule, OpenClaim claim, RequirementSet requirements, RequirementSet wanted)
    {
        if (rule == Rules.Length)
        {
            return [requirements];
        }

        var (group, counted) = Rules[rule];
        var question = new DomainQuestion(wanted.Find(group.Key), counted, claim.Floating(group));
        if (Domain(claim, group.Key, requirements) is { } domain)
        {
            return group.Accepts(domain, question) ? Narrow(rule + 1, claim, requirements, wanted) : [];
        }

        return group.Options(requirements.Find(group.Key), question)
            .SelectMany(o => Narrow(rule + 1, claim, o is null ? requirements : requirements.Add(o), wanted));
    }
}
