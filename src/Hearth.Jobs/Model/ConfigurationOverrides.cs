using System.Text.Json.Serialization;

namespace Hearth.Jobs.Model;

/// <summary>Settings of an application and of its logs.</summary>
public sealed record ConfigurationOverrides
{
    /// <summary>Up to 100 classifications.</summary>
    public IReadOnlyList<Configuration>? ApplicationConfiguration { get; init; }
    public MonitoringConfiguration? MonitoringConfiguration { get; init; }
}

/// <summary>One classification, for example <c>spark-defaults</c>. Properties may hold secrets.</summary>
public sealed record Configuration
{
    public string? Classification { get; init; }

    /// <summary>Up to 100 properties of 1 to 1024 characters each.</summary>
    public IReadOnlyDictionary<string, string>? Properties { get; init; }
    public IReadOnlyList<Configuration>? Configurations { get; init; }
}

/// <summary>Where logs go.</summary>
public sealed record MonitoringConfiguration
{
    public ManagedLogs? ManagedLogs { get; init; }

    /// <summary><c>ENABLED</c> (the default) or <c>DISABLED</c>.</summary>
    [JsonPropertyName("persistentAppUI")]
    public string? PersistentAppUI { get; init; }
    public CloudWatchMonitoringConfiguration? CloudWatchMonitoringConfiguration { get; init; }
    public S3MonitoringConfiguration? S3MonitoringConfiguration { get; init; }
    public ContainerLogRotationConfiguration? ContainerLogRotationConfiguration { get; init; }
}

/// <summary>System logs that the service keeps.</summary>
public sealed record ManagedLogs
{
    [JsonPropertyName("allowAWSToRetainLogs")]
    public string? AllowAwsToRetainLogs { get; init; }
    public string? EncryptionKeyArn { get; init; }
}

/// <summary>A CloudWatch log group.</summary>
public sealed record CloudWatchMonitoringConfiguration
{
    public string? LogGroupName { get; init; }
    public string? LogStreamNamePrefix { get; init; }
}

/// <summary>An S3 prefix.</summary>
public sealed record S3MonitoringConfiguration
{
    /// <summary><c>s3://bucket/prefix</c>.</summary>
    public string? LogUri { get; init; }
    public string? EncryptionKeyArn { get; init; }
}

/// <summary>When a container log starts a new file.</summary>
public sealed record ContainerLogRotationConfiguration
{
    /// <summary>For example <c>2GB</c>.</summary>
    public string? RotationSize { get; init; }

    /// <summary>1 to 50; some clients send it as text.</summary>
    [JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]
    public int? MaxFilesToKeep { get; init; }
}
