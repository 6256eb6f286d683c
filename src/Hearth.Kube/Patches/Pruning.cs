using System.Text.Json.Nodes;

namespace Hearth.Kube.Patches;

/// <summary>Removes from an object what a manager applied before, no longer wants, and nobody else owns.</summary>
internal static class Pruning
{
    public static void Prune(JsonNode? value, FieldSet last, FieldSet wanted, FieldSet others, Shape shape)
    {
        if (TypedValues.Members(value, shape) is not { } members)
        {
            return;
        }

        var gone = new List<JsonNode?>();
        foreach (var (element, before) in last.Children)
        {
            if (members.TryGetValue(element, out var member)
                && IsGone(member.Value, before, wanted.Find(element) ?? new FieldSet(), others.Find(element) ?? new FieldSet(), member.Shape))
            {
                Remove(value!, element, member.Value, gone);
            }
        }

        // Items of a list are removed by identity, after all were looked at.
        foreach (var item in gone)
        {
            value!.AsArray().Remove(item);
        }
    }

    private static bool IsGone(JsonNode? value, FieldSet before, FieldSet wanted, FieldSet others, Shape shape)
    {
        if (wanted.IsEmpty && others.IsEmpty && before.Owns)
        {
            return true;
        }

        Prune(value, before, wanted, others, shape);
        return wanted.IsEmpty && others.IsEmpty && value is JsonObject { Count: 0 } or JsonArray { Count: 0 };
    }

    private static void Remove(JsonNode holder, string element, JsonNode? value, List<JsonNode?> items)
    {
        if (holder is JsonObject map)
        {
            map.Remove(element[2..]);
        }
        else
        {
            items.Add(value);
        }
    }
}
