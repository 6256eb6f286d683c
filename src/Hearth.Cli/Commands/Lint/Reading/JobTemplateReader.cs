using System.Text.Json;
using Hearth.Cli.Commands.Job;
using Hearth.Jobs.Model;
using Hearth.Jobs.Service;
using Hearth.Jobs.Validation;
using Hearth.Platform;

namespace Hearth.Cli.Commands.Lint.Reading;

/// <summary>Reads a CreateJobTemplate request as the job that it makes with the defaults of its parameters.</summary>
internal static class JobTemplateReader
{
    private const string Member = "jobTemplateData";

    // No rule says anything about a text that holds this: it stands for a value that only a request will give.
    private const string Unknown = "value-that-only-a-request-gives";

    /// <summary>Reads one template.</summary>
    /// <param name="file">The request.</param>
    /// <param name="platform">The declaration.</param>
    /// <param name="team">The team that submits.</param>
    /// <param name="known">Placeholders of files; the template's own parameters go before them.</param>
    public static LintSubject Read(JobRequestFile file, PlatformDeclaration? platform, Team? team, IReadOnlyDictionary<string, string> known)
    {
        var written = JsonSerializer.Deserialize(file.Text, JobsJson.Default.CreateJobTemplateRequest)!;
        var declared = written.JobTemplateData?.ParameterConfiguration ?? new Dictionary<string, TemplateParameterConfiguration>(StringComparer.Ordinal);
        var filled = file.FillKnown(known.Where(k => !declared.ContainsKey(k.Key)).ToDictionary(StringComparer.Ordinal));
        filled["clientToken"] ??= "lint";
        var template = filled.Deserialize(JobsJson.Default.CreateJobTemplateRequest)!;
        var (job, problem) = Job(template, known);
        return LintReader.Subject(file, LintSource.OfJson(file.Path, file.Text, filled, Member), job, platform, team, problem, Unknown);
    }

    private static (StartJobRunRequest Job, JobException? Problem) Job(CreateJobTemplateRequest template, IReadOnlyDictionary<string, string> known)
    {
        var empty = new StartJobRunRequest { Name = template.Name, VirtualClusterId = LintReader.AnyCluster, ClientToken = "lint" };
        if (RequestCheck.Problem(template) is { } problem)
        {
            return (empty, problem);
        }

        try
        {
            var data = template.JobTemplateData!;
            var values = (data.ParameterConfiguration ?? new Dictionary<string, TemplateParameterConfiguration>(StringComparer.Ordinal))
                .Where(p => p.Value.DefaultValue is null).ToDictionary(p => p.Key, p => Value(p.Key, p.Value, data, known), StringComparer.Ordinal);
            return (RequestCheck.JobOf(data, values, empty), null);
        }
        catch (JobException e)
        {
            return (empty, e);
        }
    }

    /// <summary>A value for a parameter without default: right where its place says what it is, else one that nobody talks about.</summary>
    private static string Value(string name, TemplateParameterConfiguration parameter, JobTemplateData data, IReadOnlyDictionary<string, string> known)
    {
        var alone = $"${{{name}}}";
        return alone switch
        {
            _ when parameter.Type == "NUMBER" => "1",
            _ when data.ExecutionRoleArn == alone => known["ROLE_ARN"],
            _ when data.ReleaseLabel == alone => "emr-7.9.0-latest",
            _ when data.ConfigurationOverrides?.MonitoringConfiguration?.S3MonitoringConfiguration?.LogUri == alone => $"{known["S3_BUCKET"]}/logs/",
            _ when data.JobDriver?.SparkSubmitJobDriver?.EntryPoint == alone || data.JobDriver?.SparkSqlJobDriver?.EntryPoint == alone => $"{known["S3_BUCKET"]}/{Unknown}",
            _ => Unknown,
        };
    }
}
