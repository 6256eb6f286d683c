using System.Globalization;
using Hearth.Delivery.Cloud;
using Hearth.Engine;
using Hearth.Platform;

namespace Hearth.Cli.CommandLine;

/// <summary>Says what went wrong on standard error. A person never sees a stack trace; an unexpected one goes to a file.</summary>
internal static class ErrorReport
{
    public static int Write(Exception error, CliContext context)
    {
        switch (error)
        {
            case CliException known:
                WriteLines(context, known.Message, known.Hint);
                return known.ExitCode;
            case DeliveryException delivery:
                WriteLines(context, delivery.Message, delivery.Hint);
                return delivery.BadInput ? ExitCodes.BadInput : ExitCodes.Failure;
            case PlatformException declared:
                WriteFaults(context, declared);
                return ExitCodes.BadInput;
            case EngineException sql:
                WriteLines(context, sql.Describe(), sql.Hint);
                return sql.Kind is ErrorKind.ParseException or ErrorKind.AnalysisException or ErrorKind.IllegalArgumentException
                    ? ExitCodes.BadInput
                    : ExitCodes.Failure;
            case OperationCanceledException:
                return ExitCodes.Interrupted;
            default:
                WriteUnexpected(context, error);
                return ExitCodes.Failure;
        }
    }

    private static void WriteFaults(CliContext context, PlatformException declared)
    {
        foreach (var fault in declared.Faults)
        {
            context.Say(fault.Position is null ? $"hearth: {fault}" : fault.ToString());
        }

        if (declared.Hint is { } hint)
        {
            context.Say(hint);
        }
    }

    private static void WriteLines(CliContext context, string message, string? hint)
    {
        context.Error.WriteLine($"hearth: {message}");
        if (!string.IsNullOrEmpty(hint))
        {
            context.Say(hint);
        }
    }

    private static void WriteUnexpected(CliContext context, Exception error)
    {
        var log = WriteCrashLog(context, error);
        var where = log is null ? null : $"The details are in {log}; please report it with that file.";
        WriteLines(context, $"unexpected {error.GetType().Name}: {error.Message}", where);
    }

    private static string? WriteCrashLog(CliContext context, Exception error)
    {
        try
        {
            var directory = Path.Combine(Path.GetTempPath(), "hearth-errors");
            Directory.CreateDirectory(directory);
            var stamp = context.Clock.GetUtcNow().ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture);
            var path = Path.Combine(directory, $"{stamp}-{Environment.ProcessId}.log");
            File.WriteAllText(path, $"{Environment.CommandLine}\n{error}\n");
            return path;
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }
}
