namespace Hearth.Cli.CommandLine;

/// <summary>
/// An end that a person can act on: one message saying what and where, and a hint saying how to go on.
/// Printed to standard error without a stack trace.
/// </summary>
public sealed class CliException : Exception
{
    public CliException(string message, string? hint = null, int exitCode = ExitCodes.Failure)
        : base(message)
    {
        Hint = hint;
        ExitCode = exitCode;
    }

    /// <summary>How to go on; printed on a line of its own.</summary>
    public string? Hint { get; }

    /// <summary>One of <see cref="ExitCodes"/>.</summary>
    public int ExitCode { get; }

    /// <summary>The input is wrong: exit code 2.</summary>
    public static CliException BadInput(string message, string? hint = null) => new(message, hint, ExitCodes.BadInput);
}
