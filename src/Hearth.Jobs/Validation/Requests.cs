using Hearth.Jobs.Emr;
using Hearth.Jobs.Model;
using Hearth.Jobs.Service;

namespace Hearth.Jobs.Validation;

/// <summary>Checks whole requests: first every constraint of the model, then what the service itself demands.</summary>
internal static class Requests
{
    private const int MaxFilters = 10;
    private static readonly string[] JobStates = ["PENDING", "SUBMITTED", "RUNNING", "FAILED", "CANCELLED", "CANCEL_PENDING", "COMPLETED"];
    private static readonly string[] ClusterStates = ["RUNNING", "TERMINATING", "TERMINATED", "ARRESTED"];

    /// <summary>An id in a path.</summary>
    public static void CheckId(string field, string? id)
    {
        var check = new Constraints();
        check.Required(field, id);
        check.Text(field, id, Shapes.Id);
        check.Check();
    }

    /// <summary>CreateVirtualCluster.</summary>
    public static void Check(CreateVirtualClusterRequest request)
    {
        var check = new Constraints();
        check.Required("name", request.Name);
        check.Text("name", request.Name, Shapes.Name);
        check.Required("clientToken", request.ClientToken);
        check.Text("clientToken", request.ClientToken, Shapes.ClientToken);
        Shapes.Provider(check, "containerProvider", request.ContainerProvider);
        Shapes.Tags(check, "tags", request.Tags);
        check.Text("securityConfigurationId", request.SecurityConfigurationId, Shapes.Id);
        check.Check();
        if (request.ContainerProvider!.Info?.EksInfo?.Namespace is null)
        {
            throw new JobValidationException("A namespace is required: give containerProvider.info.eksInfo.namespace.", "containerProvider.info.eksInfo.namespace");
        }

        if (request.SecurityConfigurationId is not null)
        {
            throw new JobValidationException("Security configurations are not supported by this platform: leave out securityConfigurationId.", "securityConfigurationId");
        }
    }

    /// <summary>ListVirtualClusters.</summary>
    public static void Check(ListVirtualClustersRequest request)
    {
        var check = new Constraints();
        check.Text("containerProviderId", request.ContainerProviderId, new TextRule(1, 1024, @"(?s).*\S.*"));
        check.Word("containerProviderType", request.ContainerProviderType, "EKS");
        States(check, request.States, ClusterStates);
        Page(check, request.MaxResults, request.NextToken);
        check.Check();
    }

    /// <summary>ListJobRuns.</summary>
    public static void Check(ListJobRunsRequest request)
    {
        var check = new Constraints();
        check.Required("virtualClusterId", request.VirtualClusterId);
        check.Text("virtualClusterId", request.VirtualClusterId, Shapes.Id);
        check.Text("name", request.Name, Shapes.Name);
        States(check, request.States, JobStates);
        Page(check, request.MaxResults, request.NextToken);
        check.Check();
    }

    /// <summary>StartJobRun.</summary>
    public static void Check(StartJobRunRequest request)
    {
        var check = new Constraints();
        check.Required("virtualClusterId", request.VirtualClusterId);
        check.Text("virtualClusterId", request.VirtualClusterId, Shapes.Id);
        check.Required("clientToken", request.ClientToken);
        check.Text("clientToken", request.ClientToken, Shapes.ClientToken);
        check.Text("name", request.Name, Shapes.Name);
        check.Text("executionRoleArn", request.ExecutionRoleArn, Shapes.RoleArn);
        check.Text("releaseLabel", request.ReleaseLabel, Shapes.ReleaseLabel);
        Shapes.Driver(check, "jobDriver", request.JobDriver);
        Shapes.Overrides(check, "configurationOverrides", request.ConfigurationOverrides);
        Shapes.Tags(check, "tags", request.Tags);
        check.Text("jobTemplateId", request.JobTemplateId, Shapes.Id);
        check.Check();
        Demands(request);
    }

    private static void Demands(StartJobRunRequest request)
    {
        if (request.JobTemplateId is not null || request.JobTemplateParameters is { Count: > 0 })
        {
            throw new JobValidationException("Job templates are not supported by this platform yet: give executionRoleArn, releaseLabel and jobDriver in the request.", "jobTemplateId");
        }

        foreach (var (field, value) in ((string, object?)[])[("executionRoleArn", request.ExecutionRoleArn), ("releaseLabel", request.ReleaseLabel), ("jobDriver", request.JobDriver)])
        {
            if (value is null)
            {
                throw new JobValidationException($"{field} is required when no job template is given.", field);
            }
        }

        Programs(request);
        LogUri(request.ConfigurationOverrides?.MonitoringConfiguration?.S3MonitoringConfiguration?.LogUri);
        if (request.RetryPolicyConfiguration is { } retry && retry.MaxAttempts is null or < 1)
        {
            throw new JobValidationException("Retry policy configuration's parameter value of maxAttempts is invalid", "retryPolicyConfiguration.maxAttempts");
        }

        if (!Releases.IsKnown(request.ReleaseLabel!))
        {
            throw new JobNotFoundException($"Release {request.ReleaseLabel} doesn't exist.");
        }
    }

    private static void Programs(StartJobRunRequest request)
    {
        var driver = request.JobDriver!;
        if ((driver.SparkSubmitJobDriver is null) == (driver.SparkSqlJobDriver is null))
        {
            throw new JobValidationException("Exactly one of sparkSubmitJobDriver and sparkSqlJobDriver must be given.", "jobDriver");
        }

        if (driver.SparkSqlJobDriver is { } sql)
        {
            if (!Releases.RunsSql(request.ReleaseLabel!) && Releases.IsKnown(request.ReleaseLabel!))
            {
                throw new JobValidationException($"sparkSqlJobDriver needs release emr-6.7.0 or later; {request.ReleaseLabel} was given.", "jobDriver.sparkSqlJobDriver");
            }

            if (sql.EntryPoint is null)
            {
                throw new JobValidationException("jobDriver.sparkSqlJobDriver.entryPoint is required: the URI of a SQL file.", "jobDriver.sparkSqlJobDriver.entryPoint");
            }
        }
    }

    private static void LogUri(string? logUri)
    {
        const string field = "configurationOverrides.monitoringConfiguration.s3MonitoringConfiguration.logUri";
        if (logUri is not null && !logUri.StartsWith("s3://", StringComparison.Ordinal))
        {
            throw new JobValidationException($"{field} failed to satisfy constraint : Member must be an S3 URI (s3://bucket/prefix).", field);
        }
    }

    private static void States(Constraints check, IReadOnlyList<string>? states, string[] words)
    {
        check.Count("states", states?.Count, MaxFilters);
        for (var i = 0; i < (states?.Count ?? 0); i++)
        {
            check.Word(FormattableString.Invariant($"states.{i + 1}.member"), states![i], words);
        }
    }

    private static void Page(Constraints check, int? maxResults, string? nextToken)
    {
        check.Number("maxResults", maxResults, 1, int.MaxValue);
        check.Text("nextToken", nextToken, Shapes.NextToken);
    }
}
