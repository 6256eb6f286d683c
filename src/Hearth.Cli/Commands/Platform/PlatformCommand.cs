using System.CommandLine;
using Hearth.Cli.CommandLine;

namespace Hearth.Cli.Commands.Platform;

/// <summary><c>hearth platform</c>: looks at declarations; starts nothing.</summary>
internal static class PlatformCommand
{
    public static Command Create(CliContext context) =>
        new("platform", "Show, check and list platform declarations.")
        {
            ShowCommand.Create(context),
            ValidateCommand.Create(context),
            AddonsCommand.Create(context),
            BlueprintsCommand.Create(context),
            SchemaCommand.Create(context),
        };
}
