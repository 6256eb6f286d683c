using System.CommandLine;
using Hearth.Cli.CommandLine;
using Hearth.Platform;

namespace Hearth.Cli.Commands.Platform;

/// <summary><c>hearth platform schema</c>: the format, for editors (JSON Schema) or for people (Markdown).</summary>
internal static class SchemaCommand
{
    public static Command Create(CliContext context)
    {
        var format = new Option<string>("--format")
        {
            Description = "For editors or for people.",
            HelpName = "json|markdown",
            DefaultValueFactory = _ => "json",
        };
        format.AcceptOnlyFromAmong("json", "markdown");
        var command = new Command("schema", "Print the JSON Schema of platform.yaml.") { format };
        command.SetAction(parsed =>
        {
            var markdown = string.Equals(parsed.GetValue(format), "markdown", StringComparison.Ordinal);
            context.Out.Write(markdown ? PlatformSchema.ToMarkdown() : PlatformSchema.ToJsonSchema());
            return ExitCodes.Success;
        });
        return command;
    }
}
