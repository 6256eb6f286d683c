using System.Text.Json;
using Hearth.Cluster.ApiServer.Kinds;
using Hearth.Kube.Client;

namespace Hearth.Cluster.ApiServer.Core;

/// <summary>Finds the container that a log request means, and refuses what cannot have a log yet.</summary>
internal sealed class PodLogs(ObjectReader reader, IPodRuntime runtime)
{
    private const string DefaultContainerAnnotation = "kubectl.kubernetes.io/default-container";

    /// <exception cref="KubeException">404 no such pod; 400 no such container, not started, no previous run.</exception>
    public Task<Stream> OpenAsync(string ns, string pod, LogOptions options, CancellationToken ct)
    {
        var found = reader.Get(CoreKinds.Pods, ns, pod).Root;
        var container = Container(found, pod, options.Container);
        CheckStarted(found, pod, container, options.Previous);
        return runtime.OpenLogAsync(ns, pod, container, options with { Container = container }, ct);
    }

    private static string Container(JsonElement pod, string name, string? wanted)
    {
        var regular = Names(pod, "containers");
        var init = Names(pod, "initContainers");
        if (!string.IsNullOrEmpty(wanted))
        {
            return regular.Concat(init).Contains(wanted, StringComparer.Ordinal)
                ? wanted
                : throw ApiErrors.BadRequest($"container {wanted} is not valid for pod {name}");
        }

        if (regular.Count == 1)
        {
            return regular[0];
        }

        if (pod.Text("metadata", "annotations", DefaultContainerAnnotation) is { } marked && regular.Contains(marked, StringComparer.Ordinal))
        {
            return marked;
        }

        var hint = init.Count == 0 ? "" : $" or one of the init containers: [{string.Join(' ', init)}]";
        throw ApiErrors.BadRequest($"a container name must be specified for pod {name}, choose one of: [{string.Join(' ', regular)}]{hint}");
    }

    private static List<string> Names(JsonElement pod, string member) => [.. pod.Items("spec", member).Select(c => c.Text("name") ?? "")];

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
