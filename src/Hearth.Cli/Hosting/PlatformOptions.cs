using System.Net;
using Hearth.Platform;

namespace Hearth.Cli.Hosting;

/// <summary>How containers are kept apart from the machine.</summary>
public enum SandboxMode
{
    /// <summary>Each container in bubblewrap: own mount, pid and user namespaces. Refuses to start without it.</summary>
    Bubblewrap,

    /// <summary>Plain processes of this user. Only for code that one would run oneself.</summary>
    None,
}

/// <summary>What <c>hearth up</c> was asked to start.</summary>
public sealed record PlatformOptions
{
    /// <summary>Complete: defaults applied, validated.</summary>
    public required PlatformDeclaration Platform { get; init; }

    /// <summary>The blueprint's name or file as given, for display.</summary>
    public required string Source { get; init; }

    /// <summary>Absolute path; exists, is locked by this process, and has the format this version writes.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The address to listen on; loopback unless told otherwise.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Port of the Kubernetes API (HTTPS); 0 picks a free one.</summary>
    public int KubernetesPort { get; init; }

    /// <summary>Port of the AWS APIs (HTTP); 0 picks a free one.</summary>
    public int AwsPort { get; init; }

    /// <summary>Port of the web console (HTTP); 0 picks a free one.</summary>
    public int ConsolePort { get; init; }

    public SandboxMode Sandbox { get; init; }

    /// <summary>Nodes take as long as on EC2 (30-60 s) and pods are gathered as long as Karpenter does; otherwise both are at once.</summary>
    public bool Realistic { get; init; }

    /// <summary>The repository or installation (python front end, engine library), or null when unknown.</summary>
    public string? Home { get; init; }
}
