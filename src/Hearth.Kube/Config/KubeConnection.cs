using System.Security.Cryptography.X509Certificates;

namespace Hearth.Kube.Config;

/// <summary>How to reach an API server, and as whom.</summary>
public sealed record KubeConnection
{
    /// <summary>For example <c>https://127.0.0.1:6443</c>.</summary>
    public required Uri Server { get; init; }

    /// <summary>The only authorities that may vouch for the server; null for those of the system.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>Gives the bearer token of a request; null for none. Called for each request: remember what is costly.</summary>
    public Func<CancellationToken, ValueTask<string?>>? Token { get; init; }

    /// <summary>Certificate with its key; null for none.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>Name to verify the server's certificate against instead of the host in <see cref="Server"/>.</summary>
    public string? TlsServerName { get; init; }

    /// <summary>Accept any certificate; only when somebody asked for it by name.</summary>
    public bool SkipTlsVerification { get; init; }

    /// <summary>Namespace to use when none is named.</summary>
    public string Namespace { get; init; } = "default";
}

/// <summary>A kubeconfig, or the surroundings of a pod, that cannot be used; the message says which part.</summary>
public sealed class KubeConfigException(string message) : Exception(message);
