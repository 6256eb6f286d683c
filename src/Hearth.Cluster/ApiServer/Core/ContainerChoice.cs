using System.Text.Json;
using Hearth.Kube.Client;

namespace Hearth.Cluster.ApiServer.Core;

/// <summary>Which container of a pod a request means.</summary>
internal static class ContainerChoice
{
    private const string DefaultContainerAnnotation = "kubectl.kubernetes.io/default-container";

    /// <summary>The wanted container, else the only one, else the one that the pod's annotation names.</summary>
    /// <exception cref="KubeException">400: no such container, or a name must be given.</exception>
    public static string Choose(JsonElement pod, string name, string? wanted)
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
}
