using System.CommandLine;
using Hearth.Cli.CommandLine;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;

namespace Hearth.Cli.Commands.Job;

/// <summary><c>hearth job cancel ID</c>.</summary>
internal static class CancelCommand
{
    public static Command Create(CliContext context)
    {
        var dataDir = SharedOptions.DataDirectory();
        var id = JobCommand.Id();
        var wait = new Option<bool>("--wait") { Description = "Return only when the job has ended." };
        var command = new Command("cancel", "Cancel a job run.") { id, wait, dataDir };
        command.SetAction((parsed, ct) => JobAction.RunAsync(context, parsed.GetValue(dataDir), async platform =>
        {
            var run = await JobIds.FindAsync(platform.Kube, parsed.GetValue(id)!, context.Clock, ct).ConfigureAwait(false);
            if (run.State.IsTerminal())
            {
                throw new CliException($"job run {run.Id} has ended already: {JobText.State(run.State)}");
            }

            await platform.Aws.JsonAsync("emr-containers", HttpMethod.Delete, $"/virtualclusters/{run.Spec.VirtualClusterId}/jobruns/{run.Id}", null, ct).ConfigureAwait(false);
            if (!parsed.GetValue(wait))
            {
                context.Print($"job run {run.Id} is being cancelled");
                return ExitCodes.Success;
            }

            return Ended(context, await WaitAsync(platform, run, context.Clock, ct).ConfigureAwait(false));
        }));
        return command;
    }

    private static Task<JobRun> WaitAsync(JobPlatform platform, JobRun run, TimeProvider clock, CancellationToken ct) =>
        platform.WhileRunningAsync(token => new JobFollower(platform.Kube, run.Metadata.Namespace!, run.Id, _ => { }).RunAsync(token), clock, ct);

    /// <summary>A job may end on its own before the wish arrives: then it was not cancelled.</summary>
    private static int Ended(CliContext context, JobRun run)
    {
        context.Print($"job run {run.Id} {JobText.State(run.State)}");
        return run.State == JobRunState.Cancelled ? ExitCodes.Success : ExitCodes.Failure;
    }
}
