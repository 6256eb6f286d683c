using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Kinds;
using Hearth.Kube.Objects;
using Hearth.Kube.Quantities;

namespace Hearth.Cluster.ApiServer.Admission.Quota;

/// <summary>What one object takes of a quota (kubernetes <c>quota/v1/evaluator</c>).</summary>
internal static class QuotaUsage
{
    private static readonly string[] CountedPlainly = ["pods", "services", "replicationcontrollers", "resourcequotas", "secrets", "configmaps", "persistentvolumeclaims"];
    private static readonly string[] Compute = ["cpu", "memory", "ephemeral-storage"];

    /// <summary>Amounts by the names that quotas use.</summary>
    public static Dictionary<string, Quantity> Of(ResourceType type, JsonObject tree)
    {
        var usage = new Dictionary<string, Quantity>(StringComparer.Ordinal);
        if (type.Group.Length == 0 && type.Plural == "pods" && IsFinished(tree))
        {
            return usage;
        }

        usage[$"count/{type.GroupResource}"] = new Quantity(1);
        if (type.Group.Length == 0 && CountedPlainly.Contains(type.Plural, StringComparer.Ordinal))
        {
            usage[type.Plural] = new Quantity(1);
        }

        switch (type)
        {
            case { Group: "", Plural: "pods" }:
                AddPod(usage, tree.Obj("spec"));
                break;
            case { Group: "", Plural: "persistentvolumeclaims" }:
                AddClaim(usage, tree);
                break;
            case { Group: "", Plural: "services" } when tree.Obj("spec").Str("type") == "LoadBalancer":
                usage["services.loadbalancers"] = new Quantity(1);
                break;
            default:
                break;
        }

        return usage;
    }

    /// <summary>The containers of a pod that do not say how much of a constrained resource they want.</summary>
    public static IEnumerable<string> Unspecified(JsonObject? spec, string constrained)
    {
        var (member, name) = constrained.StartsWith("limits.", StringComparison.Ordinal) ? ("limits", constrained[7..])
            : constrained.StartsWith("requests.", StringComparison.Ordinal) ? ("requests", constrained[9..])
            : ("requests", constrained);
        return Compute.Contains(name, StringComparer.Ordinal)
            ? spec.Objects("containers").Where(c => c.Obj("resources").Obj(member)?[name] is null).Select(c => c.Str("name") ?? "")
            : [];
    }

    private static bool IsFinished(JsonObject tree) => tree.Obj("status").Str("phase") is "Succeeded" or "Failed";

    private static void AddPod(Dictionary<string, Quantity> usage, JsonObject? spec)
    {
        foreach (var (name, amount) in Total(spec, "requests"))
        {
            usage[$"requests.{name}"] = amount;
            if (Compute.Contains(name, StringComparer.Ordinal))
            {
                usage[name] = amount;
            }
        }

        foreach (var (name, amount) in Total(spec, "limits"))
        {
            usage[$"limits.{name}"] = amount;
        }
    }

    /// <summary>All containers together, or the largest init container when that is more; and the pod's overhead.</summary>
    private static Dictionary<string, Quantity> Total(JsonObject? spec, string member)
    {
        var total = new Dictionary<string, Quantity>(StringComparer.Ordinal);
        foreach (var container in spec.Objects("containers"))
        {
            foreach (var (name, amount) in QuantityFields.Read(container.Obj("resources").Obj(member)))
            {
                total[name] = total.GetValueOrDefault(name) + amount;
            }
        }

        foreach (var container in spec.Objects("initContainers"))
        {
            foreach (var (name, amount) in QuantityFields.Read(container.Obj("resources").Obj(member)))
            {
                total[name] = total.TryGetValue(name, out var known) && known > amount ? known : amount;
            }
        }

        foreach (var (name, amount) in QuantityFields.Read(spec.Obj("overhead")))
        {
            total[name] = total.GetValueOrDefault(name) + amount;
        }

        return total;
    }

    private static void AddClaim(Dictionary<string, Quantity> usage, JsonObject tree)
    {
        var storage = QuantityFields.Read(tree.At("spec", "resources", "requests")).FirstOrDefault(q => q.Name == "storage").Amount;
        usage["requests.storage"] = storage;
        if (tree.Obj("spec").Str("storageClassName") is { Length: > 0 } storageClass)
        {
            usage[$"{storageClass}.storageclass.storage.k8s.io/requests.storage"] = storage;
            usage[$"{storageClass}.storageclass.storage.k8s.io/persistentvolumeclaims"] = new Quantity(1);
        }
    }
}
