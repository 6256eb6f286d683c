namespace Hearth.Cli.Hosting;

/// <summary>One platform running in this process. Started once, stopped once.</summary>
public interface IPlatformHost : IAsyncDisposable
{
    /// <summary>Starts everything and returns when all three endpoints answer. Throws a CliException with a way out when it cannot.</summary>
    Task<PlatformEndpoints> StartAsync(PlatformOptions options, CancellationToken cancellation);

    /// <summary>Stops containers, servers and the store, in this order; nothing acknowledged is lost.</summary>
    Task StopAsync(CancellationToken cancellation);
}

/// <summary>Makes the host that <c>hearth up</c> and <c>hearth demo</c> start; tests put their own in its place.</summary>
public interface IPlatformHostFactory
{
    IPlatformHost Create();
}
