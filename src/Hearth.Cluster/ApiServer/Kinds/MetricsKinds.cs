using System.Globalization;
using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Registry;
using Hearth.Kube.Objects;

namespace Hearth.Cluster.ApiServer.Kinds;

/// <summary>The group metrics.k8s.io: measured use, computed when asked.</summary>
internal static class MetricsKinds
{
    private static readonly string[] ReadOnly = ["get", "list"];

    public static IEnumerable<ResourceDefinition> Definitions() =>
    [
        new()
        {
            Type = new ResourceType("metrics.k8s.io", "v1beta1", "nodes", "NodeMetrics", false),
            SingularName = "",
            Verbs = ReadOnly,
        },
        new()
        {
            Type = new ResourceType("metrics.k8s.io", "v1beta1", "pods", "PodMetrics", true),
            SingularName = "",
            Verbs = ReadOnly,
        },
    ];

    private static JsonObject Base(string kind, string name, string? ns, DateTimeOffset time, TimeSpan window)
    {
        var meta = new JsonObject { ["name"] = name };
        if (ns is not null)
        {
            meta["namespace"] = ns;
        }

        meta["creationTimestamp"] = KubeTimeConverter.ToText(time);
        return new JsonObject
        {
            ["kind"] = kind,
            ["apiVersion"] = "metrics.k8s.io/v1beta1",
            ["metadata"] = meta,
            ["timestamp"] = KubeTimeConverter.ToText(time),
            ["window"] = string.Create(CultureInfo.InvariantCulture, $"{window.TotalSeconds:0.###}s"),
        };
    }

    private static JsonObject Usage(ResourceUsage usage) => new()
    {
        ["cpu"] = string.Create(CultureInfo.InvariantCulture, $"{usage.CpuNanoCores}n"),
        ["memory"] = string.Create(CultureInfo.InvariantCulture, $"{usage.MemoryBytes / 1024}Ki"),
    };

    /// <summary>Nodes.</summary>
    internal sealed class Nodes(IMetricsProvider provider) : IVirtualResource
    {
        public async Task<IReadOnlyList<JsonObject>> ListAsync(string? ns, CancellationToken ct) =>
            [.. (await provider.NodesAsync(ct).ConfigureAwait(false)).Select(Tree)];

        public async Task<JsonObject> GetAsync(string? ns, string name, CancellationToken ct) =>
            (await provider.NodesAsync(ct).ConfigureAwait(false)).Where(n => n.Name == name).Select(Tree).FirstOrDefault()
            ?? throw ApiErrors.NotFound(Definitions().First().Type, name);

        private static JsonObject Tree(NodeUsage node)
        {
            var tree = Base("NodeMetrics", node.Name, null, node.Time, node.Window);
            tree["usage"] = Usage(node.Usage);
            return tree;
        }
    }

    /// <summary>Pods.</summary>
    internal sealed class Pods(IMetricsProvider provider) : IVirtualResource
    {
        public async Task<IReadOnlyList<JsonObject>> ListAsync(string? ns, CancellationToken ct) =>
            [.. (await provider.PodsAsync(ns, ct).ConfigureAwait(false)).Select(Tree)];

        public async Task<JsonObject> GetAsync(string? ns, string name, CancellationToken ct) =>
            (await provider.PodsAsync(ns, ct).ConfigureAwait(false)).Where(p => p.Name == name).Select(Tree).FirstOrDefault()
            ?? throw ApiErrors.NotFound(Definitions().Last().Type, $"{ns}/{name}");

        private static JsonObject Tree(PodUsage pod)
        {
            var tree = Base("PodMetrics", pod.Name, pod.Namespace, pod.Time, pod.Window);
            tree["containers"] = new JsonArray([.. pod.Containers.OrderBy(c => c.Key, StringComparer.Ordinal)
                .Select(c => (JsonNode)new JsonObject { ["name"] = c.Key, ["usage"] = Usage(c.Value) })]);
            return tree;
        }
    }
}
