using System.Globalization;
using Hearth.Cli.Commands.Job.Explain.Causes;
using Hearth.Jobs.Model;
using Hearth.Kube.Core;
using Hearth.Scheduling.Pricing;

namespace Hearth.Cli.Commands.Job.Explain;

/// <summary>An explanation as lines for a person. Pure.</summary>
internal static class ExplanationText
{
    private const int MostGroups = 12;
    private const int MostEvents = 6;
    private const int LongestMessage = 240;

    public static IEnumerable<string> Lines(JobFacts facts)
    {
        var pods = PodStory.Of(facts);
        return [.. Head(facts, pods), .. Because(facts, pods), .. Pods(facts, pods), .. Errors(facts), .. Cost(facts)];
    }

    private static IEnumerable<string> Head(JobFacts facts, IReadOnlyList<PodStory> pods)
    {
        var (run, status) = (facts.Run, facts.Run.Status);
        var owner = facts.Team is { } team ? $"team {team.Name}" : $"namespace {run.Metadata.Namespace}";
        var reason = status?.FailureReason is { } failure ? $" ({FailureWord(failure)})" : "";
        yield return $"Job run {run.Id}{(run.Spec.Name is { } name ? $" ({name})" : "")} of {owner}: {JobText.State(run.State)}{reason}";
        var headline = Headline.Of(facts, pods);
        foreach (var line in headline.Split('\n'))
        {
            yield return $"  {line.TrimEnd()}";
        }

        if (status?.StateDetails is { Length: > 0 } details && !headline.Contains(details, StringComparison.Ordinal) && !details.Contains(headline, StringComparison.Ordinal))
        {
            yield return $"  details: {details.ReplaceLineEndings(" ")}";
        }

        yield return $"  {Times(facts)}";
    }

    private static IEnumerable<string> Because(JobFacts facts, IReadOnlyList<PodStory> pods)
    {
        if (CauseFinder.Of(facts, pods) is not { } cause)
        {
            yield break;
        }

        yield return "";
        yield return $"Cause ({cause.Kind}): {cause.Sentence}";
        foreach (var evidence in cause.Evidence.Where(e => e.Length > 0))
        {
            yield return $"  because  {Cut(evidence)}";
        }

        foreach (var way in cause.Ways)
        {
            yield return $"  -> {way}";
        }
    }

    private static string Times(JobFacts facts)
    {
        var (run, status) = (facts.Run, facts.Run.Status);
        var parts = new List<string> { $"submitted {JobText.Age(run.Metadata.CreationTimestamp, facts.Now)} ago" };
        if (status?.StartedAt is { } started)
        {
            parts.Add($"driver started after {JobText.Span(started - (run.Metadata.CreationTimestamp ?? started))}");
            parts.Add($"{(status.FinishedAt is null ? "running for" : "ran")} {JobText.Span((status.FinishedAt ?? facts.Now) - started)}");
        }

        if (run.Spec.RetryPolicyConfiguration?.MaxAttempts is > 1 and var most)
        {
            parts.Add(FormattableString.Invariant($"attempt {status?.Attempt ?? 1} of {most}"));
        }

        return string.Join(", ", parts);
    }

    private static IEnumerable<string> Pods(JobFacts facts, IReadOnlyList<PodStory> pods)
    {
        if (pods.Count == 0)
        {
            yield break;
        }

        yield return "";
        yield return "Pods";
        // Forty executors that wait for the same reason are one thing to read.
        var groups = pods.GroupBy(p => (p.Role, p.Phase, p.Node, Body: string.Join('\n', Body(p, facts.Now)))).ToArray();
        foreach (var group in groups.Take(MostGroups))
        {
            var place = group.Key.Node is { } node ? $"  on {node}" : "";
            yield return $"  {group.Key.Role,-8}  {Names(group)}  {group.Key.Phase}{place}{(group.First().Exists ? "" : "  (gone)")}";
            foreach (var line in group.Key.Body.Split('\n').Where(l => l.Length > 0))
            {
                yield return $"    {line}";
            }
        }

        if (groups.Length > MostGroups)
        {
            yield return FormattableString.Invariant($"  and {groups.Skip(MostGroups).Sum(g => g.Count())} more: kubectl get pods -n {facts.Run.Metadata.Namespace} -l emr-containers.amazonaws.com/job.id={facts.Run.Id}");
        }
    }

    private static string Names(IEnumerable<PodStory> pods)
    {
        string[] names = [.. pods.Select(p => p.Name)];
        return names.Length == 1 ? names[0] : FormattableString.Invariant($"{names[0]} and {names.Length - 1} more");
    }

    private static IEnumerable<string> Body(PodStory pod, DateTimeOffset now)
    {
        if (pod.Conditions.Count > 0)
        {
            yield return $"conditions: {string.Join(", ", pod.Conditions.Select(ConditionText))}";
        }

        foreach (var line in pod.Containers.Concat(pod.Wait is null ? [] : WaitLines(pod.Wait, pod.Role)))
        {
            yield return line;
        }

        // A pod that does what it should has nothing to tell; scheduling failures were taken apart above.
        var quiet = pod.Phase is "Running" or "Succeeded";
        var told = pod.Events.Where(e => e.EventType == "Warning" || !quiet).Where(e => pod.Wait is null || e.Reason != "FailedScheduling").ToArray();
        foreach (var e in told.TakeLast(MostEvents))
        {
            yield return EventText(e, now);
        }
    }

    private static IEnumerable<string> WaitLines(PodWait wait, string role)
    {
        yield return $"asks for {wait.Asks}";
        if (wait.Nodes is { } nodes)
        {
            yield return nodes.Nodes == 0 ? "there are no nodes" : FormattableString.Invariant($"{nodes.Nodes} nodes are there; none takes it:");
            foreach (var refusal in nodes.Refusals)
            {
                yield return FormattableString.Invariant($"  {refusal.Count,3}  {refusal.Reason}");
            }
        }

        if (wait.Coming is { } claim)
        {
            yield return $"a node is on its way: {claim}";
        }

        if (wait.Room is { } room)
        {
            yield return room;
        }

        if (wait.Pools.Count > 0)
        {
            yield return "pools that could launch one, and why each does not:";
            foreach (var refusal in wait.Pools)
            {
                yield return refusal.Pool is { } pool ? $"  {pool}: {Cut(refusal.Reason)}" : $"  {Cut(refusal.Reason)}";
            }

            foreach (var way in WaysOut.Of(wait.Pools, role))
            {
                yield return $"-> {way}";
            }
        }
    }

    private static IEnumerable<string> Errors(JobFacts facts)
    {
        if (facts.Errors.Count > 0)
        {
            yield return "";
            yield return $"Last lines of the driver's stderr (`hearth job logs {facts.Run.Id} --stderr` prints all)";
            foreach (var line in facts.Errors)
            {
                yield return $"  {line}";
            }
        }
    }

    private static IEnumerable<string> Cost(JobFacts facts)
    {
        if (facts.Cost is not { } cost)
        {
            yield break;
        }

        yield return "";
        var simulated = cost.Nodes.Any(n => n.Record.Spec?.Simulated == true) ? " (simulated instances at list prices: nothing is billed)" : "";
        yield return $"Cost{(facts.Run.State.IsTerminal() ? "" : " so far")}: {JobText.Usd(cost.Held)} for what its pods hold of their nodes{simulated}";
        foreach (var share in cost.Nodes)
        {
            yield return CostLine(share);
        }
    }

    private static string CostLine(NodeShare share)
    {
        var spec = share.Record.Spec!;
        var pool = spec.NodePool is { Length: > 0 } name ? name : spec.NodeGroup;
        return string.Create(CultureInfo.InvariantCulture,
            $"  {spec.NodeName}  {spec.InstanceType} {spec.CapacityType} {spec.Zone}  {pool}  {share.Record.PricePerHour:0.0000} $/h  {JobText.Usd(share.Held)} of {JobText.Usd(share.Node.Total)}");
    }

    private static string ConditionText(Condition condition) =>
        $"{condition.Type}={condition.Status}{(condition.Status != "True" && condition.Reason is { Length: > 0 } reason ? $" ({reason})" : "")}";

    private static string EventText(Event e, DateTimeOffset now)
    {
        var count = e.Count > 1 ? FormattableString.Invariant($" x{e.Count}") : "";
        return $"{JobText.Age(e.LastTimestamp, now)} ago  {e.EventType}  {e.Reason}{count}: {Cut(e.Message ?? "")}";
    }

    private static string Cut(string text)
    {
        text = text.ReplaceLineEndings(" ");
        return text.Length <= LongestMessage ? text : text[..(LongestMessage - 1)] + "…";
    }

    private static string FailureWord(FailureReason reason) => System.Text.Json.JsonSerializer.SerializeToNode(reason, JobsJson.Default.FailureReason)!.ToString();
}
