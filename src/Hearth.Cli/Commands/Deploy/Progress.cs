using Hearth.Cli.CommandLine;
using Hearth.Delivery.Install;

namespace Hearth.Cli.Commands.Deploy;

/// <summary>Runs something with a progress view: redrawn on a terminal, plain lines elsewhere. When it is stopped, says how to go on.</summary>
internal static class Progress
{
    private const int NoTerminalWidth = 120;

    /// <summary>Throws <see cref="CliException"/> with exit code 130 when the run was stopped.</summary>
    /// <param name="context">Where to draw.</param>
    /// <param name="again">The command that goes on, as <c>hearth deploy</c>.</param>
    /// <param name="run">What to run.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    public static async Task<T> ShowAsync<T>(CliContext context, string again, Func<IDeliveryProgress, Task<T>> run, CancellationToken cancellation)
    {
        using var live = IsTerminal(context) ? new LiveSteps(context, Width) : null;
        try
        {
            return await run(live is null ? new StepLines(context) : live);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            live?.Dispose();
            throw new CliException("stopped", $"What is done stays done, and CloudFormation ends what it has begun. Run {again} again: it waits for that and goes on.", ExitCodes.Interrupted);
        }
    }

    private static bool IsTerminal(CliContext context) => context.ErrorIsTerminal && !string.Equals(context.Environment("TERM"), "dumb", StringComparison.Ordinal);

    private static int Width()
    {
        try
        {
            return System.Console.WindowWidth is > 0 and var width ? width : NoTerminalWidth;
        }
        catch (IOException)
        {
            return NoTerminalWidth;
        }
    }
}
