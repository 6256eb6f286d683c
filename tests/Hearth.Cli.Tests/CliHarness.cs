using Hearth.Cli.CommandLine;
using Hearth.Cli.Commands.Job;
using Hearth.Cli.Hosting;

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
        };
        var code = await HearthCli.RunAsync(args, context, cancellation);
        return new CliOutcome(code, output.ToString(), error.ToString());
    }

    public static Task<CliOutcome> Run(params string[] args) => new CliHarness().RunAsync(CancellationToken.None, args);
}
