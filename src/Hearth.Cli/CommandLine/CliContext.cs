using Hearth.Cli.Commands.Job;
using Hearth.Cli.Hosting;
using Hearth.Delivery.Cloud;

namespace Hearth.Cli.CommandLine;

/// <summary>Everything a command touches outside its arguments, so that tests can run the whole tree in process.</summary>
public sealed record CliContext
{
    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>True when standard output is a terminal: progress and colours only then.</summary>
    public bool OutIsTerminal { get; init; }

    public bool ErrorIsTerminal { get; init; }

    /// <summary>Reads an environment variable; null when unset.</summary>
    public required Func<string, string?> Environment { get; init; }

    /// <summary>What <c>hearth up</c> starts.</summary>
    public IPlatformHostFactory Hosts { get; init; } = new EmbeddedPlatformFactory();

    /// <summary>How <c>hearth job</c> reaches the running platform.</summary>
    internal IJobConnector Jobs { get; init; } = new JobConnector();

    /// <summary>How <c>hearth deploy</c> reaches AWS, Kubernetes and Helm.</summary>
    public ITools Tools { get; init; } = new ProcessTools(
        System.Environment.GetEnvironmentVariable,
        // What Node has to say about its own age is no news of a deployment.
        new Dictionary<string, string>(StringComparer.Ordinal) { ["NODE_NO_WARNINGS"] = "1" });

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Colours are wanted: a terminal, and neither NO_COLOR (https://no-color.org) nor TERM=dumb.</summary>
    public bool Colour =>
        OutIsTerminal && string.IsNullOrEmpty(Environment("NO_COLOR")) && !string.Equals(Environment("TERM"), "dumb", StringComparison.Ordinal);

    /// <summary>A line of result, to standard output.</summary>
    public void Print(string line) => Out.WriteLine(line);

    /// <summary>A line about what happens, to standard error.</summary>
    public void Say(string line) => Error.WriteLine(line);

    public static CliContext FromProcess() => new()
    {
        Out = System.Console.Out,
        Error = System.Console.Error,
        OutIsTerminal = !System.Console.IsOutputRedirected,
        ErrorIsTerminal = !System.Console.IsErrorRedirected,
        Environment = System.Environment.GetEnvironmentVariable,
    };

    /// <summary>The repository that the launcher was started from (HEARTH_HOME), or null.</summary>
    public string? Home
    {
        get
        {
            var home = Environment("HEARTH_HOME");
            return string.IsNullOrEmpty(home) ? null : home;
        }
    }
}
