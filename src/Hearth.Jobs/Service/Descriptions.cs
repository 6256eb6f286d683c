using Hearth.Jobs.Controllers;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;

namespace Hearth.Jobs.Service;

/// <summary>Turns objects into what the API shows.</summary>
internal static class Descriptions
{
    private static readonly IReadOnlyDictionary<string, string> NoTags = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>A virtual cluster.</summary>
    public static VirtualClusterDescription Of(VirtualCluster cluster, JobServiceOptions options) => new()
    {
        Id = cluster.Id,
        Name = cluster.Spec.Name ?? cluster.Id,
        Arn = options.VirtualClusterArn(cluster.Id),
        State = cluster.State,
        ContainerProvider = cluster.Spec.ContainerProvider ?? new ContainerProvider(),
        CreatedAt = cluster.Metadata.CreationTimestamp ?? DateTimeOffset.UnixEpoch,
        Tags = cluster.Spec.Tags ?? NoTags,
        SecurityConfigurationId = cluster.Spec.SecurityConfigurationId,
        SessionEnabled = cluster.Spec.SessionEnabled,
        SchedulerConfiguration = cluster.Spec.SchedulerConfiguration is { MaxConcurrentJobRuns: null, MaxInQueueJobRuns: null } ? null : cluster.Spec.SchedulerConfiguration,
    };

    /// <summary>A job template.</summary>
    public static JobTemplateDescription Of(JobTemplate template, JobServiceOptions options) => new()
    {
        Id = template.Id,
        Name = template.Spec.Name ?? template.Id,
        Arn = options.JobTemplateArn(template.Id),
        CreatedAt = template.Metadata.CreationTimestamp ?? DateTimeOffset.UnixEpoch,
        CreatedBy = template.Spec.CreatedBy,
        Tags = template.Spec.Tags ?? NoTags,
        JobTemplateData = template.Spec.JobTemplateData ?? new JobTemplateData(),
        KmsKeyArn = template.Spec.KmsKeyArn,
    };

    /// <summary>A security configuration.</summary>
    public static SecurityConfigurationDescription Of(SecurityConfiguration configuration, JobServiceOptions options) => new()
    {
        Id = configuration.Id,
        Name = configuration.Spec.Name ?? configuration.Id,
        Arn = options.SecurityConfigurationArn(configuration.Id),
        CreatedAt = configuration.Metadata.CreationTimestamp ?? DateTimeOffset.UnixEpoch,
        CreatedBy = configuration.Spec.CreatedBy,
        SecurityConfigurationData = configuration.Spec.SecurityConfigurationData ?? new SecurityConfigurationData(),
        Tags = configuration.Spec.Tags ?? NoTags,
    };

    /// <summary>A managed endpoint.</summary>
    public static EndpointDescription Of(ManagedEndpoint endpoint, JobServiceOptions options) => new()
    {
        Id = endpoint.Id,
        Name = endpoint.Spec.Name ?? endpoint.Id,
        VirtualClusterId = endpoint.Spec.VirtualClusterId ?? "",
        Arn = options.EndpointArn(endpoint.Spec.VirtualClusterId ?? "", endpoint.Id),
        Type = endpoint.Spec.Type ?? "",
        State = endpoint.State,
        ReleaseLabel = endpoint.Spec.ReleaseLabel,
        ExecutionRoleArn = endpoint.Spec.ExecutionRoleArn,
        CertificateArn = endpoint.Spec.CertificateArn,
        CertificateAuthority = endpoint.Status?.CertificateAuthority,
        ConfigurationOverrides = endpoint.Spec.ConfigurationOverrides,
        ServerUrl = endpoint.Status?.ServerUrl,
        CreatedAt = endpoint.Metadata.CreationTimestamp ?? DateTimeOffset.UnixEpoch,
        SecurityGroup = endpoint.Status?.SecurityGroup,
        SubnetIds = endpoint.Status?.SubnetIds,
        StateDetails = StateTexts.Cut(endpoint.Status?.StateDetails),
        FailureReason = endpoint.Status?.FailureReason,
        Tags = endpoint.Spec.Tags ?? NoTags,
    };

    /// <summary>A job run with everything.</summary>
    public static JobRunDescription Of(JobRun run, JobServiceOptions options)
    {
        var retries = run.Spec.RetryPolicyConfiguration is { MaxAttempts: > 1 } policy ? policy : null;
        return new JobRunDescription
        {
            Id = run.Id,
            Name = run.Spec.Name,
            VirtualClusterId = run.Spec.VirtualClusterId ?? "",
            Arn = options.JobRunArn(run.Spec.VirtualClusterId ?? "", run.Id),
            State = run.State,
            ClientToken = run.Spec.ClientToken,
            ExecutionRoleArn = run.Spec.ExecutionRoleArn,
            ReleaseLabel = run.Spec.ReleaseLabel,
            ConfigurationOverrides = run.Spec.ConfigurationOverrides,
            JobDriver = run.Spec.JobDriver,
            CreatedAt = run.Metadata.CreationTimestamp ?? DateTimeOffset.UnixEpoch,
            CreatedBy = run.Spec.CreatedBy,
            FinishedAt = run.Status?.FinishedAt,
            StateDetails = StateTexts.Cut(run.Status?.StateDetails),
            FailureReason = run.Status?.FailureReason,
            Tags = run.Spec.Tags ?? NoTags,
            RetryPolicyConfiguration = retries,
            RetryPolicyExecution = retries is null ? null : new RetryPolicyExecution(run.Status?.Attempt ?? 1),
        };
    }

    /// <summary>A job run as listings show it.</summary>
    public static JobRunDescription Short(JobRun run, JobServiceOptions options) =>
        Of(run, options) with { JobDriver = null, ConfigurationOverrides = null, RetryPolicyConfiguration = null };

    /// <summary>The word of a state on the wire.</summary>
    public static string Word(JobRunState state) => state == JobRunState.CancelPending ? "CANCEL_PENDING" : state.ToString().ToUpperInvariant();

    /// <summary>The word of a state on the wire.</summary>
    public static string Word(VirtualClusterState state) => state.ToString().ToUpperInvariant();

    /// <summary>The word of a state on the wire.</summary>
    public static string Word(EndpointState state) => state == EndpointState.TerminatedWithErrors ? "TERMINATED_WITH_ERRORS" : state.ToString().ToUpperInvariant();
}
