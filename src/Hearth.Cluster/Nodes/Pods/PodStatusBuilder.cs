using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.Cluster.Nodes.Pods;

/// <summary>The status of a pod as its node reports it, from the state of its containers. Pure.</summary>
public static class PodStatusBuilder
{
    /// <summary>The content of <c>status</c> for a merge patch.</summary>
    /// <param name="pod">The pod; conditions that others own (PodScheduled) are kept from it.</param>
    /// <param name="init">Init containers in order.</param>
    /// <param name="containers">Containers in order.</param>
    /// <param name="address">Address of the pod, or null before it has one.</param>
    /// <param name="hostAddress">Address of its node.</param>
    /// <param name="now">Time of the report.</param>
    public static PodStatus Build(Pod pod, IReadOnlyList<ContainerStatus> init, IReadOnlyList<ContainerStatus> containers, string? address, string? hostAddress, DateTimeOffset now)
    {
        var phase = RestartDecision.Phase(pod.Spec?.RestartPolicy, init, containers);
        var initialized = init.All(s => s.State?.Terminated?.ExitCode == 0);
        var ready = containers.Count > 0 && containers.All(s => s.Ready == true);
        var done = phase is "Succeeded" or "Failed";
        var unready = string.Join(' ', containers.Where(s => s.Ready != true).Select(s => s.Name));
        Condition[] own =
        [
            Make("PodReadyToStartContainers", !done, null, null),
            Make("Initialized", initialized, initialized ? (phase == "Succeeded" ? "PodCompleted" : null) : "ContainersNotInitialized",
                initialized ? null : $"containers with incomplete status: [{string.Join(' ', init.Where(s => s.State?.Terminated?.ExitCode != 0).Select(s => s.Name))}]"),
            Make("Ready", ready, NotReadyReason(ready, phase), ready || phase == "Succeeded" ? null : $"containers with unready status: [{unready}]"),
            Make("ContainersReady", ready, NotReadyReason(ready, phase), ready || phase == "Succeeded" ? null : $"containers with unready status: [{unready}]"),
        ];
        var known = pod.Status?.Conditions ?? [];
        return new PodStatus
        {
            Phase = phase,
            Conditions = [.. known.Where(c => own.All(o => o.Type != c.Type)), .. own.Select(c => Kept(c, known, now))],
            InitContainerStatuses = init.Count == 0 ? null : init,
            ContainerStatuses = containers,
            PodIP = address,
            HostIP = hostAddress,
            StartTime = pod.Status?.StartTime ?? now,
        };
    }

    /// <summary>The merge patch of a status: members of a container's state that no longer hold are removed.</summary>
    public static JsonObject Patch(PodStatus status)
    {
        // Lists are replaced whole by a merge patch, so old container states cannot survive in them.
        var json = JsonSerializer.SerializeToNode(status, CoreJson.Default.PodStatus)!.AsObject();
        if (status.PodIP is { } ip)
        {
            json["podIPs"] = new JsonArray(new JsonObject { ["ip"] = ip });
        }

        if (status.HostIP is { } host)
        {
            json["hostIPs"] = new JsonArray(new JsonObject { ["ip"] = host });
        }

        return json;
    }

    private static string? NotReadyReason(bool ready, string phase) => ready ? null : phase == "Succeeded" ? "PodCompleted" : phase == "Failed" ? "PodFailed" : "ContainersNotReady";

    private static Condition Make(string type, bool holds, string? reason, string? message) =>
        new() { Type = type, Status = holds ? "True" : "False", Reason = reason, Message = message };

    private static Condition Kept(Condition condition, IReadOnlyList<Condition> known, DateTimeOffset now)
    {
        var before = known.FirstOrDefault(c => c.Type == condition.Type);
        return condition with { LastTransitionTime = before?.Status == condition.Status ? before?.LastTransitionTime ?? now : now };
    }
}
