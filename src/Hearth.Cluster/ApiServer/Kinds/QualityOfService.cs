using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Kube.Quantities;

namespace Hearth.Cluster.ApiServer.Kinds;

/// <summary>The quality-of-service class of a pod (kubernetes <c>component-helpers/qos</c>): from cpu and memory requests and limits.</summary>
internal static class QualityOfService
{
    private static readonly string[] Counted = ["cpu", "memory"];

    public static string Of(JsonObject? spec)
    {
        var anything = false;
        var guaranteed = true;
        foreach (var container in spec.Objects("initContainers").Concat(spec.Objects("containers")))
        {
            var requests = Read(container, "requests");
            var limits = Read(container, "limits");
            anything |= requests.Count + limits.Count > 0;
            foreach (var name in Counted)
            {
                guaranteed &= limits.TryGetValue(name, out var limit) && (!requests.TryGetValue(name, out var request) || request == limit);
            }
        }

        return !anything ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable";
    }

    private static Dictionary<string, Quantity> Read(JsonObject container, string member) =>
        QuantityFields.Read(container.Obj("resources").Obj(member))
            .Where(q => Counted.Contains(q.Name, StringComparer.Ordinal) && q.Amount > Quantity.Zero)
            .ToDictionary(q => q.Name, q => q.Amount, StringComparer.Ordinal);
}
