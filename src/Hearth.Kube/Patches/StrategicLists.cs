using System.Text.Json.Nodes;

namespace Hearth.Kube.Patches;

/// <summary>Lists that strategic merge patch merges: of scalars as a union, of objects by their merge key.</summary>
internal static class StrategicLists
{
    public delegate JsonObject MergeItem(JsonObject live, JsonObject patch, Shape shape);

    public static JsonArray Merge(JsonArray live, JsonArray patch, Shape shape, MergeItem merge) =>
        shape.MergeKey is { } key ? MergeObjects(live, patch, key, shape, merge) : Union(live, patch);

    /// <summary>The merged items in the wanted order; items that the order does not list keep their place relative to the live list.</summary>
    public static JsonArray Order(JsonArray merged, JsonArray live, IReadOnlyList<JsonNode?> wanted, string? key)
    {
        var items = merged.GroupBy(item => Identity(item, key), StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.ToList(), StringComparer.Ordinal);
        var listed = wanted.Select(item => Identity(item, key)).Where(items.ContainsKey).Distinct(StringComparer.Ordinal).ToList();
        var known = live.Select(item => Identity(item, key)).Concat(merged.Select(item => Identity(item, key))).Where(items.ContainsKey).Distinct(StringComparer.Ordinal).ToList();
        return new JsonArray([.. ListOrder.Interleave(known, listed).SelectMany(identity => items[identity]).Select(item => item?.DeepClone())]);
    }

    private static JsonArray Union(JsonArray live, JsonArray patch)
    {
        var result = live.DeepClone().AsArray();
        foreach (var item in patch.Where(item => !result.Any(have => JsonNode.DeepEquals(have, item))))
        {
            result.Add(item?.DeepClone());
        }

        return result;
    }

    private static JsonArray MergeObjects(JsonArray live, JsonArray patch, string key, Shape shape, MergeItem merge)
    {
        var changes = patch.Select(item => item as JsonObject ?? throw PatchException.Malformed($"an item of a list that merges by \"{key}\" is not an object")).ToList();
        if (changes.Any(change => Directives.PatchOf(change) == Directives.Replace))
        {
            return new JsonArray([.. changes.Where(change => Directives.PatchOf(change) is null).Select(change => Directives.Strip(change))]);
        }

        var result = live.DeepClone().AsArray();
        foreach (var change in changes)
        {
            var wanted = change[key] ?? throw PatchException.Malformed($"map: {change.ToJsonString()} does not contain declared merge key: {key}");
            var at = IndexOf(result, key, wanted);
            if (Directives.PatchOf(change) == Directives.Delete)
            {
                for (; at >= 0; at = IndexOf(result, key, wanted))
                {
                    result.RemoveAt(at);
                }
            }
            else if (at >= 0)
            {
                result[at] = merge(result[at]!.AsObject(), change, shape.Item);
            }
            else
            {
                result.Add(merge([], change, shape.Item));
            }
        }

        return result;
    }

    private static int IndexOf(JsonArray list, string key, JsonNode wanted)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (JsonNode.DeepEquals((list[i] as JsonObject)?[key], wanted))
            {
                return i;
            }
        }

        return -1;
    }

    private static string Identity(JsonNode? item, string? key) => (key is null ? item : (item as JsonObject)?[key])?.ToJsonString() ?? "";
}
