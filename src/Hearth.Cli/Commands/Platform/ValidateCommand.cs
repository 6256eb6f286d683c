using System.CommandLine;
using Hearth.Cli.CommandLine;
using Hearth.Platform;

namespace Hearth.Cli.Commands.Platform;

/// <summary><c>hearth platform validate FILE</c>: every fault with file, line and column; exit code 2 when there is one.</summary>
internal static class ValidateCommand
{
    public static Command Create(CliContext context)
    {
        var files = new Argument<string[]>("file")
        {
            Description = "platform.yaml files, or built-in names.",
            HelpName = "FILE",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command("validate", "Check declarations; exit code 2 when one is wrong.") { files };
        command.SetAction(parsed =>
        {
            var result = ExitCodes.Success;
            foreach (var file in parsed.GetValue(files)!)
            {
                try
                {
                    var platform = PlatformLoader.Load(file);
                    context.Print($"{file}: valid ({platform.Name}: {platform.NodeGroups.Count} node groups, {platform.NodePools.Count} node pools, {platform.Teams.Count} teams)");
                }
                catch (PlatformException wrong)
                {
                    result = ErrorReport.Write(wrong, context);
                }
            }

            return result;
        });
        return command;
    }
}
