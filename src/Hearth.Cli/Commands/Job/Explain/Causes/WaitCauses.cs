using System.Text.RegularExpressions;
using Hearth.Kube.Core;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Requirements;

namespace Hearth.Cli.Commands.Job.Explain.Causes;

/// <summary>Why a pod has no node: of all pools, what counts is what the one that the pod means has against it.</summary>
internal static partial class WaitCauses
{
    public static Cause Of(JobFacts facts, PodStory pod)
    {
        var wait = pod.Wait!;
        if (wait.Coming is { } claim)
        {
            return new Cause(CauseKinds.Coming, $"A node for the {pod.Role} is on its way.", [claim.Length > 0 ? $"node claim {claim}" : "a node claim was made"], ["wait: instances take a while to start"]);
        }

        var named = wait.Pools.Where(p => p.Pool is not null).ToArray();
        var meant = named.Where(p => Means(facts, pod, p.Pool!)).ToArray();
        var refusals = meant.Length > 0 ? meant : named.Where(p => p.Kind == PoolRefusalKind.Requirement).DefaultIfEmpty(named.FirstOrDefault()).OfType<PoolRefusal>().ToArray();
        var first = refusals.OrderBy(r => Rank(r.Kind)).FirstOrDefault();
        string[] evidence =
        [
            $"{pod.Name} asks for {wait.Asks}",
            .. refusals.Where(r => r.Kind == first?.Kind).Select(r => $"{r.Pool}: {r.Reason}"),
            .. (wait.Nodes?.Refusals ?? []).Select(r => FormattableString.Invariant($"{r.Count} of {wait.Nodes!.Nodes} nodes: {r.Reason}")),
        ];
        return first is null
            ? WithoutPools(pod, evidence)
            : new Cause(Kind(first.Kind), Sentence(pod, first), evidence, WaysOut.Of([.. refusals.Where(r => r.Kind == first.Kind)], pod.Role));
    }

    /// <summary>No pool has an opinion: what the nodes have against it. One that only lacks room is the nearest miss.</summary>
    private static Cause WithoutPools(PodStory pod, string[] evidence)
    {
        var wait = pod.Wait!;
        if (wait.Room is { } room)
        {
            return pod.Exists
                ? new Cause(CauseKinds.Coming, $"The {pod.Role} waits for its node, and nothing keeps it from one.", [.. evidence, room], ["wait: scheduler and provisioner have not come to it yet, or its node has just become free"])
                : new Cause(CauseKinds.StartTimeout, $"No node took the {pod.Role} in time.", [.. evidence, room], ["submit it again; raise job-start-timeout (classification emr-containers-defaults) when nodes take longer"]);
        }

        var refusals = (wait.Nodes?.Refusals ?? []).Select(r => Refusal(r.Reason)).OrderBy(r => Rank(r.Kind)).ToArray();
        return refusals is [{ Kind: not PoolRefusalKind.Other } nearest, ..]
            ? new Cause(Kind(nearest.Kind), NodeSentence(pod, nearest), evidence, WaysOut.Of([.. refusals.Where(r => r.Kind == nearest.Kind)], pod.Role))
            : new Cause(CauseKinds.StartTimeout, $"No node takes the {pod.Role}.", evidence, ["`hearth lint` and `hearth plan` look at the request against the platform"]);
    }

    private static PoolRefusal Refusal(string reason) => reason switch
    {
        _ when reason.StartsWith("Insufficient ", StringComparison.Ordinal) || reason == Hearth.Scheduling.Fit.Refusal.TooManyPods => new(null, PoolRefusalKind.Size, reason),
        _ when NodeTaint().Match(reason) is { Success: true } taint => new(null, PoolRefusalKind.Taint, reason, taint.Groups["taint"].Value.Replace(": ", "=", StringComparison.Ordinal)),
        Hearth.Scheduling.Fit.Refusal.NodeAffinity => new(null, PoolRefusalKind.Requirement, reason),
        _ => new(null, PoolRefusalKind.Other, reason),
    };

    private static string NodeSentence(PodStory pod, PoolRefusal refusal) => refusal.Kind switch
    {
        PoolRefusalKind.Size => $"No node that the {pod.Role} may be on has enough left for it.",
        PoolRefusalKind.Taint => $"The {pod.Role} does not tolerate the taint {refusal.Subject} of the nodes.",
        _ => $"No node has the labels that the {pod.Role} wants.",
    };

    [GeneratedRegex(@"untolerated taint \{(?<taint>[^}]*)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NodeTaint();

    /// <summary>Whether every label that the pod selects is one of the pool's.</summary>
    private static bool Means(JobFacts facts, PodStory pod, string pool)
    {
        var selector = facts.Pods.FirstOrDefault(p => p.Metadata.Name == pod.Name)?.Spec?.NodeSelector ?? (pod.Role == "driver" ? facts.Driver?.Spec?.NodeSelector : null);
        var found = facts.Pools.FirstOrDefault(p => p.Metadata.Name == pool);
        if (selector is not { Count: > 0 } || found is null)
        {
            return true;
        }

        var own = RequirementSet.OfLabels(found.Spec?.Template?.Metadata?.Labels).Add((found.Spec?.Template?.Spec?.Requirements ?? []).Select(Requirement.From)).Add(Requirement.In(KarpenterLabels.NodePool, pool));
        return selector.All(s => own.Find(s.Key)?.Allows(s.Value) ?? KarpenterLabels.WellKnown.Contains(s.Key));
    }

    private static int Rank(PoolRefusalKind kind) => kind switch
    {
        PoolRefusalKind.Limit => 0,
        PoolRefusalKind.Size => 1,
        PoolRefusalKind.Taint => 2,
        PoolRefusalKind.Offering => 3,
        PoolRefusalKind.Requirement => 4,
        _ => 5,
    };

    private static string Kind(PoolRefusalKind kind) => kind switch
    {
        PoolRefusalKind.Limit => CauseKinds.Limit,
        PoolRefusalKind.Size => CauseKinds.Size,
        PoolRefusalKind.Taint => CauseKinds.Taint,
        PoolRefusalKind.Offering => CauseKinds.Offering,
        PoolRefusalKind.Requirement => CauseKinds.Selector,
        _ => CauseKinds.Unknown,
    };

    private static string Sentence(PodStory pod, PoolRefusal refusal) => refusal.Kind switch
    {
        PoolRefusalKind.Limit => $"The limits of pool {refusal.Pool} allow no further node for the {pod.Role}.",
        PoolRefusalKind.Size => $"The {pod.Role} is larger than every node that a pool could launch.",
        PoolRefusalKind.Taint => $"The {pod.Role} does not tolerate the taint {refusal.Subject} of pool {refusal.Pool}.",
        PoolRefusalKind.Offering => $"Nothing that pool {refusal.Pool} may launch is for sale as the {pod.Role} wants it.",
        PoolRefusalKind.Requirement => $"No node has the labels that the {pod.Role} wants ({refusal.Subject}).",
        _ => $"No pool launches a node for the {pod.Role}.",
    };
}
