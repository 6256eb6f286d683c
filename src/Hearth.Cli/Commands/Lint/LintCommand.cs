using System.CommandLine;
using Hearth.Cli.CommandLine;
using Hearth.Cli.Commands.Job;
using Hearth.Cli.Commands.Lint.Reading;
using Hearth.Cli.Output;
using Hearth.Platform;

namespace Hearth.Cli.Commands.Lint;

/// <summary><c>hearth lint REQUEST|FOLDER</c>: what is wrong with jobs before anybody submits them.</summary>
internal static class LintCommand
{
    public static Command Create(CliContext context)
    {
        var paths = new Argument<string[]>("request")
        {
            Description = "StartJobRun requests, or folders with some.", HelpName = "REQUEST|FOLDER", Arity = ArgumentArity.OneOrMore,
        };
        var platform = new Option<string>("--platform", "-b")
        {
            Description = "The declaration to check against: a built-in blueprint's name, or a platform.yaml file.", HelpName = "NAME|FILE", DefaultValueFactory = _ => PlatformLoader.DefaultBlueprint,
        };
        var team = new Option<string?>("--team") { Description = "The team that will submit [default: the one whose bucket the request names, or the first].", HelpName = "NAME" };
        var output = OutputOption.Create();
        var command = new Command("lint", "Check job requests and their pod templates against a declaration; nothing has to run. Exit code 1 when there is an error.") { paths, platform, team, output };
        command.SetAction(parsed =>
        {
            var declaration = PlatformLoader.Load(parsed.GetValue(platform)!);
            var files = parsed.GetValue(paths)!.SelectMany(Requests).Distinct(StringComparer.Ordinal).ToArray();
            var subjects = files.Select(f => LintReader.Read(JobRequestFile.Read(f), declaration, parsed.GetValue(team)));
            var findings = subjects.SelectMany(LintRules.Check).ToArray();
            Write(context, OutputOption.Read(parsed, output), findings, files.Length);
            return findings.Any(f => f.Rule.Severity == Severity.Error) ? ExitCodes.Failure : ExitCodes.Success;
        });
        return command;
    }

    private static IEnumerable<string> Requests(string path)
    {
        if (!Directory.Exists(path))
        {
            return [path];
        }

        var found = LintReader.RequestsIn(path);
        return found.Count > 0 ? found : throw CliException.BadInput($"there is no StartJobRun request in {path}", "A request is a JSON file with a member jobDriver or jobTemplateId.");
    }

    private static void Write(CliContext context, OutputFormat format, IReadOnlyList<Finding> findings, int requests)
    {
        if (format != OutputFormat.Table)
        {
            ListingWriter.Write(context, format, new Listing([], [], LintReport.Document(findings)));
            return;
        }

        foreach (var line in LintReport.Lines(findings, requests))
        {
            context.Print(line);
        }
    }
}
