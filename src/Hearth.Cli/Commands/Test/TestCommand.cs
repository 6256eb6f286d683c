using System.CommandLine;
using Hearth.Cli.CommandLine;

namespace Hearth.Cli.Commands.Test;

/// <summary><c>hearth test</c>: builds everything once, runs every test, ends with one line of totals.</summary>
internal static class TestCommand
{
    public static Command Create(CliContext context)
    {
        var filter = new Option<string?>("--filter")
        {
            Description = "Only tests whose full name contains this text.",
            HelpName = "TEXT",
        };
        var project = new Option<string?>("--project")
        {
            Description = "Only test projects whose name contains this text ('python' for the Python tests).",
            HelpName = "TEXT",
        };
        var configuration = new Option<string>("--configuration", "-c")
        {
            Description = "Build configuration.",
            HelpName = "Release|Debug",
            DefaultValueFactory = _ => "Release",
        };
        configuration.AcceptOnlyFromAmong("Release", "Debug");
        var command = new Command("test", "Build everything and run every test.") { filter, project, configuration };
        command.SetAction((parsed, cancellation) =>
        {
            var home = context.Home
                ?? throw new CliException("the sources are not known here", "Run it through the launcher of a clone: ./hearth test");
            var run = new TestRun(context, home, parsed.GetValue(configuration)!, parsed.GetValue(filter), parsed.GetValue(project));
            return run.RunAsync(cancellation);
        });
        return command;
    }
}
