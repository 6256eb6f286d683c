using System.Text.Json.Nodes;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Informers;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Preemption;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.Controllers.PodBudgets;

/// <summary>
/// Keeps the status of disruption budgets current (kube-controller-manager, disruption controller): what the eviction API grants, the scheduler's preemption tries
/// to keep and node removal asks. A granted eviction whose pod has not begun to leave within two minutes is given back.
/// </summary>
public sealed partial class PodBudgetController
{
    private static readonly TimeSpan GrantHolds = TimeSpan.FromMinutes(2);
    private readonly IKubeClient _client;
    private readonly ClusterInformers _informers;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly WorkQueue _queue;

    /// <summary>Subscribes to the informers; <see cref="RunAsync"/> starts.</summary>
    public PodBudgetController(IKubeClient client, ClusterInformers informers, TimeProvider time, ILogger logger)
    {
        (_client, _informers, _time, _logger) = (client, informers, time, logger);
        _queue = new WorkQueue(time);
        informers.PodBudgets.Changed += (_, budget) => _queue.Add(budget.Metadata.Key());
        informers.Pods.Changed += (_, pod) => AddAll(pod.Metadata.Namespace);
    }

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        await Task.WhenAll(_informers.Pods.Synced, _informers.PodBudgets.Synced).WaitAsync(ct).ConfigureAwait(false);
        await _queue.RunAsync(1, ReconcileAsync, (key, e) => LogFailed(_logger, key, e.Message), ct).ConfigureAwait(false);
    }

    private void AddAll(string? ns)
    {
        foreach (var budget in _informers.PodBudgets.Items.Values)
        {
            if (budget.Metadata.Namespace == ns)
            {
                _queue.Add(budget.Metadata.Key());
            }
        }
    }

    private async Task<TimeSpan?> ReconcileAsync(string key, CancellationToken ct)
    {
        var name = key.Split('/');
        if (_informers.PodBudgets.Find(name[0], name[1]) is not { Metadata.DeletionTimestamp: null, Spec: { } spec } budget)
        {
            return null;
        }

        var now = _time.GetUtcNow();
        var selector = PodBudget.From(budget);
        var pods = _informers.Pods.Items.Values.Where(p => p.Metadata.Namespace == name[0] && !p.IsFinished() && selector.Selects(p.Metadata.Labels)).ToArray();
        var granted = (budget.Status?.DisruptedPods ?? new Dictionary<string, DateTimeOffset>())
            .Where(d => now - d.Value < GrantHolds && pods.Any(p => p.Metadata.Name == d.Key && !p.Metadata.IsDeleting()))
            .ToDictionary(d => d.Key, d => d.Value, StringComparer.Ordinal);
        var healthy = pods.Count(p => !p.Metadata.IsDeleting() && !granted.ContainsKey(p.Metadata.Name!) && p.Status?.Conditions.IsTrue("Ready") == true);
        var status = BudgetStatus.Of(spec, pods.Length, healthy);
        if (!IsCurrent(budget, status, granted.Count))
        {
            await _client.PatchAsync(budget.Ref(), Patch(budget, status, granted, now), ct).ConfigureAwait(false);
        }

        return granted.Count == 0 ? null : granted.Values.Min() + GrantHolds - now;
    }

    private static bool IsCurrent(PodDisruptionBudget budget, BudgetStatus status, int granted) =>
        budget.Status is { } known && known.ExpectedPods == status.Expected && known.CurrentHealthy == status.Healthy && known.DesiredHealthy == status.Desired
        && known.DisruptionsAllowed == status.Allowed && (known.DisruptedPods?.Count ?? 0) == granted && known.ObservedGeneration == budget.Metadata.Generation;

    /// <summary>With the version it was made from: an eviction that was granted meanwhile must not be forgotten.</summary>
    private static KubePatch Patch(PodDisruptionBudget budget, BudgetStatus status, Dictionary<string, DateTimeOffset> granted, DateTimeOffset now)
    {
        var disrupted = new JsonObject();
        foreach (var known in budget.Status?.DisruptedPods ?? new Dictionary<string, DateTimeOffset>())
        {
            disrupted[known.Key] = granted.TryGetValue(known.Key, out var at) ? KubeTimeConverter.ToText(at) : null;
        }

        var conditions = (budget.Status?.Conditions).With(
            now, "DisruptionAllowed", status.Allowed > 0 ? "True" : "False", status.Allowed > 0 ? "SufficientPods" : "InsufficientPods");
        var body = new JsonObject
        {
            ["expectedPods"] = status.Expected,
            ["currentHealthy"] = status.Healthy,
            ["desiredHealthy"] = status.Desired,
            ["disruptionsAllowed"] = status.Allowed,
            ["observedGeneration"] = budget.Metadata.Generation,
            ["disruptedPods"] = disrupted,
            ["conditions"] = conditions.ToJson(),
        };
        return new KubePatch(PatchType.Merge, new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = budget.Metadata.ResourceVersion }, ["status"] = body }, "status");
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "disruption budget {Budget}: {Problem}")]
    private static partial void LogFailed(ILogger logger, string budget, string problem);
}
