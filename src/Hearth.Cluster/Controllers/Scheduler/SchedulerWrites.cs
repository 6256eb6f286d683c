using System.Text.Json.Nodes;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Events;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Fit;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.Controllers.Scheduler;

/// <summary>What the scheduler has decided, told to the API beside the decisions: bindings, reasons why pods wait, victims.</summary>
internal sealed partial class SchedulerWrites(IKubeClient client, TimeProvider time, ILogger logger)
{
    private const int Lanes = 16;
    private const string Gated = "Scheduling is blocked due to non-empty scheduling gates";
    private const string Preempting = PodScheduler.Name + ": preempting to accommodate a higher priority pod";
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private readonly EventRecorder _events = new(client, PodScheduler.Name, null, time);
    private readonly BackgroundWrites _writes = new(Lanes, logger);

    /// <summary>Writes until cancelled.</summary>
    public Task RunAsync(CancellationToken ct) => _writes.RunAsync(ct);

    /// <summary>Binds a pod; when that fails, says so and calls back after a while.</summary>
    public void Bind(Pod pod, string node, Action failed) => Post(pod, async ct =>
    {
        var body = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Binding",
            ["metadata"] = new JsonObject { ["name"] = pod.Metadata.Name, ["namespace"] = pod.Metadata.Namespace, ["uid"] = pod.Metadata.Uid },
            ["target"] = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Node", ["name"] = node },
        };
        try
        {
            await client.PostAsync(pod.Ref(), "binding", body, ct).ConfigureAwait(false);
        }
        catch (Exception e) when (IsTransport(e))
        {
            LogNotBound(logger, pod.Metadata.Key(), node, e.Message);
            await _events.RecordAsync(pod, new EventText("FailedScheduling", $"binding rejected: {e.Message}", Warning: true), ct).ConfigureAwait(false);
            CallLater(failed);
            return;
        }

        await _events.RecordAsync(pod, new EventText("Scheduled", $"Successfully assigned {pod.Metadata.Key()} to {node}"), ct).ConfigureAwait(false);
    });

    /// <summary>Says that a pod is held back by its gates: a condition, no event.</summary>
    public void HoldBack(Pod pod)
    {
        if (pod.Status?.Conditions.Find("PodScheduled")?.Reason != "SchedulingGated")
        {
            var conditions = (pod.Status?.Conditions).With(time.GetUtcNow(), "PodScheduled", "False", "SchedulingGated", Gated);
            Post(pod, ct => client.PatchAsync(pod.Ref(), KubePatch.Status(new JsonObject { ["conditions"] = conditions.ToJson() }), ct));
        }
    }

    /// <summary>Says why a pod waits and which node it is promised (null for none); calls back after a while when that could not be written.</summary>
    public void Refuse(Pod pod, string message, string? nominatedNode, Action failed)
    {
        var conditions = (pod.Status?.Conditions).With(time.GetUtcNow(), "PodScheduled", "False", "Unschedulable", message);
        var patch = KubePatch.Status(new JsonObject { ["conditions"] = conditions.ToJson(), ["nominatedNodeName"] = nominatedNode });
        Post(pod, async ct =>
        {
            if (await TryAsync(() => client.PatchAsync(pod.Ref(), patch, ct), failed).ConfigureAwait(false))
            {
                await _events.RecordAsync(pod, new EventText("FailedScheduling", message, Warning: true), ct).ConfigureAwait(false);
            }
        });
    }

    /// <summary>Takes a pod's promise back, for one of higher priority.</summary>
    public void Overtake(Pod pod) =>
        Post(pod, ct => client.PatchAsync(pod.Ref(), KubePatch.Status(new JsonObject { ["nominatedNodeName"] = null }), ct));

    /// <summary>Tells a pod to leave, with its grace period: marks it, deletes it, says for whom.</summary>
    public void Preempt(Pod victim, Pod preemptor, string node, Action failed)
    {
        var conditions = (victim.Status?.Conditions).With(time.GetUtcNow(), "DisruptionTarget", "True", PodInfo.PreemptionReason, Preempting);
        var patch = KubePatch.Status(new JsonObject { ["conditions"] = conditions.ToJson() });
        Post(victim, async ct =>
        {
            if (await TryAsync(() => client.PatchAsync(victim.Ref(), patch, ct), failed).ConfigureAwait(false)
                && await TryAsync(() => client.DeleteAsync(victim.Ref(), new DeleteOptions { Uid = victim.Metadata.Uid }, ct), failed).ConfigureAwait(false))
            {
                LogPreempted(logger, victim.Metadata.Key(), preemptor.Metadata.Key(), node);
                await _events.RecordAsync(victim, new EventText("Preempted", $"Preempted by pod {preemptor.Metadata.Uid} on node {node}") { Action = "Preempting" }, ct).ConfigureAwait(false);
            }
        });
    }

    /// <summary>Calls back after a while. No writer waits for it.</summary>
    public void CallLater(Action action) => _ = AfterRetryDelayAsync(action);

    private void Post(Pod pod, Func<CancellationToken, Task> write) => _writes.Post(pod.Metadata.Key(), write);

    private async Task AfterRetryDelayAsync(Action action)
    {
        await Task.Delay(Retry, time, CancellationToken.None).ConfigureAwait(false);
        action();
    }

    /// <summary>True when it was written; what is gone already needs no second try.</summary>
    private async Task<bool> TryAsync(Func<Task> write, Action failed)
    {
        try
        {
            await write().ConfigureAwait(false);
            return true;
        }
        catch (KubeException e) when (e.IsNotFound)
        {
            return false;
        }
        catch (Exception e) when (IsTransport(e))
        {
            LogFailed(logger, e.Message);
            CallLater(failed);
            return false;
        }
    }

    private static bool IsTransport(Exception e) => e is KubeException or HttpRequestException or IOException;

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Pod} could not be bound to {Node}: {Problem}")]
    private static partial void LogNotBound(ILogger logger, string pod, string node, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Victim} was preempted for {Pod} on {Node}")]
    private static partial void LogPreempted(ILogger logger, string victim, string pod, string node);

    [LoggerMessage(Level = LogLevel.Warning, Message = "a write failed and will be tried again: {Problem}")]
    private static partial void LogFailed(ILogger logger, string problem);
}
