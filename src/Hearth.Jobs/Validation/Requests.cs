using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Hearth.Jobs.Emr;
using Hearth.Jobs.Model;
using Hearth.Jobs.Service;
using Hearth.Jobs.Templates;

namespace Hearth.Jobs.Validation;

/// <summary>Checks whole requests: first every constraint of the model, then what the service itself demands.</summary>
internal static class Requests
{
    /// <summary>Deepest nesting of configurations; real ones nest once or twice.</summary>
    private const int DeepestConfiguration = 8;

    /// <summary>Every constraint of the model on a request.</summary>
    /// <param name="request">The request; its type is named like its shape.</param>
    /// <param name="json">How it looks on the wire.</param>
    public static void Check<T>(T request, JsonTypeInfo<T> json) where T : class =>
        ShapeCheck.Demand(typeof(T).Name, JsonSerializer.SerializeToNode(request, json)!.AsObject());

    /// <summary>The members of a request's path.</summary>
    public static void CheckPath(string shape, params ReadOnlySpan<(string Name, string? Value)> members)
    {
        var request = new JsonObject();
        foreach (var (name, value) in members)
        {
            request[name] = value;
        }

        ShapeCheck.Demand(shape, request);
    }

    /// <summary>CreateVirtualCluster.</summary>
    public static void Check(CreateVirtualClusterRequest request)
    {
        Check(request, JobsJson.Default.CreateVirtualClusterRequest);
        TagDemands.Check(request.Tags);
        if (request.ContainerProvider!.Info?.EksInfo?.Namespace is null)
        {
            throw new JobValidationException("A namespace is required: give containerProvider.info.eksInfo.namespace.", "containerProvider.info.eksInfo.namespace");
        }
    }

    /// <summary>Listings.</summary>
    public static void CheckPage(int? maxResults)
    {
        if (maxResults < 1)
        {
            throw new JobValidationException($"1 validation error detected: Value '{maxResults}' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1", "maxResults");
        }
    }

    /// <summary>StartJobRun as it is sent; what a template gives is checked by <see cref="CheckRun"/> afterwards.</summary>
    public static void Check(StartJobRunRequest request)
    {
        CheckDepth(request.ConfigurationOverrides?.ApplicationConfiguration, "configurationOverrides.applicationConfiguration");
        Check(request, JobsJson.Default.StartJobRunRequest);
        TagDemands.Check(request.Tags);
        if (request.JobTemplateId is null)
        {
            if (request.JobTemplateParameters is not null)
            {
                throw new JobValidationException("jobTemplateParameters needs jobTemplateId: parameters are those of a job template.", "jobTemplateParameters");
            }

            CheckRun(request);
            return;
        }

        foreach (var (field, value) in Members(request))
        {
            if (value is not null)
            {
                throw new JobValidationException($"{field} is given by job template {request.JobTemplateId}: leave it out of the request, or leave out jobTemplateId.", field);
            }
        }
    }

    /// <summary>CreateJobTemplate: what can be known to be wrong before any values are given.</summary>
    public static void CheckTemplate(CreateJobTemplateRequest request)
    {
        CheckDepth(request.JobTemplateData?.ConfigurationOverrides?.ApplicationConfiguration, "jobTemplateData.configurationOverrides.applicationConfiguration");
        Check(request, JobsJson.Default.CreateJobTemplateRequest);
        TagDemands.Check(request.Tags);
        TemplateJob.Check(request.JobTemplateData!);
    }

    /// <summary>A run that is complete: given in the request or by its template.</summary>
    public static void CheckRun(StartJobRunRequest request)
    {
        foreach (var (field, value) in Members(request).Take(3))
        {
            if (value is null)
            {
                throw new JobValidationException($"{field} is required when no job template is given.", field);
            }
        }

        Program(request.JobDriver!, request.ReleaseLabel!, "jobDriver");
        Overrides(request.ConfigurationOverrides, "configurationOverrides");
        if (request.RetryPolicyConfiguration is { MaxAttempts: < 1 })
        {
            throw new JobValidationException("Retry policy configuration's parameter value of maxAttempts is invalid", "retryPolicyConfiguration.maxAttempts");
        }

        CheckRelease(request.ReleaseLabel!);
        LogRotationCheck.Check(request.ConfigurationOverrides?.MonitoringConfiguration, request.ReleaseLabel!, "configurationOverrides");
    }

    /// <summary>A release must exist.</summary>
    public static void CheckRelease(string label)
    {
        if (!Releases.IsKnown(label))
        {
            throw new JobNotFoundException($"Release {label} doesn't exist.");
        }
    }

    /// <summary>Exactly one program, with what it needs.</summary>
    public static void Program(JobDriver driver, string releaseLabel, string field)
    {
        if ((driver.SparkSubmitJobDriver is null) == (driver.SparkSqlJobDriver is null))
        {
            throw new JobValidationException("Exactly one of sparkSubmitJobDriver and sparkSqlJobDriver must be given.", field);
        }

        if (driver.SparkSqlJobDriver is { } sql)
        {
            if (!Releases.RunsSql(releaseLabel) && Releases.IsKnown(releaseLabel))
            {
                throw new JobValidationException($"sparkSqlJobDriver needs release emr-6.7.0 or later; {releaseLabel} was given.", $"{field}.sparkSqlJobDriver");
            }

            if (sql.EntryPoint is null)
            {
                throw new JobValidationException($"{field}.sparkSqlJobDriver.entryPoint is required: the URI of a SQL file.", $"{field}.sparkSqlJobDriver.entryPoint");
            }
        }
    }

    /// <summary>Where logs may go.</summary>
    public static void Overrides(ConfigurationOverrides? overrides, string field)
    {
        CheckLogUri(overrides?.MonitoringConfiguration?.S3MonitoringConfiguration?.LogUri, field);
    }

    /// <summary>A log URI is an S3 URI.</summary>
    public static void CheckLogUri(string? logUri, string field)
    {
        if (logUri is not null && !logUri.StartsWith("s3://", StringComparison.Ordinal))
        {
            var path = $"{field}.monitoringConfiguration.s3MonitoringConfiguration.logUri";
            throw new JobValidationException($"{path} failed to satisfy constraint : Member must be an S3 URI (s3://bucket/prefix).", path);
        }
    }

    /// <summary>Configurations nest only so deep: to be asked first, because JSON that is deeper than that can be neither written nor stored.</summary>
    public static void CheckDepth(IReadOnlyList<Configuration>? configurations, string field, int left = DeepestConfiguration)
    {
        if (configurations is not null && left == 0)
        {
            throw new JobValidationException($"{field}: configurations may nest {DeepestConfiguration} deep at most.", field);
        }

        foreach (var configuration in configurations ?? [])
        {
            CheckDepth(configuration?.Configurations, field, left - 1);
        }
    }

    private static IEnumerable<(string Field, object? Value)> Members(StartJobRunRequest request) =>
    [
        ("executionRoleArn", request.ExecutionRoleArn), ("releaseLabel", request.ReleaseLabel), ("jobDriver", request.JobDriver),
        ("configurationOverrides", request.ConfigurationOverrides),
    ];
}
