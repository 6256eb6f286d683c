using System.CommandLine;
using System.CommandLine.Invocation;

namespace Hearth.Cli.CommandLine;

/// <summary>Parses a command line, runs the command and turns every ending into an exit code.</summary>
public static class HearthCli
{
    /// <summary>After Ctrl-C a command has this long to stop cleanly; then the process ends.</summary>
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(40);

    public static async Task<int> RunAsync(IReadOnlyList<string> args, CliContext context, CancellationToken cancellation)
    {
        var root = CommandTree.Build(context);
        var parsed = root.Parse(args);
        if (parsed.Action is ParseErrorAction)
        {
            return UsageErrors.Report(parsed, context);
        }

        var configuration = new InvocationConfiguration
        {
            Output = context.Out,
            Error = context.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = StopDeadline,
        };
        try
        {
            return await parsed.InvokeAsync(configuration, cancellation);
        }
#pragma warning disable CA1031 // the one place where every ending becomes a message
        catch (Exception error)
#pragma warning restore CA1031
        {
            return ErrorReport.Write(error, context);
        }
    }
}
