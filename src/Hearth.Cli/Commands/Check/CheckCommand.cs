using System.CommandLine;
using System.ComponentModel;
using Hearth.Cli.CommandLine;
using Hearth.Cli.Commands.Test;

namespace Hearth.Cli.Commands.Check;

/// <summary><c>hearth check job.py</c>: which calls of PySpark the embedded engine supports, does differently, or does not have, before the job runs.</summary>
internal static class CheckCommand
{
    private const string Program = "import sys; sys.path.insert(0, sys.argv[1]); from pyspark._hearth.check import main; sys.exit(main(sys.argv[2:]))";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    public static Command Create(CliContext context)
    {
        var files = new Argument<string[]>("job") { Description = "PySpark scripts.", HelpName = "FILE", Arity = ArgumentArity.OneOrMore };
        var all = new Option<bool>("--all") { Description = "Also list the calls that are supported." };
        var json = new Option<bool>("--json") { Description = "One JSON array of {file, line, name, state, note}." };
        var command = new Command("check", "Read PySpark jobs and list what the embedded engine lacks or does differently; nothing runs. Exit code 1 when something is not there.") { files, all, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var home = context.Home ?? throw new CliException("the sources are not known here", "Run it through the launcher of a clone: ./hearth check");
            List<string> arguments = ["-c", Program, Path.Combine(home, "python"), .. parsed.GetValue(files)!];
            arguments.AddRange(parsed.GetValue(all) ? ["--all"] : []);
            arguments.AddRange(parsed.GetValue(json) ? ["--json"] : []);
            try
            {
                var outcome = await ProcessRunner.RunAsync("python3", arguments, Directory.GetCurrentDirectory(), Deadline, cancellation);
                await context.Out.WriteAsync(outcome.Output.AsMemory(), cancellation);
                return outcome.ExitCode;
            }
            catch (Win32Exception)
            {
                throw new CliException("python3 was not found", "Install it (Debian/Ubuntu: apt-get install python3).");
            }
        });
        return command;
    }
}
