using System.Globalization;
using System.Text.Json.Nodes;
using Hearth.Cluster.Controllers.Workloads;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Events;
using Hearth.Kube.Informers;
using Hearth.Kube.Objects;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.Controllers.Jobs;

/// <summary>Runs jobs (batch/v1): looks, lets <see cref="JobDecision"/> decide, creates and deletes pods, writes the status.</summary>
public sealed class JobController : PodOwnerController<Job, JobPods>
{
    private const string IndexAnnotation = "batch.kubernetes.io/job-completion-index";

    /// <summary>Subscribes to the informers; <see cref="PodOwnerController{TOwner,TBook}.RunAsync"/> starts.</summary>
    public JobController(IKubeClient client, ClusterInformers informers, TimeProvider time, ILogger logger)
        : base("job-controller", client, informers, informers.Jobs, time, logger)
    {
    }

    /// <inheritdoc/>
    protected override async Task<TimeSpan?> ReconcileAsync(Job owner, JobPods book, CancellationToken ct)
    {
        var (job, pods) = (owner, book);
        if (job.Spec?.ManagedBy is not (null or "kubernetes.io/job-controller"))
        {
            return null;
        }

        var (seen, unseen, counted) = pods.Look();
        var step = JobDecision.Next(job, seen, unseen, Time.GetUtcNow(), counted);
        if (step.DeleteJob)
        {
            await Client.DeleteIfExistsAsync(job.Ref(), new DeleteOptions { Uid = job.Metadata.Uid, PropagationPolicy = "Background" }, ct).ConfigureAwait(false);
            return null;
        }

        await WriteAsync(job, step.Status, ct).ConfigureAwait(false);
        pods.Counted(seen.Where(p => p.IsFinished()).Select(p => p.Metadata.Uid!));
        foreach (var pod in step.Delete)
        {
            await Client.DeleteIfExistsAsync(pod.Ref(), new DeleteOptions { Uid = pod.Metadata.Uid }, ct).ConfigureAwait(false);
        }

        foreach (var index in step.Create)
        {
            await CreateAsync(job, pods, index, ct).ConfigureAwait(false);
        }

        if (step.Event is { } text)
        {
            await Events.RecordAsync(job, text, ct).ConfigureAwait(false);
        }

        return step.Again;
    }

    private Task CreateAsync(Job job, JobPods pods, int? index, CancellationToken ct)
    {
        var pod = Build(job, index);
        pods.Expect(pod["metadata"]!["name"]!.GetValue<string>(), index);
        return CreateAsync(job, pods, pod, ct);
    }

    private static JsonObject Build(Job job, int? index)
    {
        var suffix = JobPods.Suffix();
        var name = index is { } i ? string.Create(CultureInfo.InvariantCulture, $"{job.Metadata.Name}-{i}-{suffix}") : $"{job.Metadata.Name}-{suffix}";
        var pod = PodTemplates.Pod(job.Spec?.Template, Job.Type, job.Metadata, name);
        if (index is { } number)
        {
            Indexed(job, pod, PodTemplates.Metadata(pod), number.ToString(CultureInfo.InvariantCulture));
        }

        return pod;
    }

    private static void Indexed(Job job, JsonObject template, JsonObject metadata, string index)
    {
        foreach (var map in (ReadOnlySpan<string>)["annotations", "labels"])
        {
            if (metadata[map] is not JsonObject pairs)
            {
                metadata[map] = pairs = [];
            }

            pairs[IndexAnnotation] = index;
        }

        if (template["spec"] is not JsonObject spec)
        {
            return;
        }

        spec["hostname"] ??= $"{job.Metadata.Name}-{index}";
        foreach (var container in (spec["containers"] as JsonArray ?? []).Concat(spec["initContainers"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (container["env"] is not JsonArray env)
            {
                container["env"] = env = [];
            }

            env.Add(new JsonObject { ["name"] = "JOB_COMPLETION_INDEX", ["value"] = index });
        }
    }

    private async Task WriteAsync(Job job, JobStatus next, CancellationToken ct)
    {
        var old = job.Status ?? new JobStatus();
        var patch = new JsonObject();
        Set("active", old.Active, next.Active);
        Set("ready", old.Ready, next.Ready);
        Set("succeeded", old.Succeeded, next.Succeeded);
        Set("failed", old.Failed, next.Failed);
        Set("terminating", old.Terminating, next.Terminating);
        Set("completedIndexes", old.CompletedIndexes, next.CompletedIndexes);
        Set("startTime", Text(old.StartTime), Text(next.StartTime));
        Set("completionTime", Text(old.CompletionTime), Text(next.CompletionTime));
        if (next.Conditions is { } conditions && !Conditions.Same(old.Conditions, conditions))
        {
            patch["conditions"] = conditions.ToJson();
        }

        if (patch.Count > 0)
        {
            await Client.PatchStatusAsync(job, patch, ct).ConfigureAwait(false);
        }

        void Set<T>(string name, T before, T after)
        {
            if (!EqualityComparer<T>.Default.Equals(before, after))
            {
                patch[name] = JsonValue.Create(after);
            }
        }
    }

    private static string? Text(DateTimeOffset? time) => time is { } at ? KubeTimeConverter.ToText(at) : null;
}
