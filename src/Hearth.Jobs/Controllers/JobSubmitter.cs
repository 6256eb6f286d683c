using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Hearth.Jobs.Access;
using Hearth.Jobs.Emr;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Jobs.Spark;
using Hearth.Jobs.Storage;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.Jobs.Controllers;

/// <summary>
/// Puts the objects of one attempt on the cluster: settings, service, claims, and last the driver pod. Names depend on the run and the attempt alone,
/// so doing it again after an interruption makes nothing twice.
/// </summary>
internal sealed class JobSubmitter(IKubeClient client, JobControllerOptions options)
{
    private readonly ConcurrentDictionary<string, bool> _access = new(StringComparer.Ordinal);

    /// <summary>Submits an attempt.</summary>
    /// <exception cref="SubmissionException">It cannot be submitted as written.</exception>
    /// <exception cref="KubeException">The cluster refuses for now; try again.</exception>
    public async Task<Submission> SubmitAsync(JobRun run, int attempt, CancellationToken ct)
    {
        var submission = Submission.Read(run, attempt, options.Submission);
        var driverTemplate = await TemplateAsync(run, submission.DriverTemplateUri, SparkRole.Driver, ct).ConfigureAwait(false);
        var executorTemplate = await TemplateAsync(run, submission.ExecutorTemplateUri, SparkRole.Executor, ct).ConfigureAwait(false);
        var objects = Build(run, attempt, submission, driverTemplate?.Template, executorTemplate?.Text);
        var warnings = submission.Warnings.Concat(driverTemplate?.Template.Warnings ?? []).Concat(executorTemplate?.Template.Warnings ?? []);
        await CreateAsync(run, objects, ct).ConfigureAwait(false);
        await new ControlLog(options.Logs, options.Region).WriteAsync(run, submission, [.. warnings], ct).ConfigureAwait(false);
        return submission;
    }

    private static DriverPodObjects Build(JobRun run, int attempt, Submission submission, PodTemplate? template, string? executorTemplate)
    {
        try
        {
            var uniqueId = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{run.Metadata.Uid}/{attempt}")))[..16];
            var objects = DriverPod.Build(new DriverPodRequest
            {
                Application = submission.Application,
                PodName = submission.DriverPodName,
                Prefix = SparkNames.ResourcePrefix(submission.Application.Name, uniqueId),
                UniqueId = uniqueId,
                MainClass = submission.MainClass,
                Resource = submission.Resource,
                Arguments = submission.Arguments,
                Template = template ?? PodTemplate.Empty,
                ExecutorTemplate = executorTemplate,
                ServiceAccount = submission.DriverServiceAccount,
                Owner = PodFeatures.Owner(JobRun.Type.ApiVersion, JobRun.Type.Kind, run.Id, run.Metadata.Uid!),
            });
            EmrPod.Complete(objects.Pod, SparkRole.Driver);
            return objects;
        }
        catch (SparkConfException e)
        {
            throw SubmissionException.Failed(FailureReason.ValidationError, e.Message);
        }
    }

    private async Task<(PodTemplate Template, string Text)?> TemplateAsync(JobRun run, string? uri, SparkRole role, CancellationToken ct)
    {
        if (uri is null)
        {
            return null;
        }

        var who = role == SparkRole.Driver ? "Driver" : "Executor";
        if (!Uri.TryCreate(uri, UriKind.Absolute, out var source) || source.Scheme != "s3")
        {
            throw SubmissionException.Failed(FailureReason.UserError, $"{who} pod template {uri} must be an S3 URI (s3://bucket/key).");
        }

        try
        {
            var stream = await options.Objects.OpenAsync(source, run.Spec.ExecutionRoleArn, ct).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                using var reader = new StreamReader(stream);
                var text = await reader.ReadToEndAsync(ct).ConfigureAwait(false);
                return (PodTemplate.Parse(text, role, PodTemplateRules.Emr), text);
            }
        }
        catch (PodTemplateException e)
        {
            throw SubmissionException.Failed(FailureReason.UserError, $"{who} pod template validation failed. {e.Message} ({uri})");
        }
        catch (ObjectAccessException e)
        {
            throw SubmissionException.Failed(FailureReason.UserError, $"{who} pod template {uri} cannot be read: {e.Message}");
        }
    }

    private async Task CreateAsync(JobRun run, DriverPodObjects objects, CancellationToken ct)
    {
        await GrantAsync(run, ct).ConfigureAwait(false);
        foreach (var map in objects.ConfigMaps)
        {
            await EnsureAsync(ConfigMap.Type, map, ct).ConfigureAwait(false);
        }

        await EnsureAsync(Hearth.Kube.Core.Service.Type, objects.Service, ct).ConfigureAwait(false);
        foreach (var claim in objects.Claims)
        {
            await EnsureAsync(PersistentVolumeClaim.Type, claim, ct).ConfigureAwait(false);
        }

        try
        {
            await EnsureAsync(Pod.Type, objects.Pod, ct).ConfigureAwait(false);
        }
        catch (KubeException e) when (e.Code is 400 or 422)
        {
            throw SubmissionException.Failed(FailureReason.UserError, $"The cluster refuses the driver pod: {e.Message}");
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
            await EnsureAsync(needed.Type, needed.Body, ct).ConfigureAwait(false);
        }

        _access[$"{ns} {role}"] = true;
    }

    private async Task EnsureAsync(ResourceType type, JsonObject body, CancellationToken ct)
    {
        try
        {
            await client.CreateAsync(type, body["metadata"]!["namespace"]!.ToString(), body, ct).ConfigureAwait(false);
        }
        catch (KubeException e) when (e.IsAlreadyExists)
        {
            // Made by an earlier try.
        }
    }
}
