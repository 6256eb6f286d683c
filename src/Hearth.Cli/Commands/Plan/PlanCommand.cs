using System.CommandLine;
using System.Text.Json.Nodes;
using Hearth.Cli.CommandLine;
using Hearth.Cli.Commands.Job;
using Hearth.Cli.Commands.Lint.Reading;
using Hearth.Cli.Output;
using Hearth.Platform;
using Hearth.Scheduling.Planning;

namespace Hearth.Cli.Commands.Plan;

/// <summary><c>hearth plan REQUEST|FOLDER</c>: which nodes a job would get, for how much, and what else it could ask for; nothing has to run. With <c>--trace</c>, the same for a whole day of jobs.</summary>
internal static class PlanCommand
{
    public static Command Create(CliContext context)
    {
        var path = new Argument<string?>("request") { Description = "A StartJobRun request, or a folder with some.", HelpName = "REQUEST|FOLDER", Arity = ArgumentArity.ZeroOrOne };
        var platform = new Option<string>("--platform", "-b")
        {
            Description = "The declaration to plan for: a built-in blueprint's name, or a platform.yaml file.", HelpName = "NAME|FILE", DefaultValueFactory = _ => PlatformLoader.DefaultBlueprint,
        };
        var duration = new Option<double>("--minutes") { Description = "How long the job runs, for its price.", HelpName = "N", DefaultValueFactory = _ => 60 };
        var executors = new Option<int?>("--executors") { Description = "Plan for so many executors [default: those of the request].", HelpName = "N" };
        var daemons = new Option<bool>("--daemons") { Description = "Count what the add-ons' DaemonSets request on every node, as on AWS; the embedded platform brings none of its own." };
        var trace = TraceOptions.Create();
        var output = OutputOption.Create();
        duration.Validators.Add(r => Require(r.GetValueOrDefault<double>() > 0, r, "--minutes: a number above 0 was expected"));
        executors.Validators.Add(r => Require(r.GetValueOrDefault<int?>() is null or >= 0 and <= 100_000, r, "--executors: a number from 0 to 100000 was expected"));
        var command = new Command("plan", "Say which nodes a job would get and for how much, with alternatives. Exit code 1 when it does not fit.") { path, platform, duration, executors, daemons, output };
        trace.AddTo(command);
        command.SetAction(parsed =>
        {
            var declaration = PlatformLoader.Load(parsed.GetValue(platform)!);
            if (trace.Read(parsed, declaration.Simulation) is { } settings)
            {
                return TracePlan.Run(context, settings, declaration, parsed.GetValue(daemons), OutputOption.Read(parsed, output));
            }

            var target = PlanTarget.Of(declaration, parsed.GetValue(daemons));
            var reports = Requests(parsed.GetValue(path) ?? throw CliException.BadInput("what is to be planned?", "Name a StartJobRun request or a folder with some, or give --trace FILE."))
                .Select(f => PlanJob.Of(LintReader.Read(JobRequestFile.Read(f), declaration, null), parsed.GetValue(executors)))
                .Select(j => new PlanReport(j, target, PlanOffers.Of(j, target), declaration.IsEnabled("yunikorn") ? GangOf(j, target) : null, TimeSpan.FromMinutes(parsed.GetValue(duration))))
                .ToArray();
            Write(context, OutputOption.Read(parsed, output), reports, many: Directory.Exists(parsed.GetValue(path)));
            return reports.All(r => r.Offers[0].Fits) ? ExitCodes.Success : ExitCodes.Failure;
        });
        return command;
    }

    private static void Require(bool holds, System.CommandLine.Parsing.OptionResult result, string message)
    {
        if (!holds)
        {
            result.AddError(message);
        }
    }

    private static IReadOnlyList<string> Requests(string path)
    {
        if (!Directory.Exists(path))
        {
            return [path];
        }

        var found = LintReader.RequestsIn(path);
        return found.Count > 0 ? found : throw CliException.BadInput($"there is no StartJobRun request in {path}", "A request is a JSON file with a member jobDriver or jobTemplateId.");
    }

    /// <summary>Whether the whole gang could have its places at once.</summary>
    private static PlacementPlan? GangOf(PlanJob job, PlanTarget target) => job.Gang.Count == 0
        ? null
        : target.Plan([job.Placeholders()]);

    /// <summary>For people one table a request; for programs one document, of a folder a list.</summary>
    private static void Write(CliContext context, OutputFormat format, IReadOnlyList<PlanReport> reports, bool many)
    {
        if (format is OutputFormat.Json or OutputFormat.Yaml && many)
        {
            ListingWriter.Write(context, format, new Listing([], [], new JsonArray([.. reports.Select(r => (JsonNode)r.Listing().Document)])));
            return;
        }

        foreach (var report in reports)
        {
            if (format == OutputFormat.Table)
            {
                context.Print($"{report.Job.Name}: a driver and {report.Job.Executors} executors, {report.Duration.TotalMinutes:0.##} min");
            }

            ListingWriter.Write(context, format, report.Listing());
            if (format == OutputFormat.Table)
            {
                foreach (var note in report.Notes())
                {
                    context.Print(note);
                }
            }
        }
    }
}
