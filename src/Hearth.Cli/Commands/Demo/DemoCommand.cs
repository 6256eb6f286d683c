using System.CommandLine;
using Hearth.Cli.CommandLine;

namespace Hearth.Cli.Commands.Demo;

/// <summary><c>hearth demo</c>: the taxi job for a data team from nothing to result.</summary>
internal static class DemoCommand
{
    public static Command Create(CliContext context)
    {
        _ = context;
        var rows = new Option<int>("--rows")
        {
            Description = "How many trips to generate.",
            HelpName = "N",
            DefaultValueFactory = _ => 1_000_000,
        };
        var command = new Command("demo", "Start a platform, run the taxi job for a data team, show what happened, stop.") { rows };
        command.SetAction((_, _) =>
            Task.FromException<int>(CliException.NotThereYet("the demo", "`hearth platform show` and `hearth test` work already.")));
        return command;
    }
}
