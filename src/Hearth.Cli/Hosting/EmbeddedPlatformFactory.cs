using Hearth.Cli.CommandLine;

namespace Hearth.Cli.Hosting;

/// <summary>The composition point of the embedded platform: cluster, AWS APIs, jobs, console.</summary>
public sealed class EmbeddedPlatformFactory : IPlatformHostFactory
{
    public IPlatformHost Create() =>
        throw CliException.NotThereYet("starting the embedded platform", "The parts exist in src/; the host that composes them does not yet.");
}
