using System.CommandLine;
using Hearth.Cli.CommandLine;
using Hearth.Cli.Commands.Job.Explain;
using Hearth.Cli.Output;

namespace Hearth.Cli.Commands.Job;

/// <summary><c>hearth job explain ID</c>: why a job waits or failed, for a person.</summary>
internal static class ExplainCommand
{
    public static Command Create(CliContext context)
    {
        var dataDir = SharedOptions.DataDirectory();
        var output = OutputOption.Create();
        var id = JobCommand.Id();
        var command = new Command("explain", "Say why a job waits or failed, what its pods go through, and what it has cost so far.") { id, output, dataDir };
        command.SetAction((parsed, ct) => JobAction.RunAsync(context, parsed.GetValue(dataDir), async platform =>
        {
            var run = await JobIds.FindAsync(platform.Kube, parsed.GetValue(id)!, context.Clock, ct).ConfigureAwait(false);
            var facts = await JobFactsReader.ReadAsync(platform, run, context.Clock.GetUtcNow(), ct).ConfigureAwait(false);
            Write(context, OutputOption.Read(parsed, output), facts);
            return ExitCodes.Success;
        }));
        return command;
    }

    private static void Write(CliContext context, OutputFormat format, JobFacts facts)
    {
        if (format != OutputFormat.Table)
        {
            ListingWriter.Write(context, format, new Listing([], [], ExplanationDocument.Of(facts)));
            return;
        }

        foreach (var line in ExplanationText.Lines(facts))
        {
            context.Print(line);
        }
    }
}
