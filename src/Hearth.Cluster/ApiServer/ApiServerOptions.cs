using System.Net;
using Hearth.Cluster.ApiServer.Auth;
using Hearth.Cluster.ApiServer.Auth.Tokens;
using Hearth.Cluster.ApiServer.Services;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hearth.Cluster.ApiServer;

/// <summary>How an API server is reached and whom it knows.</summary>
public sealed record ApiServerOptions
{
    /// <summary>Directory of the keys and certificates; created when missing, keys readable by their owner only.</summary>
    public required string PkiDirectory { get; init; }

    /// <summary>Where to listen.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>TCP port; 0 picks a free one.</summary>
    public int Port { get; init; }

    /// <summary>Name of the cluster, for people and kubeconfigs.</summary>
    public string ClusterName { get; init; } = "hearth";

    /// <summary>Version that <c>/version</c> tells: <c>v1.MINOR.PATCH</c> with optional build metadata.</summary>
    public string KubernetesVersion { get; init; } = "v1.32.4+hearth";

    /// <summary>Tokens of the platform's own users.</summary>
    public IReadOnlyList<StaticToken> Tokens { get; init; } = [];

    /// <summary>Authenticators of tokens made elsewhere, asked after the server's own ones.</summary>
    public IReadOnlyList<ITokenAuthenticator> Authenticators { get; init; } = [];

    /// <summary>Names and addresses, besides loopback ones, that clients reach the server by.</summary>
    public IReadOnlyList<string> HostNames { get; init; } = [];

    /// <summary>Claim <c>iss</c> of service-account tokens; null: the in-cluster address of the API.</summary>
    public string? ServiceAccountIssuer { get; init; }

    /// <summary>Converters between versions of custom resources, by group; other groups only change apiVersion.</summary>
    public IReadOnlyDictionary<string, ICustomResourceConverter> Converters { get; init; } = new Dictionary<string, ICustomResourceConverter>(StringComparer.Ordinal);

    /// <summary>Figures for <c>kubectl top</c>; null: the group metrics.k8s.io is not served.</summary>
    public IMetricsProvider? Metrics { get; init; }

    /// <summary>Pods go to YuniKorn, as with its admission controller installed.</summary>
    public bool YuniKorn { get; init; }

    /// <summary>What answers behind Services through the proxy.</summary>
    public ServiceBackends Services { get; init; } = new();

    /// <summary>Where the server tells what it does. Tokens and secrets are never told.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;
}
