using Hearth.Kube.Client;

namespace Hearth.Jobs.Driver;

/// <summary>What a driver is given by the program that it is part of.</summary>
public sealed record DriverHost
{
    public required IEngineHost Engine { get; init; }

    /// <summary>The cluster; null outside of one (then there are no executors).</summary>
    public IKubeClient? Client { get; init; }

    /// <summary>Directory of the installation, with <c>samples</c> and <c>python</c>; null when unknown.</summary>
    public string? Home { get; init; }

    /// <summary>Where a path of the container is on this machine; the same path in a container with mounts of its own.</summary>
    public Func<string, string> LocalPath { get; init; } = path => path;

    /// <summary>Reads an environment variable.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;
    public TextWriter Output { get; init; } = Console.Out;
    public TextWriter Error { get; init; } = Console.Error;
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
