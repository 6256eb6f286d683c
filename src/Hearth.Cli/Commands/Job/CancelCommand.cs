using System.CommandLine;
using Hearth.Cli.CommandLine;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Kube.Client;

namespace Hearth.Cli.Commands.Job;

/// <summary><c>hearth job cancel ID...</c>, or all that have not ended with <c>--all</c>.</summary>
internal static class CancelCommand
{
    public static Command Create(CliContext context)
    {
        var dataDir = SharedOptions.DataDirectory();
        var ids = JobCommand.Ids(ArgumentArity.ZeroOrMore);
        var all = new Option<bool>("--all") { Description = "Every job run that has not ended." };
        var team = new Option<string?>("--team") { Description = "With --all: only this team's.", HelpName = "NAME" };
        var wait = new Option<bool>("--wait") { Description = "Return only when the jobs have ended." };
        var command = new Command("cancel", "Cancel job runs.") { ids, all, team, wait, dataDir };
        command.Validators.Add(result =>
        {
            if (result.GetValue(all) == (result.GetValue(ids) is { Length: > 0 }))
            {
                result.AddError("give the ids of job runs, or --all");
            }
        });
        command.SetAction((parsed, ct) => JobAction.RunAsync(context, parsed.GetValue(dataDir), async platform =>
        {
            var runs = parsed.GetValue(all)
                ? await LiveAsync(platform, parsed.GetValue(team), ct).ConfigureAwait(false)
                : await NamedAsync(context, platform, parsed.GetValue(ids)!, ct).ConfigureAwait(false);
            foreach (var run in runs)
            {
                await platform.Aws.JsonAsync("emr-containers", HttpMethod.Delete, $"/virtualclusters/{run.Spec.VirtualClusterId}/jobruns/{run.Id}", null, ct).ConfigureAwait(false);
                if (!parsed.GetValue(wait))
                {
                    context.Print($"job run {run.Id} is being cancelled");
                }
            }

            return parsed.GetValue(wait) ? await EndedAsync(context, platform, runs, ct).ConfigureAwait(false) : ExitCodes.Success;
        }));
        return command;
    }

    private static async Task<IReadOnlyList<JobRun>> LiveAsync(JobPlatform platform, string? team, CancellationToken ct)
    {
        var ns = team is null ? null : (await Teams.ReadAsync(platform.Kube, ct).ConfigureAwait(false)).Choose(team).Namespace;
        var runs = await platform.Kube.ListAsync<JobRun>(ns, ListOptions.All, ct).ConfigureAwait(false);
        return [.. runs.Where(r => !r.State.IsTerminal()).OrderBy(r => r.Id, StringComparer.Ordinal)];
    }

    /// <summary>All of them, or none is touched.</summary>
    private static async Task<IReadOnlyList<JobRun>> NamedAsync(CliContext context, JobPlatform platform, IReadOnlyList<string> ids, CancellationToken ct)
    {
        var runs = new List<JobRun>();
        foreach (var id in ids)
        {
            var run = await JobIds.FindAsync(platform.Kube, id, context.Clock, ct).ConfigureAwait(false);
            runs.Add(run.State.IsTerminal() ? throw new CliException($"job run {run.Id} has ended already: {JobText.State(run.State)}") : run);
        }

        return [.. runs.DistinctBy(r => r.Id)];
    }

    /// <summary>A job may end on its own before the wish arrives: then it was not cancelled.</summary>
    private static async Task<int> EndedAsync(CliContext context, JobPlatform platform, IReadOnlyList<JobRun> runs, CancellationToken ct)
    {
        var code = ExitCodes.Success;
        foreach (var run in runs)
        {
            var ended = await platform.WhileRunningAsync(token => new JobFollower(platform.Kube, run.Metadata.Namespace!, run.Id, _ => { }).RunAsync(token), context.Clock, ct).ConfigureAwait(false);
            context.Print($"job run {ended.Id} {JobText.State(ended.State)}");
            code = ended.State == JobRunState.Cancelled ? code : ExitCodes.Failure;
        }

        return code;
    }
}
