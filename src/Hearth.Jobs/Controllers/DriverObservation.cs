using Hearth.Jobs.Resources;
using Hearth.Kube.Core;

namespace Hearth.Jobs.Controllers;

/// <summary>What a driver pod is doing.</summary>
public enum DriverPhase
{
    /// <summary>There is no such pod.</summary>
    Missing,

    /// <summary>The job runner could not create it, and will not try again.</summary>
    Refused,

    /// <summary>It waits for a node or for its containers, or for the job runner to create it.</summary>
    Waiting,

    /// <summary>The Spark container runs.</summary>
    Running,

    /// <summary>The Spark container ended with exit code 0.</summary>
    Succeeded,

    /// <summary>The Spark container, or the pod as a whole, failed.</summary>
    Failed,
}

/// <summary>A driver pod as the state machine sees it. Made from a pod alone: no clock, no calls.</summary>
/// <param name="Phase">What it does.</param>
/// <param name="StartedAt">When the Spark container started.</param>
/// <param name="ExitCode">Of the Spark container, once it ended.</param>
/// <param name="Reason">A word: <c>Unschedulable</c>, <c>ErrImagePull</c>, <c>OOMKilled</c>, <c>NodeLost</c> …</param>
/// <param name="Message">A sentence that belongs to the reason.</param>
/// <param name="Who">What waits or failed, in words for people.</param>
public sealed record DriverObservation(DriverPhase Phase, DateTimeOffset? StartedAt = null, int? ExitCode = null, string? Reason = null, string? Message = null, string Who = "driver pod")
{
    /// <summary>Looks at a pod; null is a missing one.</summary>
    public static DriverObservation Of(Pod? pod)
    {
        if (pod is null)
        {
            return new DriverObservation(DriverPhase.Missing);
        }

        var status = SparkContainer.Status(pod);
        if (status?.State?.Terminated is { } ended)
        {
            var phase = ended.ExitCode == 0 ? DriverPhase.Succeeded : DriverPhase.Failed;
            return new DriverObservation(phase, ended.StartedAt, ended.ExitCode, ended.Reason, ended.Message);
        }

        return pod.Status?.Phase switch
        {
            "Failed" => Failed(pod),
            "Succeeded" => new DriverObservation(DriverPhase.Succeeded),
            _ when status?.State?.Running is { } running => new DriverObservation(DriverPhase.Running, running.StartedAt),
            _ => Waiting(pod),
        };
    }

    /// <summary>A pod that failed as a whole says why itself, through the init container that failed, or as the target of a disruption.</summary>
    private static DriverObservation Failed(Pod pod)
    {
        var status = pod.Status!;
        if (status.Reason is null && InitFailure(pod) is { } init)
        {
            return new DriverObservation(DriverPhase.Failed, null, null, init.Reason, status.Message ?? init.Message);
        }

        var disruption = status.Conditions?.FirstOrDefault(c => c is { Type: "DisruptionTarget", Status: "True" });
        return new DriverObservation(DriverPhase.Failed, null, null, status.Reason ?? disruption?.Reason, status.Message ?? disruption?.Message);
    }

    /// <summary>Looks at a pod that has not begun.</summary>
    internal static DriverObservation Waiting(Pod pod)
    {
        var unscheduled = pod.Status?.Conditions?.FirstOrDefault(c => c is { Type: "PodScheduled", Status: "False" });
        if (unscheduled is not null)
        {
            return new DriverObservation(DriverPhase.Waiting, Reason: unscheduled.Reason ?? "Unschedulable", Message: unscheduled.Message);
        }

        var waiting = (pod.Status?.InitContainerStatuses ?? []).Concat(pod.Status?.ContainerStatuses ?? [])
            .Select(s => s.State?.Waiting)
            .FirstOrDefault(w => w is { Reason: not (null or "ContainerCreating" or "PodInitializing") });
        return new DriverObservation(DriverPhase.Waiting, Reason: waiting?.Reason, Message: waiting?.Message);
    }

    private static (string Reason, string Message)? InitFailure(Pod pod) =>
        pod.Status?.InitContainerStatuses?.FirstOrDefault(s => s.State?.Terminated is { ExitCode: not 0 }) is { } failed
            ? ("Init:Error", FormattableString.Invariant($"init container {failed.Name} ended with exit code {failed.State!.Terminated!.ExitCode}"))
            : null;
}
