using Hearth.Cli.CommandLine;

namespace Hearth.Cli.Commands.Deploy;

/// <summary>Asks before something that costs money or cannot be undone.</summary>
internal static class Confirmation
{
    /// <summary>Throws unless the person agrees; without a terminal only <c>--yes</c> does.</summary>
    public static void Ask(CliContext context, bool yes, string what)
    {
        context.Say(what);
        if (yes)
        {
            return;
        }

        if (System.Console.IsInputRedirected)
        {
            throw CliException.BadInput("there is nobody to ask", "Give --yes to go ahead.");
        }

        context.Error.Write("Go ahead? [y/N] ");
        if (!string.Equals(System.Console.In.ReadLine()?.Trim(), "y", StringComparison.OrdinalIgnoreCase))
        {
            throw new CliException("nothing was done");
        }
    }
}
