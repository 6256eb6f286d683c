using System.Collections.Concurrent;
using Hearth.Jobs.Access;
using Hearth.Jobs.Emr;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Jobs.Runner;
using Hearth.Jobs.Spark;
using Hearth.Jobs.Storage;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.Jobs.Controllers;

/// <summary>
/// Does the service's part of a submission: reads and checks everything that can be checked without the cluster, fetches pod templates with the execution role,
/// and puts the job runner on the cluster. The runner does the rest.
/// </summary>
internal sealed class JobSubmitter(IKubeClient client, JobControllerOptions options)
{
    private readonly ConcurrentDictionary<string, bool> _access = new(StringComparer.Ordinal);

    /// <summary>Submits an attempt. Done again, it makes nothing twice.</summary>
    /// <exception cref="SubmissionException">It cannot be submitted as written.</exception>
    /// <exception cref="KubeException">The cluster refuses for now; try again.</exception>
    public async Task<Submission> SubmitAsync(JobRun run, int attempt, CancellationToken ct)
    {
        var defaults = Submission.Defaults(run, options.Submission);
        var submission = Submission.Read(run, attempt, options.Submission, defaults);
        RoleChecks.Check(options.Roles, run, options.Submission.AccountId);
        if (submission.PropertiesUri is { } properties)
        {
            // What the file says goes over spark-defaults and under the options of the line.
            var text = await ReadAsync(run, "Properties file", properties, ct).ConfigureAwait(false);
            defaults = defaults.With(PropertiesText.Read(text).Where(p => p.Key.StartsWith("spark.", StringComparison.Ordinal)));
            submission = Submission.Read(run, attempt, options.Submission, defaults);
        }

        var driver = await TemplateAsync(run, submission.DriverTemplateUri, SparkRole.Driver, ct).ConfigureAwait(false);
        var executor = await TemplateAsync(run, submission.ExecutorTemplateUri, SparkRole.Executor, ct).ConfigureAwait(false);
        _ = DriverSubmission.Build(run, attempt, submission, driver?.Template, executor?.Text);
        var request = new RunnerJobRequest
        {
            Run = run,
            Attempt = attempt,
            Defaults = defaults,
            Settings = SubmitterSettings.Read(run.Spec.ConfigurationOverrides?.ApplicationConfiguration),
            ServiceAccount = submission.ClientServiceAccount,
            Options = options.Submission,
            DriverTemplate = driver?.Text,
            ExecutorTemplate = executor?.Text,
        };
        await CreateAsync(run, request, ct).ConfigureAwait(false);
        await new ControlLog(options.Logs, options.Region).WriteAsync(run, ct).ConfigureAwait(false);
        return submission;
    }

    private async Task CreateAsync(JobRun run, RunnerJobRequest request, CancellationToken ct)
    {
        await GrantAsync(run, ct).ConfigureAwait(false);
        await Task.WhenAll(RunnerJob.ConfigMaps(request).Select(map => DriverSubmission.EnsureAsync(client, ConfigMap.Type, map, ct))).ConfigureAwait(false);

        try
        {
            await DriverSubmission.EnsureAsync(client, Job.Type, RunnerJob.Build(request), ct).ConfigureAwait(false);
        }
        catch (KubeException e) when (e.Code is 400 or 422)
        {
            throw SubmissionException.Failed(FailureReason.UserError, $"The cluster refuses the job runner: {e.Message}");
        }
    }

    private async Task<(PodTemplate Template, string Text)?> TemplateAsync(JobRun run, string? uri, SparkRole role, CancellationToken ct)
    {
        if (uri is null)
        {
            return null;
        }

        var text = await ReadAsync(run, $"{DriverSubmission.Word(role)} pod template", uri, ct).ConfigureAwait(false);
        return (DriverSubmission.Template(text, role, uri)!, text);
    }

    private async Task<string> ReadAsync(JobRun run, string what, string uri, CancellationToken ct)
    {
        if (!Uri.TryCreate(uri, UriKind.Absolute, out var source) || source.Scheme != "s3")
        {
            throw SubmissionException.Failed(FailureReason.UserError, $"{what} {uri} must be an S3 URI (s3://bucket/key).");
        }

        try
        {
            var stream = await options.Objects.OpenAsync(source, run.Spec.ExecutionRoleArn, ct).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                using var reader = new StreamReader(stream);
                return await reader.ReadToEndAsync(ct).ConfigureAwait(false);
            }
        }
        catch (ObjectAccessException e)
        {
            throw SubmissionException.Failed(FailureReason.UserError, $"{what} {uri} cannot be read: {e.Message}");
        }
    }

    private async Task GrantAsync(JobRun run, CancellationToken ct)
    {
        var ns = run.Metadata.Namespace!;
        var role = run.Spec.ExecutionRoleArn ?? "";
        if (_access.ContainsKey($"{ns} {role}"))
        {
            return;
        }

        foreach (var needed in TeamAccess.ForJobs(ns, role, options.Submission.AccountId))
        {
            await DriverSubmission.EnsureAsync(client, needed.Type, needed.Body, ct).ConfigureAwait(false);
        }

        _access[$"{ns} {role}"] = true;
    }
}
