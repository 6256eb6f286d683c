using Hearth.Kube.Core;

namespace Hearth.Cluster.Controllers.Workloads;

/// <summary>The status of a deployment, with upstream's reasons.</summary>
internal static class DeploymentProgress
{
    public static DeploymentStatus Status(Deployment deployment, ReplicaSet current, IReadOnlyList<ReplicaSet> old, DateTimeOffset now)
    {
        ReplicaSet[] all = [current, .. old];
        var wanted = deployment.Spec?.Replicas ?? 1;
        var available = all.Sum(s => s.Status?.AvailableReplicas ?? 0);
        var status = new DeploymentStatus
        {
            Replicas = all.Sum(s => s.Status?.Replicas ?? 0),
            UpdatedReplicas = current.Status?.Replicas ?? 0,
            ReadyReplicas = all.Sum(s => s.Status?.ReadyReplicas ?? 0),
            AvailableReplicas = available,
            UnavailableReplicas = Math.Max(0, wanted - available),
            ObservedGeneration = deployment.Metadata.Generation,
        };
        var enough = available >= wanted - Rollout.Bounds(deployment, wanted).Unavailable;
        var conditions = (deployment.Status?.Conditions).With(
            now, "Available", enough ? "True" : "False", enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
            enough ? "Deployment has minimum availability." : "Deployment does not have minimum availability.");
        conditions = [.. conditions.Select(c => c.Type == "Available" ? c with { LastUpdateTime = c.LastTransitionTime } : c)];
        return status with { Conditions = Progressing(deployment, current, old, status, conditions, now) };
    }

    /// <summary>When a rollout that does not come on is said to have failed; null when it has, or is done.</summary>
    public static TimeSpan? DeadlineIn(Deployment deployment, DeploymentStatus status, DateTimeOffset now) =>
        status.Conditions.Find("Progressing") is { Status: "True", Reason: not "NewReplicaSetAvailable" } progress
        && (progress.LastUpdateTime ?? progress.LastTransitionTime) + Deadline(deployment) is { } due
            ? (due > now ? due - now : TimeSpan.FromSeconds(1))
            : null;

    private static TimeSpan Deadline(Deployment deployment) => TimeSpan.FromSeconds(deployment.Spec?.ProgressDeadlineSeconds ?? 600);

    private static List<Condition> Progressing(
        Deployment deployment, ReplicaSet current, IReadOnlyList<ReplicaSet> old, DeploymentStatus status, List<Condition> conditions, DateTimeOffset now)
    {
        var name = current.Metadata.Name;
        if (Rollout.IsComplete(deployment, current, old))
        {
            return Set(conditions, now, "True", "NewReplicaSetAvailable", $"ReplicaSet \"{name}\" has successfully progressed.");
        }

        var before = deployment.Status;
        var known = before?.Conditions.Find("Progressing");
        var moved = known is null || before!.UpdatedReplicas != status.UpdatedReplicas || before.ReadyReplicas < status.ReadyReplicas || before.AvailableReplicas < status.AvailableReplicas
            || before.Replicas != status.Replicas || before.ObservedGeneration != status.ObservedGeneration;
        if (moved)
        {
            return known is null
                ? Set(conditions, now, "True", "NewReplicaSetCreated", $"Created new replica set \"{name}\"")
                : Set(conditions, now, "True", "ReplicaSetUpdated", $"ReplicaSet \"{name}\" is progressing.");
        }

        // A pause says that nothing is to come on, and a deployment that was done and lost pods again is not rolling out.
        if (deployment.Spec?.Paused == true || known!.Reason == "NewReplicaSetAvailable" || (known.LastUpdateTime ?? known.LastTransitionTime) + Deadline(deployment) > now)
        {
            return conditions;
        }

        return Set(conditions, now, "False", "ProgressDeadlineExceeded", $"ReplicaSet \"{name}\" has timed out progressing.");
    }

    private static List<Condition> Set(List<Condition> conditions, DateTimeOffset now, string status, string reason, string message)
    {
        var known = conditions.Find("Progressing");
        return known?.Status == status && known.Reason == reason && known.Message == message && reason == "NewReplicaSetAvailable"
            ? conditions
            : [.. conditions.With(now, "Progressing", status, reason, message).Select(c => c.Type == "Progressing" ? c with { LastUpdateTime = now } : c)];
    }
}
