namespace Hearth.Jobs.Model;

/// <summary>StartJobRun.</summary>
public sealed record StartJobRunRequest
{
    /// <summary>From the path of the request.</summary>
    public string? VirtualClusterId { get; init; }
    public string? ClientToken { get; init; }
    public string? Name { get; init; }
    public string? ExecutionRoleArn { get; init; }
    public string? ReleaseLabel { get; init; }
    public JobDriver? JobDriver { get; init; }
    public ConfigurationOverrides? ConfigurationOverrides { get; init; }
    public IReadOnlyDictionary<string, string>? Tags { get; init; }
    public string? JobTemplateId { get; init; }
    public IReadOnlyDictionary<string, string>? JobTemplateParameters { get; init; }
    public RetryPolicyConfiguration? RetryPolicyConfiguration { get; init; }
}

/// <summary>ListJobRuns.</summary>
public sealed record ListJobRunsRequest
{
    public string? VirtualClusterId { get; init; }
    public DateTimeOffset? CreatedAfter { get; init; }
    public DateTimeOffset? CreatedBefore { get; init; }
    public string? Name { get; init; }

    /// <summary>State words, for example <c>RUNNING</c>; up to 10.</summary>
    public IReadOnlyList<string>? States { get; init; }

    /// <summary>Page size; 100 when absent.</summary>
    public int? MaxResults { get; init; }
    public string? NextToken { get; init; }
}

/// <summary>A job run as the API shows it; serialises to the wire shape with <see cref="JobsJson"/>.</summary>
public sealed record JobRunDescription
{
    public required string Id { get; init; }
    public string? Name { get; init; }
    public required string VirtualClusterId { get; init; }
    public required string Arn { get; init; }
    public required JobRunState State { get; init; }
    public string? ClientToken { get; init; }
    public string? ExecutionRoleArn { get; init; }
    public string? ReleaseLabel { get; init; }

    /// <summary>Absent in list results.</summary>
    public ConfigurationOverrides? ConfigurationOverrides { get; init; }

    /// <summary>Absent in list results.</summary>
    public JobDriver? JobDriver { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>ARN of the caller of StartJobRun.</summary>
    public string? CreatedBy { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public string? StateDetails { get; init; }
    public FailureReason? FailureReason { get; init; }
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Absent in list results and when retries are off.</summary>
    public RetryPolicyConfiguration? RetryPolicyConfiguration { get; init; }
    public RetryPolicyExecution? RetryPolicyExecution { get; init; }
}
