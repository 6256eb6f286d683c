using System.Text.Json.Nodes;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.Cluster.Controllers;

/// <summary>Lists of conditions for status patches. A merge patch replaces a list, so the whole list is written, with the transition times that did not change.</summary>
internal static class Conditions
{
    /// <summary>What is there, with one condition set. The same status keeps its transition time.</summary>
    public static List<Condition> With(this IReadOnlyList<Condition>? conditions, DateTimeOffset now, string type, string status, string? reason = null, string? message = null)
    {
        var result = (conditions ?? []).ToList();
        var at = result.FindIndex(c => string.Equals(c.Type, type, StringComparison.Ordinal));
        var known = at < 0 ? null : result[at];
        var fresh = new Condition
        {
            Type = type,
            Status = status,
            Reason = reason ?? type,
            Message = message ?? "",
            LastTransitionTime = known?.Status == status ? known.LastTransitionTime : now,
        };
        if (at < 0)
        {
            result.Add(fresh);
        }
        else
        {
            result[at] = fresh;
        }

        return result;
    }

    /// <summary>Without one condition.</summary>
    public static List<Condition> Without(this IReadOnlyList<Condition>? conditions, string type) =>
        [.. (conditions ?? []).Where(c => !string.Equals(c.Type, type, StringComparison.Ordinal))];

    /// <summary>As JSON.</summary>
    public static JsonArray ToJson(this IEnumerable<Condition> conditions) => new([.. conditions.Select(c => (JsonNode)ToJson(c))]);

    /// <summary>Whether two lists say the same, transition times included.</summary>
    public static bool Same(IReadOnlyList<Condition>? a, IReadOnlyList<Condition> b) =>
        a is not null && a.Count == b.Count && a.Zip(b).All(p => p.First == p.Second);

    private static JsonObject ToJson(Condition condition)
    {
        var json = new JsonObject { ["type"] = condition.Type, ["status"] = condition.Status };
        if (condition.LastHeartbeatTime is { } heartbeat)
        {
            json["lastHeartbeatTime"] = KubeTimeConverter.ToText(heartbeat);
        }

        if (condition.LastUpdateTime is { } update)
        {
            json["lastUpdateTime"] = KubeTimeConverter.ToText(update);
        }

        if (condition.LastTransitionTime is { } transition)
        {
            json["lastTransitionTime"] = KubeTimeConverter.ToText(transition);
        }

        json["reason"] = condition.Reason;
        json["message"] = condition.Message;
        return json;
    }
}
