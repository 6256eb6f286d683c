using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Kube.Quantities;
using Hearth.Scheduling.Resources;
using Hearth.Scheduling.YuniKorn.Configuration;
using Hearth.Scheduling.YuniKorn.Core;
using Hearth.Scheduling.YuniKorn.Gangs;

namespace Hearth.Scheduling.YuniKorn.Shim;

/// <summary>Makes the request for an application out of its first pod and its namespace.</summary>
internal static class ApplicationRequests
{
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(1);

    public static ApplicationRequest Of(Pod pod, PodIdentity identity, IReadOnlyList<TaskGroup> gang, ObjectMeta? ns, bool recovered, DateTimeOffset now)
    {
        var policy = PolicyParameters.Parse(pod.Metadata.Annotation(YuniKornNames.PolicyParameters));
        var left = policy.PlaceholderTimeout - (now - (pod.Metadata.CreationTimestamp ?? now));
        return new ApplicationRequest
        {
            Id = identity.ApplicationId,
            Queue = identity.Queue,
            User = identity.User,
            Groups = identity.Groups,
            Tags = Tags(pod.Metadata.Namespace ?? "", ns),
            QueueShape = Shape(ns),
            Gang = gang,
            Policy = policy with { PlaceholderTimeout = left < Least ? Least : left > policy.PlaceholderTimeout ? policy.PlaceholderTimeout : left },
            Recovered = recovered,
        };
    }

    private static Dictionary<string, string> Tags(string name, ObjectMeta? ns)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal) { ["namespace"] = name };
        if (ns?.Annotation(YuniKornNames.ParentQueue) is { Length: > 0 } parent)
        {
            tags["namespace.parentqueue"] = parent;
        }

        return tags;
    }

    private static QueueConfig? Shape(ObjectMeta? ns)
    {
        var max = Amounts(ns?.Annotation(YuniKornNames.NamespaceQuota));
        var guaranteed = Amounts(ns?.Annotation(YuniKornNames.NamespaceGuaranteed));
        return max.IsEmpty && guaranteed.IsEmpty ? null : new QueueConfig { Name = "", Max = max, Guaranteed = guaranteed };
    }

    /// <summary>Kubernetes quantities by Kubernetes names; what cannot be read counts as none, as upstream.</summary>
    private static QueueAmounts Amounts(string? annotation)
    {
        try
        {
            if (!string.IsNullOrEmpty(annotation) && JsonNode.Parse(annotation) is JsonObject json)
            {
                return new QueueAmounts(json.Select(p => p.Key is ResourceNames.Cpu or YuniKornNames.Vcore
                    ? new KeyValuePair<string, long>(YuniKornNames.Vcore, Quantity.Parse(p.Value?.ToString() ?? "").MilliValue)
                    : new KeyValuePair<string, long>(p.Key, Quantity.Parse(p.Value?.ToString() ?? "").Value)));
            }
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return QueueAmounts.None;
        }

        return QueueAmounts.None;
    }
}
