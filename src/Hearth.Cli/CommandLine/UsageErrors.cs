using System.CommandLine;
using Hearth.Platform.Text;

namespace Hearth.Cli.CommandLine;

/// <summary>A command line that does not parse: one message a fault, the nearest valid name, where the help is; exit code 2.</summary>
internal static class UsageErrors
{
    public static int Report(ParseResult parsed, CliContext context)
    {
        var command = parsed.CommandResult.Command;
        var path = CommandPath(parsed);
        if (parsed.UnmatchedTokens.Count == 0 && parsed.Errors.Count == 1 && command.Subcommands.Count > 0 && command.Action is null)
        {
            context.Error.WriteLine($"{path}: say which: {string.Join(", ", Visible(command).Select(c => c.Name))}");
        }
        else
        {
            foreach (var message in Messages(parsed, command).Distinct(StringComparer.Ordinal))
            {
                context.Error.WriteLine($"{path}: {message}");
            }
        }

        context.Error.WriteLine($"Try '{path} --help'.");
        return ExitCodes.BadInput;
    }

    private static IEnumerable<string> Messages(ParseResult parsed, Command command)
    {
        foreach (var token in parsed.UnmatchedTokens)
        {
            yield return Unknown(token, command);
        }

        foreach (var error in parsed.Errors.Where(e => !IsAboutUnmatched(e.Message, parsed)))
        {
            yield return error.Message.TrimEnd('.');
        }
    }

    private static bool IsAboutUnmatched(string message, ParseResult parsed) =>
        parsed.UnmatchedTokens.Count > 0 &&
        (parsed.UnmatchedTokens.Any(t => message.Contains($"'{t}'", StringComparison.Ordinal))
         || message.StartsWith("Required command", StringComparison.Ordinal));

    private static string Unknown(string token, Command command)
    {
        var isOption = token.StartsWith('-');
        var names = isOption
            ? command.Options.Where(o => !o.Hidden).Select(o => o.Name)
            : Visible(command).Select(c => c.Name);
        var kind = isOption ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
        return Nearest.Describe($"unknown {kind} '{token}'", token, [.. names]);
    }

    private static IEnumerable<Command> Visible(Command command) => command.Subcommands.Where(c => !c.Hidden);

    private static string CommandPath(ParseResult parsed)
    {
        var names = new List<string>();
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as System.CommandLine.Parsing.CommandResult)
        {
            names.Insert(0, result.Command is RootCommand ? CommandTree.Name : result.Command.Name);
        }

        return string.Join(' ', names);
    }
}
