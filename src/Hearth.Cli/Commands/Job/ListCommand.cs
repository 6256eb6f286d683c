using System.CommandLine;
using System.Text.Json.Nodes;
using Hearth.Cli.CommandLine;
using Hearth.Cli.Output;
using Hearth.Jobs.Resources;
using Hearth.Kube.Client;

namespace Hearth.Cli.Commands.Job;

/// <summary><c>hearth job list</c>: the job runs of every team, newest first.</summary>
internal static class ListCommand
{
    public static Command Create(CliContext context)
    {
        var dataDir = SharedOptions.DataDirectory();
        var output = OutputOption.Create();
        var team = new Option<string?>("--team") { Description = "Only this team's.", HelpName = "NAME" };
        var state = new Option<string[]>("--state") { Description = "Only those in this state; may be repeated.", HelpName = string.Join('|', JobText.States) };
        state.AcceptOnlyFromAmong(JobText.States);
        var name = new Option<string?>("--name") { Description = "Only those with this name.", HelpName = "NAME" };
        var since = new Option<string?>("--since") { Description = "Only those submitted within this time, as 30m, 2h or 3d.", HelpName = "TIME" };
        var limit = new Option<int?>("--limit") { Description = "At most so many, the newest.", HelpName = "N" };
        var command = new Command("list", "List job runs, newest first.") { team, state, name, since, limit, output, dataDir };
        command.SetAction((parsed, ct) => JobAction.RunAsync(context, parsed.GetValue(dataDir), async platform =>
        {
            var teams = await Teams.ReadAsync(platform.Kube, ct).ConfigureAwait(false);
            var ns = parsed.GetValue(team) is { } of ? teams.Choose(of).Namespace : null;
            var runs = await platform.Kube.ListAsync<JobRun>(ns, ListOptions.All, ct).ConfigureAwait(false);
            var wanted = parsed.GetValue(state) is { Length: > 0 } states ? states : null;
            var from = parsed.GetValue(since) is { } time ? context.Clock.GetUtcNow() - TimeText.Read("--since", time) : DateTimeOffset.MinValue;
            var shown = runs
                .Where(r => wanted is null || wanted.Contains(JobText.State(r.State), StringComparer.Ordinal))
                .Where(r => parsed.GetValue(name) is not { } called || r.Spec.Name == called)
                .Where(r => (r.Metadata.CreationTimestamp ?? DateTimeOffset.MaxValue) >= from)
                .OrderByDescending(r => r.Id, StringComparer.Ordinal).Take(parsed.GetValue(limit) ?? int.MaxValue).ToArray();
            ListingWriter.Write(context, OutputOption.Read(parsed, output), Listing(shown, teams, context.Clock.GetUtcNow()));
            return ExitCodes.Success;
        }));
        return command;
    }

    /// <summary>The table and the document.</summary>
    public static Listing Listing(IReadOnlyList<JobRun> runs, Teams teams, DateTimeOffset now) => new(
        ["ID", "NAME", "TEAM", "STATE", "AGE", "RAN", "EXECUTORS", "COST"],
        [.. runs.Select(r => Row(r, teams, now))],
        new JsonArray([.. runs.Select(r => (JsonNode)JobDocument.Summary(r, teams))]));

    private static IReadOnlyList<string> Row(JobRun run, Teams teams, DateTimeOffset now) =>
    [
        run.Id,
        run.Spec.Name ?? "",
        teams.Of(run.Metadata.Namespace)?.Name ?? $"({run.Metadata.Namespace})",
        JobText.State(run.State),
        JobText.Age(run.Metadata.CreationTimestamp, now),
        run.Status?.StartedAt is { } from ? JobText.Span((run.Status.FinishedAt ?? now) - from) : "",
        run.Status?.Executors?.Summary ?? "",
        run.Status?.Cost?.Usd is { } usd ? $"{usd} $" : "",
    ];
}
