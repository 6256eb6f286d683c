namespace Hearth.Platform;

/// <summary>What is collected and how long it is kept.</summary>
public sealed record Monitoring
{
    /// <summary>Alias of the Prometheus workspace (AMP); empty is <c>amp-ws-&lt;platform&gt;</c>.</summary>
    public string WorkspaceAlias { get; init; } = string.Empty;

    /// <summary>As <c>30s</c>.</summary>
    public string ScrapeInterval { get; init; } = "30s";

    /// <summary>How long the cluster's own Prometheus keeps samples, as <c>5h</c>.</summary>
    public string Retention { get; init; } = "5h";

    /// <summary>Control-plane logs that are kept.</summary>
    public IReadOnlyList<string> ControlPlaneLogs { get; init; } = ["api", "audit", "authenticator"];

    public int ControlPlaneLogRetentionDays { get; init; } = 90;

    /// <summary>Bucket for Spark event logs; empty is <c>&lt;platform&gt;-emr-&lt;account&gt;-&lt;region&gt;</c>.</summary>
    public string EventLogBucket { get; init; } = string.Empty;
}

/// <summary>A YuniKorn queue.</summary>
public sealed record Queue
{
    /// <summary>The full path, as <c>root.prod</c>; parents need no entry of their own.</summary>
    public string Name { get; init; } = string.Empty;

    public QueueResources Guaranteed { get; init; } = new();

    public QueueResources Max { get; init; } = new();
}

/// <summary>Amounts in YuniKorn's units; empty is unset.</summary>
public sealed record QueueResources
{
    /// <summary>As <c>500G</c>.</summary>
    public string Memory { get; init; } = string.Empty;

    /// <summary>Cores, as <c>50</c>.</summary>
    public string Vcore { get; init; } = string.Empty;
}
