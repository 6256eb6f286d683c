using System.CommandLine;
using Hearth.Cli.CommandLine;
using Hearth.Cli.Output;
using Hearth.Platform;

namespace Hearth.Cli.Commands.Platform;

/// <summary><c>hearth platform show</c>: the complete declaration, every default and derived name filled in.</summary>
internal static class ShowCommand
{
    public static Command Create(CliContext context)
    {
        var blueprint = new Argument<string>("blueprint")
        {
            Description = "A built-in blueprint's name, or a platform.yaml file.",
            HelpName = "NAME|FILE",
            DefaultValueFactory = _ => PlatformLoader.DefaultBlueprint,
        };
        var output = new Option<string>("--output", "-o")
        {
            Description = "How to print it.",
            HelpName = "yaml|json",
            DefaultValueFactory = _ => "yaml",
        };
        output.AcceptOnlyFromAmong("yaml", "json");
        var source = new Option<bool>("--source") { Description = "Print a built-in blueprint as it is written, with its comments: a start for one of your own." };
        var command = new Command("show", "Print the complete declaration, defaults and derived names included.") { blueprint, output, source };
        command.SetAction(parsed =>
        {
            var name = parsed.GetValue(blueprint)!;
            if (parsed.GetValue(source) && PlatformLoader.BlueprintText(name) is { } text)
            {
                context.Out.Write(text);
                return ExitCodes.Success;
            }

            var platform = PlatformLoader.Load(name);
            if (string.Equals(parsed.GetValue(output), "json", StringComparison.Ordinal))
            {
                ListingWriter.WriteJson(context, PlatformYaml.ToJson(platform));
            }
            else
            {
                context.Out.Write(PlatformYaml.ToYaml(platform));
            }

            return ExitCodes.Success;
        });
        return command;
    }
}
