using Hearth.Aws.Client;
using Hearth.Cli.Commands.Lint.Reading;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Jobs.Spark;
using Hearth.Kube.Core;

namespace Hearth.Cli.Commands.Job.Explain;

/// <summary>A driver as its run asked for it, built again from the request's settings and from the pod template in S3: the pod itself may be gone.</summary>
internal static class DriverPodReader
{
    /// <summary>The pod; null when the request cannot be submitted as it is written.</summary>
    public static async Task<Pod?> ReadAsync(IAwsClient aws, JobRun run, CancellationToken ct)
    {
        var request = new StartJobRunRequest { Name = run.Spec.Name, JobDriver = run.Spec.JobDriver, ConfigurationOverrides = run.Spec.ConfigurationOverrides, ReleaseLabel = run.Spec.ReleaseLabel, ExecutionRoleArn = run.Spec.ExecutionRoleArn };
        var settings = JobSettings.Read(request, run.Metadata.Namespace!, "000000000000");
        if (settings.Submission is not { } submission)
        {
            return null;
        }

        var template = await TemplateAsync(aws, settings.User.Get("spark.kubernetes.driver.podTemplateFile"), ct).ConfigureAwait(false);
        return JobPods.Build(submission, template, null).Driver is { } pod ? JobPods.Typed(pod) : null;
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
