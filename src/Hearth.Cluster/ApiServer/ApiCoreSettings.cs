using System.Security.Cryptography;
using Hearth.Cluster.ApiServer.Auth;
using Hearth.Cluster.ApiServer.Auth.Tokens;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hearth.Cluster.ApiServer;

/// <summary>What the API needs to know beside its store.</summary>
internal sealed record ApiCoreSettings
{
    public IPodRuntime Runtime { get; init; } = new NoPodRuntime();

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Certificate that pods must trust to reach the API; goes into every namespace.</summary>
    public string AuthorityPem { get; init; } = "";

    /// <summary>Signs service-account tokens; null: a key that lives as long as this object.</summary>
    public ECDsa? ServiceAccountKey { get; init; }

    public string? Issuer { get; init; }

    public IReadOnlyList<StaticToken> Tokens { get; init; } = [];

    public IReadOnlyList<ITokenAuthenticator> Authenticators { get; init; } = [];

    /// <summary>By group.</summary>
    public IReadOnlyDictionary<string, ICustomResourceConverter> Converters { get; init; } = new Dictionary<string, ICustomResourceConverter>(StringComparer.Ordinal);

    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Pods go to YuniKorn.</summary>
    public bool YuniKorn { get; init; }

    public IMetricsProvider? Metrics { get; init; }
}
