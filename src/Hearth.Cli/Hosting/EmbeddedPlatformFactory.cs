using Hearth.Cli.Hosting.Embedded;

namespace Hearth.Cli.Hosting;

/// <summary>Makes the embedded platform: cluster, AWS APIs, jobs and console in this process.</summary>
public sealed class EmbeddedPlatformFactory : IPlatformHostFactory
{
    public IPlatformHost Create() => new EmbeddedPlatform();
}
