using System.Text.Json.Nodes;

namespace Hearth.Delivery.Plan;

/// <summary>What happens to a resource.</summary>
public enum ChangeKind
{
    Add,
    Change,
    Remove,
}

/// <summary>A change of one resource.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Id">Its logical id.</param>
/// <param name="Type">Its CloudFormation type.</param>
/// <param name="Properties">Top-level properties that differ; empty unless it changes.</param>
public sealed record ResourceChange(ChangeKind Kind, string Id, string Type, IReadOnlyList<string> Properties);

/// <summary>Compares a deployed template with a synthesised one. Pure.</summary>
public static class TemplateDiff
{
    /// <summary>Changes by logical id. Metadata does not count: it changes nothing on AWS.</summary>
    /// <param name="before">What is deployed; null when the stack does not exist.</param>
    /// <param name="after">What would be; null when the stack goes.</param>
    public static IReadOnlyList<ResourceChange> Of(JsonObject? before, JsonObject? after)
    {
        var (old, fresh) = (Resources(before), Resources(after));
        var changes = new List<ResourceChange>();
        foreach (var id in old.Keys.Union(fresh.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            if (!old.TryGetValue(id, out var was))
            {
                changes.Add(new ResourceChange(ChangeKind.Add, id, TypeOf(fresh[id]), []));
            }
            else if (!fresh.TryGetValue(id, out var will))
            {
                changes.Add(new ResourceChange(ChangeKind.Remove, id, TypeOf(was), []));
            }
            else if (Differing(was, will) is { Count: > 0 } differing)
            {
                changes.Add(new ResourceChange(ChangeKind.Change, id, TypeOf(will), differing));
            }
        }

        return changes;
    }

    private static List<string> Differing(JsonObject was, JsonObject will)
    {
        var (old, fresh) = (was["Properties"] as JsonObject ?? [], will["Properties"] as JsonObject ?? []);
        List<string> names = [.. old.Select(p => p.Key).Union(fresh.Select(p => p.Key), StringComparer.Ordinal).Where(n => !JsonNode.DeepEquals(old[n], fresh[n])).Order(StringComparer.Ordinal)];
        names.AddRange(((string[])["Type", "DeletionPolicy", "UpdateReplacePolicy"]).Where(n => !JsonNode.DeepEquals(was[n], will[n])));
        return names;
    }

    private static Dictionary<string, JsonObject> Resources(JsonObject? template) =>
        (template?["Resources"] as JsonObject ?? []).Where(r => r.Value is JsonObject).ToDictionary(r => r.Key, r => r.Value!.AsObject(), StringComparer.Ordinal);

    private static string TypeOf(JsonObject resource) => resource["Type"]?.GetValue<string>() ?? "";
}
