using System.Text.Json;
using Hearth.Cluster.ApiServer.Kinds;
using Hearth.Kube.Client;

namespace Hearth.Cluster.ApiServer.Core;

/// <summary>Finds the container that a log request means, and refuses what cannot have a log yet.</summary>
internal sealed class PodLogs(ObjectReader reader, IPodRuntime runtime)
{
    /// <exception cref="KubeException">404 no such pod; 400 no such container, not started, no previous run.</exception>
    public Task<Stream> OpenAsync(string ns, string pod, LogOptions options, CancellationToken ct)
    {
        var found = reader.Get(CoreKinds.Pods, ns, pod).Root;
        var container = ContainerChoice.Choose(found, pod, options.Container);
        CheckStarted(found, pod, container, options.Previous);
        return runtime.OpenLogAsync(ns, pod, container, options with { Container = container }, ct);
    }

    private static void CheckStarted(JsonElement pod, string name, string container, bool previous)
    {
        var status = pod.Items("status", "containerStatuses").Concat(pod.Items("status", "initContainerStatuses"))
            .FirstOrDefault(s => s.Text("name") == container);
        var waiting = status.At("state", "waiting");
        if (previous)
        {
            if (status.At("lastState", "terminated").ValueKind != JsonValueKind.Object)
            {
                throw ApiErrors.BadRequest($"previous terminated container \"{container}\" in pod \"{name}\" not found");
            }
        }
        else if (waiting.ValueKind == JsonValueKind.Object && status.At("lastState", "terminated").ValueKind != JsonValueKind.Object)
        {
            var reason = waiting.Text("reason") is { Length: > 0 } text ? text : "ContainerCreating";
            throw ApiErrors.BadRequest($"container \"{container}\" in pod \"{name}\" is waiting to start: {reason}");
        }
    }
}
