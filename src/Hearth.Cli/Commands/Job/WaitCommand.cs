using System.CommandLine;
using System.Globalization;
using Hearth.Cli.CommandLine;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;

namespace Hearth.Cli.Commands.Job;

/// <summary>
/// <c>hearth job wait ID...</c>: returns when the runs have ended. Exit codes: 0 COMPLETED, 1 FAILED, 3 CANCELLED, 4 not in time. Of several runs the worst counts:
/// not in time, then failed, then cancelled.
/// </summary>
internal static class WaitCommand
{
    /// <summary>A run was cancelled.</summary>
    public const int Cancelled = 3;

    /// <summary>A run had not ended in time.</summary>
    public const int TimedOut = 4;

    private static readonly int[] WorstFirst = [TimedOut, ExitCodes.Failure, Cancelled, ExitCodes.Success];

    public static Command Create(CliContext context)
    {
        var dataDir = SharedOptions.DataDirectory();
        var ids = JobCommand.Ids();
        var timeout = new Option<string?>("--timeout") { Description = "Give up after this time, as 90s, 5m or 2h [default: never].", HelpName = "TIME" };
        var command = new Command("wait", "Wait until job runs have ended. Exit codes: 0 COMPLETED, 1 FAILED, 3 CANCELLED, 4 not in time.") { ids, timeout, dataDir };
        command.SetAction((parsed, ct) => JobAction.RunAsync(context, parsed.GetValue(dataDir), async platform =>
        {
            var most = parsed.GetValue(timeout) is { } text ? TimeText.Read("--timeout", text) : Timeout.InfiniteTimeSpan;
            var runs = new List<JobRun>();
            foreach (var id in parsed.GetValue(ids)!)
            {
                runs.Add(await JobIds.FindAsync(platform.Kube, id, context.Clock, ct).ConfigureAwait(false));
            }

            using var deadline = new CancellationTokenSource(most, context.Clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
            var codes = await Task.WhenAll(runs.DistinctBy(r => r.Id).Select(r => OneAsync(context, platform, r, ct, either.Token))).ConfigureAwait(false);
            return WorstFirst.First(codes.Contains);
        }));
        return command;
    }

    private static async Task<int> OneAsync(CliContext context, JobPlatform platform, JobRun run, CancellationToken interrupt, CancellationToken ct)
    {
        try
        {
            var ended = run.State.IsTerminal()
                ? run
                : await platform.WhileRunningAsync(token => new JobFollower(platform.Kube, run.Metadata.Namespace!, run.Id, _ => { }).RunAsync(token), context.Clock, ct).ConfigureAwait(false);
            var why = ended.Status?.FailureMessage ?? ended.Status?.StateDetails ?? "";
            context.Print($"{ended.Id} {JobText.State(ended.State)}  {why.ReplaceLineEndings(" ")}".TrimEnd());
            return Code(ended.State);
        }
        catch (OperationCanceledException) when (!interrupt.IsCancellationRequested)
        {
            var now = await JobIds.FindAsync(platform.Kube, run.Id, context.Clock, interrupt).ConfigureAwait(false);
            context.Print(string.Create(CultureInfo.InvariantCulture, $"{run.Id} {JobText.State(now.State)}  has not ended in time"));
            return now.State.IsTerminal() ? Code(now.State) : TimedOut;
        }
    }

    private static int Code(JobRunState state) => state switch
    {
        JobRunState.Completed => ExitCodes.Success,
        JobRunState.Cancelled => Cancelled,
        _ => ExitCodes.Failure,
    };
}
