using System.CommandLine;
using System.Globalization;
using System.Text;
using Hearth.Cli.CommandLine;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;

namespace Hearth.Cli.Commands.Job;

/// <summary><c>hearth job logs ID</c>: what the driver or an executor has written.</summary>
internal sealed class LogsCommand
{
    private readonly CliContext _context;
    private readonly Option<string?> _dataDir = SharedOptions.DataDirectory();
    private readonly Argument<string> _id = JobCommand.Id();
    private readonly Option<bool> _follow = new("--follow", "-f") { Description = "Wait for the log and print it as it grows, until the container ends." };
    private readonly Option<int?> _executor = new("--executor") { Description = "The executor with this number instead of the driver.", HelpName = "N" };
    private readonly Option<bool> _stderr = new("--stderr") { Description = "Standard error instead of standard output." };

    private readonly Option<bool> _runner = new("--runner") { Description = "The job runner, which submits the driver, instead of it." };
    private readonly Option<int?> _tail = new("--tail") { Description = "Only the last lines.", HelpName = "N" };
    private readonly Option<string?> _since = new("--since") { Description = "Only what was written within this time, as 30s, 5m or 2h.", HelpName = "TIME" };

    private LogsCommand(CliContext context) => _context = context;

    public static Command Create(CliContext context)
    {
        var logs = new LogsCommand(context);
        var command = new Command("logs", "Print a job's log: from its pod while there is one, else from S3.") { logs._id, logs._follow, logs._executor, logs._runner, logs._stderr, logs._tail, logs._since, logs._dataDir };
        command.Validators.Add(result =>
        {
            if (result.GetValue(logs._runner) && (result.GetValue(logs._executor) is not null || result.GetValue(logs._follow)))
            {
                result.AddError("--runner goes with neither --executor nor --follow: its log is complete once the job is submitted");
            }

            if (result.GetValue(logs._follow) && result.GetValue(logs._tail) is not null)
            {
                result.AddError("--follow and --tail exclude each other");
            }
        });
        command.SetAction((parsed, ct) => JobAction.RunAsync(context, parsed.GetValue(logs._dataDir), platform => logs.RunAsync(platform, parsed, ct)));
        return command;
    }

    private async Task<int> RunAsync(JobPlatform platform, ParseResult parsed, CancellationToken ct)
    {
        var run = await JobIds.FindAsync(platform.Kube, parsed.GetValue(_id)!, _context.Clock, ct).ConfigureAwait(false);
        var since = parsed.GetValue(_since) is { } time ? TimeText.Read("--since", time) : (TimeSpan?)null;
        if (parsed.GetValue(_runner))
        {
            await PrintAsync(await new JobLogs(platform).OpenRunnerAsync(run, LogStream.Stderr, ct, since).ConfigureAwait(false), parsed.GetValue(_tail), ct).ConfigureAwait(false);
            return ExitCodes.Success;
        }

        var follow = parsed.GetValue(_follow);
        var executor = parsed.GetValue(_executor);
        if (follow && !run.State.IsTerminal())
        {
            run = await platform.WhileRunningAsync(token => new LogWait(platform.Kube, run, r => PodName(r, executor)).UntilStartedAsync(token), _context.Clock, ct).ConfigureAwait(false);
        }

        var pod = PodName(run, executor) ?? throw NoPod(run, executor);
        var stream = parsed.GetValue(_stderr) ? LogStream.Stderr : LogStream.Stdout;
        var log = await new JobLogs(platform).OpenAsync(run, pod, stream, follow, ct, since).ConfigureAwait(false);
        var printed = await PrintAsync(log, parsed.GetValue(_tail), ct).ConfigureAwait(false);
        if (!printed && stream == LogStream.Stdout)
        {
            _context.Say($"hearth: {pod} has written nothing to standard output; --stderr prints the rest");
        }

        return ExitCodes.Success;
    }

    /// <summary>The pod to read: the present driver, or the newest executor of that number.</summary>
    private static string? PodName(JobRun run, int? executor) => executor is null
        ? run.Status?.Driver?.PodName
        : run.Status?.Pods?.LastOrDefault(p => p.Role == "executor" && NumberOf(p.Name) == executor)?.Name;

    private static int? NumberOf(string pod) =>
        int.TryParse(pod.AsSpan(pod.LastIndexOf('-') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static CliException NoPod(JobRun run, int? executor)
    {
        var why = run.Status?.StateDetails is { Length: > 0 } details ? $": {details}" : "";
        if (executor is null)
        {
            return new CliException($"job run {run.Id} has had no driver yet ({JobText.State(run.State)}){why}", $"`hearth job explain {run.Id}` says more.");
        }

        var numbers = (run.Status?.Pods ?? []).Where(p => p.Role == "executor").Select(p => NumberOf(p.Name)).OfType<int>().Distinct().Order().ToArray();
        return CliException.BadInput($"job run {run.Id} has no executor {executor}", numbers.Length == 0 ? "It has had none." : $"It has had {string.Join(", ", numbers)}.");
    }

    private async Task<bool> PrintAsync(Stream log, int? tail, CancellationToken ct)
    {
        using var reader = new StreamReader(log, Encoding.UTF8);
        if (tail is { } count)
        {
            var lines = new Queue<string>();
            while (await reader.ReadLineAsync(ct).ConfigureAwait(false) is { } line)
            {
                lines.Enqueue(line);
                if (lines.Count > count)
                {
                    lines.Dequeue();
                }
            }

            foreach (var line in lines)
            {
                _context.Print(line);
            }

            return lines.Count > 0;
        }

        var buffer = new char[16 * 1024];
        var any = false;
        int read;
        while ((read = await reader.ReadAsync(buffer, ct).ConfigureAwait(false)) > 0)
        {
            any = true;
            await _context.Out.WriteAsync(buffer.AsMemory(0, read), ct).ConfigureAwait(false);
            await _context.Out.FlushAsync(ct).ConfigureAwait(false);
        }

        return any;
    }
}
