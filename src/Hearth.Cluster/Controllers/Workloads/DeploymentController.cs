using System.Globalization;
using System.Text.Json.Nodes;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Events;
using Hearth.Kube.Informers;
using Hearth.Kube.Objects;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.Controllers.Workloads;

/// <summary>Carries out deployments: a replica set for each template, rolled over as <see cref="Rollout"/> decides; revisions, history and conditions as upstream.</summary>
public sealed partial class DeploymentController
{
    private const string Revision = "deployment.kubernetes.io/revision";
    private readonly IKubeClient _client;
    private readonly Informer<ReplicaSet> _sets;
    private readonly Informer<Deployment> _deployments;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly EventRecorder _events;
    private readonly WorkQueue _queue;

    /// <summary>Subscribes to the informers; <see cref="RunAsync"/> starts.</summary>
    public DeploymentController(IKubeClient client, Informer<ReplicaSet> sets, TimeProvider time, ILogger logger)
    {
        (_client, _sets, _time, _logger) = (client, sets, time, logger);
        _events = new EventRecorder(client, "deployment-controller", null, time);
        _queue = new WorkQueue(time);
        _deployments = new Informer<Deployment>(client, time: time);
        _deployments.Changed += (type, deployment) =>
        {
            if (type != WatchEventType.Deleted)
            {
                _queue.Add(deployment.Metadata.Key());
            }
        };
        sets.Changed += (_, set) =>
        {
            if (Owner(set) is { } owner)
            {
                _queue.Add($"{set.Metadata.Namespace}/{owner.Name}");
            }
        };
    }

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var informer = _deployments.RunAsync(ct);
        await Task.WhenAll(_sets.Synced, _deployments.Synced).WaitAsync(ct).ConfigureAwait(false);
        await _queue.RunAsync(2, ReconcileAsync, (key, e) => LogFailed(_logger, key, e.Message), ct).ConfigureAwait(false);
        await informer.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static OwnerReference? Owner(ReplicaSet set) => set.Metadata.OwnerReferences?.FirstOrDefault(o => o.Controller == true && o.Kind == Deployment.Type.Kind);

    private async Task<TimeSpan?> ReconcileAsync(string key, CancellationToken ct)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        var deployment = await _client.FindAsync<Deployment>(key[..slash], key[(slash + 1)..], ct).ConfigureAwait(false);
        if (deployment is null || deployment.Metadata.IsDeleting())
        {
            return null;
        }

        // From the API: a set that was made or scaled a moment ago need not have come back through the watch yet.
        var all = await _client.ListAsync<ReplicaSet>(deployment.Metadata.Namespace, ListOptions.All, ct).ConfigureAwait(false);
        var own = all.Where(s => Owner(s)?.Uid == deployment.Metadata.Uid && !s.Metadata.IsDeleting()).OrderBy(RevisionOf).ThenBy(s => s.Metadata.CreationTimestamp).ToList();
        var plain = PodTemplates.Plain(deployment.Spec?.Template);
        var current = own.LastOrDefault(s => JsonNode.DeepEquals(PodTemplates.Plain(s.Spec?.Template), plain));
        var old = own.Where(s => s != current).ToArray();
        current = current is null
            ? deployment.Spec?.Paused == true ? null : await CreateAsync(deployment, old, ct).ConfigureAwait(false)
            : await ReviseAsync(deployment, current, old, ct).ConfigureAwait(false);
        if (current is null)
        {
            return null;
        }

        foreach (var (set, replicas) in Rollout.Next(deployment, current, old, old.Sum(o => o.Status?.Replicas ?? 0)))
        {
            await ScaleAsync(deployment, set, replicas, ct).ConfigureAwait(false);
        }

        await CleanUpAsync(deployment, old, ct).ConfigureAwait(false);
        return await WriteAsync(deployment, current, old, ct).ConfigureAwait(false);
    }

    private static long RevisionOf(ReplicaSet set) =>
        long.TryParse(set.Metadata.Annotation(Revision), NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : 0;

    private static string Next(IReadOnlyList<ReplicaSet> old) => (old.Select(RevisionOf).DefaultIfEmpty(0).Max() + 1).ToString(CultureInfo.InvariantCulture);

    private async Task<ReplicaSet> CreateAsync(Deployment deployment, IReadOnlyList<ReplicaSet> old, CancellationToken ct)
    {
        var hash = PodTemplates.Hash(deployment.Spec?.Template);
        var template = PodTemplates.Plain(deployment.Spec?.Template);
        PodTemplates.Label(template, PodTemplates.HashLabel, hash);
        var selector = (JsonObject)KubeJson.Write(deployment)["spec"]!["selector"]!.DeepClone();
        (selector["matchLabels"] as JsonObject ?? (JsonObject)(selector["matchLabels"] = new JsonObject())!)[PodTemplates.HashLabel] = hash;
        var (wanted, surge) = (deployment.Spec?.Replicas ?? 1, Rollout.Bounds(deployment, deployment.Spec?.Replicas ?? 1).Surge);
        var rolling = deployment.Spec?.Strategy?.Type != "Recreate";
        var replicas = rolling ? Math.Clamp(wanted + surge - old.Sum(o => o.Spec?.Replicas ?? 0), 0, wanted) : old.Sum(o => (o.Spec?.Replicas ?? 0) + (o.Status?.Replicas ?? 0)) == 0 ? wanted : 0;
        var annotations = new JsonObject
        {
            [Revision] = Next(old), ["deployment.kubernetes.io/desired-replicas"] = Text(wanted), ["deployment.kubernetes.io/max-replicas"] = Text(wanted + surge),
        };
        var body = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{deployment.Metadata.Name}-{hash}", ["namespace"] = deployment.Metadata.Namespace, ["labels"] = template["metadata"]!["labels"]!.DeepClone(),
                ["annotations"] = annotations, ["ownerReferences"] = new JsonArray(PodTemplates.Owner(Deployment.Type, deployment.Metadata)),
            },
            ["spec"] = new JsonObject { ["replicas"] = replicas, ["minReadySeconds"] = deployment.Spec?.MinReadySeconds ?? 0, ["selector"] = selector, ["template"] = template },
        };
        var set = KubeJson.Read<ReplicaSet>(await _client.CreateAsync(ReplicaSet.Type, deployment.Metadata.Namespace, body, ct).ConfigureAwait(false));
        await AnnotateAsync(deployment, Next(old), ct).ConfigureAwait(false);
        if (replicas > 0)
        {
            await SayScaledAsync(deployment, set, 0, replicas, ct).ConfigureAwait(false);
        }

        return set;
    }

    /// <summary>A template that comes back (a rollback) gets a new number.</summary>
    private async Task<ReplicaSet> ReviseAsync(Deployment deployment, ReplicaSet current, IReadOnlyList<ReplicaSet> old, CancellationToken ct)
    {
        var revision = current.Metadata.Annotation(Revision)!;
        if (old.Count > 0 && old.Max(RevisionOf) >= RevisionOf(current))
        {
            revision = Next(old);
            var patch = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Revision] = revision } } };
            current = KubeJson.Read<ReplicaSet>(await _client.PatchAsync(current.Ref(), KubePatch.Merge(patch), ct).ConfigureAwait(false));
        }

        await AnnotateAsync(deployment, revision, ct).ConfigureAwait(false);
        return current;
    }

    private async Task AnnotateAsync(Deployment deployment, string revision, CancellationToken ct)
    {
        if (deployment.Metadata.Annotation(Revision) != revision)
        {
            var patch = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Revision] = revision } } };
            await _client.PatchAsync(deployment.Ref(), KubePatch.Merge(patch), ct).ConfigureAwait(false);
        }
    }

    private async Task ScaleAsync(Deployment deployment, ReplicaSet set, int replicas, CancellationToken ct)
    {
        await _client.PatchAsync(set.Ref(), KubePatch.Merge(new JsonObject { ["spec"] = new JsonObject { ["replicas"] = replicas } }), ct).ConfigureAwait(false);
        await SayScaledAsync(deployment, set, set.Spec?.Replicas ?? 0, replicas, ct).ConfigureAwait(false);
    }

    private Task SayScaledAsync(Deployment deployment, ReplicaSet set, int from, int to, CancellationToken ct) => _events.RecordAsync(
        deployment, new EventText("ScalingReplicaSet", $"Scaled {(to > from ? "up" : "down")} replica set {set.Metadata.Name} from {Text(from)} to {Text(to)}"), ct);

    private async Task CleanUpAsync(Deployment deployment, IReadOnlyList<ReplicaSet> old, CancellationToken ct)
    {
        var idle = old.Where(o => (o.Spec?.Replicas ?? 0) == 0 && (o.Status?.Replicas ?? 0) == 0).ToArray();
        foreach (var set in idle.Take(idle.Length - (deployment.Spec?.RevisionHistoryLimit ?? 10)))
        {
            await _client.DeleteIfExistsAsync(set.Ref(), DeleteOptions.Default, ct).ConfigureAwait(false);
        }
    }

    private async Task<TimeSpan?> WriteAsync(Deployment deployment, ReplicaSet current, IReadOnlyList<ReplicaSet> old, CancellationToken ct)
    {
        var next = DeploymentProgress.Status(deployment, current, old, _time.GetUtcNow());
        var before = deployment.Status ?? new DeploymentStatus();
        if (next with { Conditions = null } != before with { Conditions = null } || !Conditions.Same(before.Conditions, next.Conditions!))
        {
            var status = KubeJson.Write(deployment with { Status = next with { Conditions = null } })["status"]!.DeepClone().AsObject();
            status["conditions"] = next.Conditions!.ToJson();
            await _client.PatchStatusAsync(deployment, status, ct).ConfigureAwait(false);
        }

        return DeploymentProgress.DeadlineIn(deployment, next, _time.GetUtcNow());
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [LoggerMessage(Level = LogLevel.Warning, Message = "deployment {Deployment}: {Problem}")]
    private static partial void LogFailed(ILogger logger, string deployment, string problem);
}
