using Hearth.Aws.Client;
using Hearth.Cli.Commands.Lint.Reading;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Jobs.Spark;

namespace Hearth.Cli.Commands.Job.Explain;

/// <summary>The node labels that a driver asked for, when its pod is gone: from the request's settings and from the pod template in S3.</summary>
internal static class SelectorReader
{
    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(IAwsClient aws, JobRun run, CancellationToken ct)
    {
        var request = new StartJobRunRequest { JobDriver = run.Spec.JobDriver, ConfigurationOverrides = run.Spec.ConfigurationOverrides, ReleaseLabel = run.Spec.ReleaseLabel, ExecutionRoleArn = run.Spec.ExecutionRoleArn };
        var conf = JobSettings.Read(request, run.Metadata.Namespace!, "000000000000").User;
        var selector = new Dictionary<string, string>(StringComparer.Ordinal);
        if (await TemplateAsync(aws, conf.Get("spark.kubernetes.driver.podTemplateFile"), ct).ConfigureAwait(false) is { } template)
        {
            foreach (var (key, value) in template.Spec["nodeSelector"] as System.Text.Json.Nodes.JsonObject ?? [])
            {
                selector[key] = value?.ToString() ?? "";
            }
        }

        foreach (var (key, value) in conf.Below("spark.kubernetes.node.selector.").Concat(conf.Below("spark.kubernetes.driver.node.selector.")))
        {
            selector[key] = value;
        }

        return selector;
    }

    private static async Task<TemplateFile?> TemplateAsync(IAwsClient aws, string? uri, CancellationToken ct)
    {
        if (uri is null || !Uri.TryCreate(uri, UriKind.Absolute, out var parsed) || parsed.Scheme != "s3")
        {
            return null;
        }

        try
        {
            using var reader = new StreamReader(await aws.GetObjectAsync(parsed.Host, Uri.UnescapeDataString(parsed.AbsolutePath.TrimStart('/')), ct).ConfigureAwait(false));
            return new TemplateFile(SparkRole.Driver, uri, LintSource.OfYaml(uri, await reader.ReadToEndAsync(ct).ConfigureAwait(false)));
        }
        catch (Exception e) when (e is AwsClientException or IOException)
        {
            return null;
        }
    }
}
