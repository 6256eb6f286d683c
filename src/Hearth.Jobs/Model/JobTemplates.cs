using System.Text.Json.Serialization;

namespace Hearth.Jobs.Model;

/// <summary>CreateJobTemplate.</summary>
public sealed record CreateJobTemplateRequest
{
    public string? Name { get; init; }
    public string? ClientToken { get; init; }
    public JobTemplateData? JobTemplateData { get; init; }
    public IReadOnlyDictionary<string, string>? Tags { get; init; }
    public string? KmsKeyArn { get; init; }
}

/// <summary>
/// What a job template holds: a job with <c>${Name}</c> in any of its values. It is the whole of the four members that it has in common with
/// StartJobRun; a request that names a template may not give them too.
/// </summary>
public sealed record JobTemplateData
{
    public string? ExecutionRoleArn { get; init; }
    public string? ReleaseLabel { get; init; }
    public ParametricConfigurationOverrides? ConfigurationOverrides { get; init; }
    public JobDriver? JobDriver { get; init; }

    /// <summary>The parameters by name, up to 100.</summary>
    public IReadOnlyDictionary<string, TemplateParameterConfiguration>? ParameterConfiguration { get; init; }

    /// <summary>Tags that each job run of the template gets.</summary>
    public IReadOnlyDictionary<string, string>? JobTags { get; init; }
}

/// <summary>A declared parameter.</summary>
public sealed record TemplateParameterConfiguration
{
    /// <summary><c>STRING</c> (also when absent) or <c>NUMBER</c>.</summary>
    public string? Type { get; init; }

    /// <summary>Used when a request gives no value; 1 to 1024 characters.</summary>
    public string? DefaultValue { get; init; }
}

/// <summary><see cref="ConfigurationOverrides"/> of a template: no managed logs, no log rotation.</summary>
public sealed record ParametricConfigurationOverrides
{
    public IReadOnlyList<Configuration>? ApplicationConfiguration { get; init; }
    public ParametricMonitoringConfiguration? MonitoringConfiguration { get; init; }
}

/// <summary>Where logs go; each value may hold <c>${Name}</c>.</summary>
public sealed record ParametricMonitoringConfiguration
{
    [JsonPropertyName("persistentAppUI")]
    public string? PersistentAppUI { get; init; }
    public CloudWatchMonitoringConfiguration? CloudWatchMonitoringConfiguration { get; init; }
    public ParametricS3MonitoringConfiguration? S3MonitoringConfiguration { get; init; }
}

/// <summary>An S3 prefix.</summary>
public sealed record ParametricS3MonitoringConfiguration
{
    public string? LogUri { get; init; }
}

/// <summary>ListJobTemplates.</summary>
public sealed record ListJobTemplatesRequest
{
    public DateTimeOffset? CreatedAfter { get; init; }
    public DateTimeOffset? CreatedBefore { get; init; }
    public int? MaxResults { get; init; }
    public string? NextToken { get; init; }

    /// <summary>Which templates the caller may see; null for all.</summary>
    [JsonIgnore]
    public Func<JobTemplateDescription, bool>? Visible { get; init; }
}

/// <summary>A job template as the API shows it.</summary>
public sealed record JobTemplateDescription
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Arn { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public string? CreatedBy { get; init; }
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
    public required JobTemplateData JobTemplateData { get; init; }
    public string? KmsKeyArn { get; init; }
}
