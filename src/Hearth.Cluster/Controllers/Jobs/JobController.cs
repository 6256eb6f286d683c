using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Events;
using Hearth.Kube.Informers;
using Hearth.Kube.Objects;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.Controllers.Jobs;

/// <summary>Runs jobs (batch/v1): looks, lets <see cref="JobDecision"/> decide, creates and deletes pods, writes the status.</summary>
public sealed partial class JobController
{
    private const string IndexAnnotation = "batch.kubernetes.io/job-completion-index";
    private readonly IKubeClient _client;
    private readonly ClusterInformers _informers;
    private readonly Informer<Job> _jobs;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly EventRecorder _events;
    private readonly WorkQueue _queue;
    private readonly ConcurrentDictionary<string, JobPods> _pods = new(StringComparer.Ordinal);

    /// <summary>Subscribes to the informers; <see cref="RunAsync"/> starts.</summary>
    public JobController(IKubeClient client, ClusterInformers informers, TimeProvider time, ILogger logger)
    {
        (_client, _informers, _time, _logger) = (client, informers, time, logger);
        _events = new EventRecorder(client, "job-controller", null, time);
        _queue = new WorkQueue(time);
        _jobs = new Informer<Job>(client, time: time);
        _jobs.Changed += OnJob;
        informers.Pods.Changed += OnPod;
    }

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var informer = _jobs.RunAsync(ct);
        await Task.WhenAll(_jobs.Synced, _informers.Pods.Synced).WaitAsync(ct).ConfigureAwait(false);
        foreach (var job in _jobs.Items.Values)
        {
            _queue.Add(job.Metadata.Key());
        }

        await _queue.RunAsync(4, ReconcileAsync, (key, e) => LogFailed(_logger, key, e.Message), ct).ConfigureAwait(false);
        await informer.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static string? JobOf(Pod pod) =>
        pod.Metadata.OwnerReferences?.FirstOrDefault(o => o is { Kind: "Job", Controller: true }) is { } owner ? owner.Uid : null;

    private void OnJob(WatchEventType type, Job job)
    {
        if (type == WatchEventType.Deleted)
        {
            _pods.TryRemove(job.Metadata.Uid!, out _);
        }
        else
        {
            _queue.Add(job.Metadata.Key());
        }
    }

    private void OnPod(WatchEventType type, Pod pod)
    {
        if (JobOf(pod) is not { } uid)
        {
            return;
        }

        _pods.GetOrAdd(uid, _ => new JobPods()).Apply(type, pod);
        if (pod.Metadata.OwnerReferences!.First(o => o.Uid == uid).Name is { } job)
        {
            _queue.Add($"{pod.Metadata.Namespace}/{job}");
        }
    }

    private async Task<TimeSpan?> ReconcileAsync(string key, CancellationToken ct)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);

        // Read afresh: the status that this controller wrote a moment ago may not have come back through the watch yet.
        var job = await _client.FindAsync<Job>(key[..slash], key[(slash + 1)..], ct).ConfigureAwait(false);
        if (job is null || job.Metadata.IsDeleting() || job.Spec?.ManagedBy is not (null or "kubernetes.io/job-controller"))
        {
            return null;
        }

        var pods = _pods.GetOrAdd(job.Metadata.Uid!, _ => new JobPods());
        var (seen, unseen, counted) = pods.Look();
        var step = JobDecision.Next(job, seen, unseen, _time.GetUtcNow(), counted);
        if (step.DeleteJob)
        {
            await _client.DeleteIfExistsAsync(job.Ref(), new DeleteOptions { Uid = job.Metadata.Uid, PropagationPolicy = "Background" }, ct).ConfigureAwait(false);
            return null;
        }

        await WriteAsync(job, step.Status, ct).ConfigureAwait(false);
        pods.Counted(seen.Where(p => p.IsFinished()).Select(p => p.Metadata.Uid!));
        foreach (var pod in step.Delete)
        {
            await _client.DeleteIfExistsAsync(pod.Ref(), new DeleteOptions { Uid = pod.Metadata.Uid }, ct).ConfigureAwait(false);
        }

        foreach (var index in step.Create)
        {
            await CreateAsync(job, pods, index, ct).ConfigureAwait(false);
        }

        if (step.Event is { } text)
        {
            await _events.RecordAsync(job, text, ct).ConfigureAwait(false);
        }

        return step.Again;
    }

    private async Task CreateAsync(Job job, JobPods pods, int? index, CancellationToken ct)
    {
        var pod = Build(job, index);
        var name = pod["metadata"]!["name"]!.GetValue<string>();
        pods.Expect(name, index);
        try
        {
            await _client.CreateAsync(Pod.Type, job.Metadata.Namespace, pod, ct).ConfigureAwait(false);
        }
        catch (KubeException e)
        {
            pods.Forget(name);
            await _events.RecordAsync(job, new EventText("FailedCreate", $"Error creating: {e.Message}", Warning: true), ct).ConfigureAwait(false);
            throw;
        }

        await _events.RecordAsync(job, new EventText("SuccessfulCreate", $"Created pod: {name}"), ct).ConfigureAwait(false);
    }

    private static JsonObject Build(Job job, int? index)
    {
        var template = (JsonObject?)job.Spec?.Template?.DeepClone() ?? [];
        var metadata = template["metadata"] as JsonObject ?? [];
        template["metadata"] = metadata;
        var suffix = JobPods.Suffix();
        metadata["name"] = index is { } i ? string.Create(CultureInfo.InvariantCulture, $"{job.Metadata.Name}-{i}-{suffix}") : $"{job.Metadata.Name}-{suffix}";
        metadata["namespace"] = job.Metadata.Namespace;
        metadata["ownerReferences"] = new JsonArray(new JsonObject
        {
            ["apiVersion"] = "batch/v1", ["kind"] = "Job", ["name"] = job.Metadata.Name, ["uid"] = job.Metadata.Uid, ["controller"] = true, ["blockOwnerDeletion"] = true,
        });
        if (index is { } number)
        {
            Indexed(job, template, metadata, number.ToString(CultureInfo.InvariantCulture));
        }

        template["apiVersion"] = "v1";
        template["kind"] = "Pod";
        return template;
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
        Set("startTime", Time(old.StartTime), Time(next.StartTime));
        Set("completionTime", Time(old.CompletionTime), Time(next.CompletionTime));
        if (next.Conditions is { } conditions && !Conditions.Same(old.Conditions, conditions))
        {
            patch["conditions"] = conditions.ToJson();
        }

        if (patch.Count > 0)
        {
            await _client.PatchStatusAsync(job, patch, ct).ConfigureAwait(false);
        }

        void Set<T>(string name, T before, T after)
        {
            if (!EqualityComparer<T>.Default.Equals(before, after))
            {
                patch[name] = JsonValue.Create(after);
            }
        }
    }

    private static string? Time(DateTimeOffset? time) => time is { } at ? KubeTimeConverter.ToText(at) : null;

    [LoggerMessage(Level = LogLevel.Warning, Message = "job {Job}: {Problem}")]
    private static partial void LogFailed(ILogger logger, string job, string problem);
}
