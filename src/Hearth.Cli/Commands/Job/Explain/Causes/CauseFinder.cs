using Hearth.Jobs.Model;

namespace Hearth.Cli.Commands.Job.Explain.Causes;

/// <summary>Finds the cause in the facts. Pure; null when a run neither waits nor failed.</summary>
internal static class CauseFinder
{
    public static Cause? Of(JobFacts facts, IReadOnlyList<PodStory> pods) => facts.Run.State switch
    {
        JobRunState.Failed => FailureCauses.Of(facts, pods),
        JobRunState.Completed or JobRunState.Cancelled or JobRunState.CancelPending => null,
        _ => Waiting(facts, pods),
    };

    private static Cause? Waiting(JobFacts facts, IReadOnlyList<PodStory> pods)
    {
        var status = facts.Run.Status;
        var details = status?.StateDetails ?? "";
        if (status?.AttemptAt is { } at && at > facts.Now)
        {
            return new Cause(
                CauseKinds.RetryBackOff, $"The driver failed and is started again in {JobText.Span(at - facts.Now)}.", [details, .. facts.Errors.TakeLast(1)],
                ["wait, or cancel the run and correct what made the driver fail"]);
        }

        if (details.Contains("waits for a slot", StringComparison.Ordinal))
        {
            return new Cause(CauseKinds.Queue, "The virtual cluster runs as many job runs as it may.", [details], ["wait until another run of the virtual cluster ends, or raise maxConcurrentJobRuns (aws emr-containers update-virtual-cluster)"]);
        }

        if (details.Contains("exceeded quota", StringComparison.Ordinal))
        {
            return Quota(details);
        }

        if (pods.Where(p => p is { Exists: true, Node: null }).Select(p => YuniKornCauses.OfWait(facts, p)).FirstOrDefault(c => c is not null) is { } held)
        {
            return held;
        }

        var waiting = pods.FirstOrDefault(p => p is { Role: "driver", Exists: true, Node: null, Wait: not null }) ?? pods.FirstOrDefault(p => p is { Role: "executor", Exists: true, Node: null, Wait: not null });
        if (waiting is not null)
        {
            return WaitCauses.Of(facts, waiting);
        }

        var lost = (status?.Pods ?? []).Where(p => p is { Role: "executor", Phase: "Failed" }).ToArray();
        return lost.Length == 0 ? null : ExecutorLost(facts, pods, lost);
    }

    /// <summary>The namespace's quota is used up.</summary>
    public static Cause Quota(string details) => new(
        CauseKinds.Quota, "The quota of the team's namespace leaves no room for the pod.", [details.ReplaceLineEndings(" ")], ["wait until other jobs of the team end, ask for less, or raise the team's quota (spec.teams[].quota)"]);

    private static Cause ExecutorLost(JobFacts facts, IReadOnlyList<PodStory> pods, IReadOnlyList<Hearth.Jobs.Resources.PodUse> lost)
    {
        var stories = pods.Where(p => lost.Any(l => l.Name == p.Name)).SelectMany(p => p.Containers.Concat(p.Events.Where(e => e.EventType == "Warning").Select(e => $"{p.Name}: {e.Reason}: {e.Message}")));
        string[] evidence = [.. lost.Select(l => $"{l.Name} failed{(l.NodeName is { } node ? $" on {node}" : "")}"), .. stories];
        return new Cause(CauseKinds.ExecutorLost, FormattableString.Invariant($"{lost.Count} executors were lost; Spark asks for others."), [.. evidence.Take(8)], [$"`hearth job logs {facts.Run.Id} --executor N --stderr` has what they wrote last"]);
    }
}
