namespace Hearth.Cli.CommandLine;

/// <summary>What the process answers to its caller.</summary>
public static class ExitCodes
{
    public const int Success = 0;

    /// <summary>The command was understood and did not work out.</summary>
    public const int Failure = 1;

    /// <summary>The command line or a file that it names is wrong.</summary>
    public const int BadInput = 2;

    /// <summary>Stopped by Ctrl-C (128 + SIGINT), as shells expect.</summary>
    public const int Interrupted = 130;
}
