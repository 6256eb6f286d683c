using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Hearth.Cli.CommandLine;
using Hearth.Cli.Output;
using Hearth.Jobs.Resources;

namespace Hearth.Cli.Commands.Job;

/// <summary><c>hearth job describe ID</c>: one job run, whole.</summary>
internal static class DescribeCommand
{
    public static Command Create(CliContext context)
    {
        var dataDir = SharedOptions.DataDirectory();
        var output = OutputOption.Create();
        var id = JobCommand.Id();
        var command = new Command("describe", "Show one job run: request, state, pods, logs, cost. JSON and YAML have all of it.") { id, output, dataDir };
        command.SetAction((parsed, ct) => JobAction.RunAsync(context, parsed.GetValue(dataDir), async platform =>
        {
            var run = await JobIds.FindAsync(platform.Kube, parsed.GetValue(id)!, context.Clock, ct).ConfigureAwait(false);
            var teams = await Teams.ReadAsync(platform.Kube, ct).ConfigureAwait(false);
            ListingWriter.Write(context, OutputOption.Read(parsed, output), Listing(run, teams, platform.PageOf(run)));
            return ExitCodes.Success;
        }));
        return command;
    }

    private static Listing Listing(JobRun run, Teams teams, string? page)
    {
        var document = JobDocument.Full(run, teams);
        if (page is not null)
        {
            document["applicationUi"] = page;
        }

        var rows = document.Where(m => m.Value is JsonValue).Select(m => (m.Key, m.Value!.ToString())).Concat(More(run)).Where(r => r.Item2.Length > 0);
        return new Listing(["FIELD", "VALUE"], [.. rows.Select(r => (IReadOnlyList<string>)[r.Item1, r.Item2.ReplaceLineEndings(" ")])], document);
    }

    private static IEnumerable<(string, string)> More(JobRun run)
    {
        var (spec, status) = (run.Spec, run.Status);
        yield return ("releaseLabel", spec.ReleaseLabel ?? "");
        yield return ("executionRoleArn", spec.ExecutionRoleArn ?? "");
        yield return ("entryPoint", spec.JobDriver?.SparkSubmitJobDriver?.EntryPoint ?? spec.JobDriver?.SparkSqlJobDriver?.EntryPoint ?? "");
        yield return ("arguments", string.Join(' ', spec.JobDriver?.SparkSubmitJobDriver?.EntryPointArguments ?? []));
        yield return ("parameters", spec.JobDriver?.SparkSubmitJobDriver?.SparkSubmitParameters ?? spec.JobDriver?.SparkSqlJobDriver?.SparkSqlParameters ?? "");
        yield return ("driver", $"{status?.Driver?.PodName} {status?.Driver?.Phase} {status?.Driver?.NodeName}".Trim());
        yield return ("exitCode", status?.Driver?.ExitCode?.ToString(CultureInfo.InvariantCulture) ?? "");
        yield return ("executors", status?.Executors?.Summary ?? "");
        yield return ("progress", $"{status?.Progress?.Phase} {status?.Progress?.Message}".Trim());
        yield return ("nodes", string.Join(' ', status?.Nodes ?? []));
        yield return ("logs", status?.Logs?.S3Uri ?? "");
        yield return ("logGroup", status?.Logs?.CloudWatchLogGroup ?? "");
    }
}
