using Hearth.Cli.CommandLine;
using Hearth.Cli.Commands.Job;
using Hearth.Cli.Hosting;
using Hearth.Delivery.Cloud;

namespace Hearth.Cli.Tests;

/// <summary>How a command line ended.</summary>
public sealed record CliOutcome(int ExitCode, string Out, string Error);

/// <summary>Runs command lines in this process, with output captured and an environment of its own.</summary>
internal sealed class CliHarness
{
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);

    public IPlatformHostFactory Hosts { get; init; } = new FakePlatform();

    /// <summary>The platform that <c>hearth job</c> finds.</summary>
    public IJobConnector Jobs { get; init; } = new JobConnector();

    /// <summary>What <c>hearth deploy</c> calls; nothing is installed unless a test says so.</summary>
    public ITools Tools { get; init; } = new NoTools();

    public string this[string variable]
    {
        set => _environment[variable] = value;
    }

    public async Task<CliOutcome> RunAsync(CancellationToken cancellation, params string[] args)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var context = new CliContext
        {
            Out = TextWriter.Synchronized(output),
            Error = TextWriter.Synchronized(error),
            Environment = name => _environment.GetValueOrDefault(name),
            Hosts = Hosts,
            Jobs = Jobs,
            Tools = Tools,
        };
        var code = await HearthCli.RunAsync(args, context, cancellation);
        return new CliOutcome(code, output.ToString(), error.ToString());
    }

    public static Task<CliOutcome> Run(params string[] args) => new CliHarness().RunAsync(CancellationToken.None, args);
}

/// <summary>A machine on which nothing is installed.</summary>
internal sealed class NoTools : ITools
{
    public bool Has(string program) => false;

    public Task<ToolResult> RunAsync(ToolCall call, Action<string>? line, CancellationToken cancellation) => throw new InvalidOperationException($"{call} is not installed");
}
