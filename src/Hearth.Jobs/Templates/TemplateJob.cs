using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Jobs.Model;
using Hearth.Jobs.Service;
using Hearth.Jobs.Validation;

namespace Hearth.Jobs.Templates;

/// <summary>From a template and the values of its parameters to a complete job. Pure.</summary>
internal static class TemplateJob
{
    /// <summary>What can be known to be wrong before any values are given.</summary>
    /// <exception cref="JobValidationException">A parameter is not declared, a default is not of its type, the program is not exactly one.</exception>
    /// <exception cref="JobNotFoundException">A release that does not exist.</exception>
    public static void Check(JobTemplateData data)
    {
        const string field = "jobTemplateData";
        TagDemands.Check(data.JobTags, $"{field}.jobTags");
        TemplateParameters.Check(data.ParameterConfiguration, Placeholders.Of(Body(data)));
        Requests.Program(data.JobDriver!, data.ReleaseLabel!, $"{field}.jobDriver");
        if (data.ConfigurationOverrides?.MonitoringConfiguration?.S3MonitoringConfiguration?.LogUri is { } uri && !Placeholders.Has(uri))
        {
            Requests.CheckLogUri(uri, $"{field}.configurationOverrides");
        }

        if (!Placeholders.Has(data.ReleaseLabel!))
        {
            Requests.CheckRelease(data.ReleaseLabel!);
        }
    }

    /// <summary>The request with what its template gives: role, release, program, configuration, and tags beneath its own.</summary>
    /// <param name="request">A request that names the template.</param>
    /// <param name="data">The template.</param>
    /// <exception cref="JobValidationException">Parameters do not fit, or a value breaks a constraint of the member where it stands.</exception>
    public static StartJobRunRequest Complete(StartJobRunRequest request, JobTemplateData data)
    {
        var body = Body(data);
        var values = TemplateParameters.Values(data.ParameterConfiguration, request.JobTemplateParameters, Placeholders.Of(body).Keys);
        var filled = Placeholders.Fill(body, values).Deserialize(JobsJson.Default.JobTemplateData)!;
        var tags = new Dictionary<string, string>(filled.JobTags ?? new Dictionary<string, string>(StringComparer.Ordinal), StringComparer.Ordinal);
        foreach (var (key, value) in request.Tags ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            tags[key] = value;
        }

        return request with
        {
            ExecutionRoleArn = filled.ExecutionRoleArn,
            ReleaseLabel = filled.ReleaseLabel,
            JobDriver = filled.JobDriver,
            ConfigurationOverrides = Overrides(filled.ConfigurationOverrides),
            Tags = tags.Count > 0 ? tags : request.Tags,
        };
    }

    private static JsonObject Body(JobTemplateData data) =>
        JsonSerializer.SerializeToNode(data with { ParameterConfiguration = null }, JobsJson.Default.JobTemplateData)!.AsObject();

    private static ConfigurationOverrides? Overrides(ParametricConfigurationOverrides? overrides) => overrides is null ? null : new ConfigurationOverrides
    {
        ApplicationConfiguration = overrides.ApplicationConfiguration,
        MonitoringConfiguration = overrides.MonitoringConfiguration is not { } monitoring ? null : new MonitoringConfiguration
        {
            PersistentAppUI = monitoring.PersistentAppUI,
            CloudWatchMonitoringConfiguration = monitoring.CloudWatchMonitoringConfiguration,
            S3MonitoringConfiguration = monitoring.S3MonitoringConfiguration is { } s3 ? new S3MonitoringConfiguration { LogUri = s3.LogUri } : null,
        },
    };
}
