using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Hearth.Jobs.Emr;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Jobs.Spark;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.Jobs.Runner;

/// <summary>
/// Puts the objects of one attempt on the cluster: settings, service, claims, and last the driver pod. Names depend on the run and the attempt alone,
/// so doing it again after an interruption makes nothing twice.
/// </summary>
internal static class DriverSubmission
{
    /// <summary>Builds everything for an attempt; nothing is created.</summary>
    /// <exception cref="SubmissionException">It cannot be submitted as written.</exception>
    public static DriverPodObjects Build(JobRun run, int attempt, Submission submission, PodTemplate? template, string? executorTemplate)
    {
        try
        {
            var uniqueId = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{run.Metadata.Uid}/{attempt}"))))[..16];
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

    /// <summary>Reads a pod template.</summary>
    /// <exception cref="SubmissionException">It breaks a rule.</exception>
    public static PodTemplate? Template(string? text, SparkRole role, string place)
    {
        try
        {
            return text is null ? null : PodTemplate.Parse(text, role, PodTemplateRules.Emr);
        }
        catch (PodTemplateException e)
        {
            throw SubmissionException.Failed(FailureReason.UserError, $"{Word(role)} pod template validation failed. {e.Message} ({place})");
        }
    }

    /// <summary><c>Driver</c> or <c>Executor</c>.</summary>
    public static string Word(SparkRole role) => role == SparkRole.Driver ? "Driver" : "Executor";

    /// <summary>Creates what is not there yet.</summary>
    /// <exception cref="SubmissionException">The cluster refuses the driver pod for good.</exception>
    /// <exception cref="KubeException">It refuses for now.</exception>
    public static async Task CreateAsync(IKubeClient client, DriverPodObjects objects, CancellationToken ct)
    {
        await Task.WhenAll(
            [
                .. objects.ConfigMaps.Select(map => EnsureAsync(client, ConfigMap.Type, map, ct)),
                EnsureAsync(client, Hearth.Kube.Core.Service.Type, objects.Service, ct),
                .. objects.Claims.Select(claim => EnsureAsync(client, PersistentVolumeClaim.Type, claim, ct)),
            ]).ConfigureAwait(false);
        try
        {
            await EnsureAsync(client, Pod.Type, objects.Pod, ct).ConfigureAwait(false);
        }
        catch (KubeException e) when (e.Code is 400 or 422)
        {
            throw SubmissionException.Failed(FailureReason.UserError, $"The cluster refuses the driver pod: {e.Message}");
        }
    }

    /// <summary>Creates an object unless an earlier try has.</summary>
    public static async Task EnsureAsync(IKubeClient client, ResourceType type, JsonObject body, CancellationToken ct)
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
