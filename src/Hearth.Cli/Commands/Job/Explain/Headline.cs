using Hearth.Jobs.Model;

namespace Hearth.Cli.Commands.Job.Explain;

/// <summary>The one thing to say first about a job run: why it waits, what it does, or why it ended.</summary>
internal static class Headline
{
    public static string Of(JobFacts facts, IReadOnlyList<PodStory> pods)
    {
        var (run, status) = (facts.Run, facts.Run.Status);
        return run.State switch
        {
            JobRunState.Failed => status?.FailureMessage ?? status?.StateDetails ?? "It failed; no reason is known.",
            JobRunState.Cancelled or JobRunState.Completed => status?.StateDetails ?? "",
            JobRunState.CancelPending => "It is being cancelled: its driver pod is ending.",
            _ when status?.AttemptAt is { } at && at > facts.Now => $"{status.StateDetails} The next attempt starts in {JobText.Span(at - facts.Now)}.",
            JobRunState.Pending => status?.StateDetails ?? "It was accepted; its driver pod is being made.",
            JobRunState.Submitted => Submitted(facts, pods.FirstOrDefault(p => p.Name == status?.Driver?.PodName)),
            _ => Running(facts, pods),
        };
    }

    private static string Submitted(JobFacts facts, PodStory? driver)
    {
        if (driver is null)
        {
            return facts.Run.Status?.StateDetails ?? "Its driver pod is about to appear.";
        }

        var waited = JobText.Age(facts.Run.Status?.SubmittedAt, facts.Now);
        return driver.Node is not null
            ? $"The driver is on node {driver.Node} and starts{(driver.Containers.Count > 0 ? $": {driver.Containers[0]}" : "")}."
            : $"The driver waits for a node, for {waited} so far. {WaitText(driver.Wait)}".TrimEnd();
    }

    private static string Running(JobFacts facts, IReadOnlyList<PodStory> pods)
    {
        var waiting = pods.Where(p => p is { Role: "executor", Exists: true, Node: null }).ToArray();
        var executors = facts.Run.Status?.Executors?.Summary is { } summary ? $" Executors: {summary}." : "";
        var doing = facts.Run.Status?.Progress is { Phase: { } phase } progress ? $"The driver runs: {phase}{(progress.Message is { Length: > 0 } m ? $" ({m})" : "")}." : "The driver runs.";
        var held = waiting.Length == 0 ? "" : FormattableString.Invariant($" {waiting.Length} executors wait for a node. {WaitText(waiting[0].Wait)}");
        return doing + executors + held.TrimEnd();
    }

    private static string WaitText(PodWait? wait) => wait switch
    {
        { Coming: { Length: > 0 } claim } => $"One is on its way: {claim}.",
        { Pools.Count: > 0 } => "No node there is takes it, and no pool can launch one that would.",
        { Nodes: not null } => "No node there is takes it.",
        _ => "",
    };
}
