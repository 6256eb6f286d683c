using System.Text.Json.Nodes;

namespace Hearth.Kube.Patches;

/// <summary>Strategic merge patch of built-in kinds (<c>application/strategic-merge-patch+json</c>).</summary>
public static class StrategicMergePatch
{
    /// <summary>The patched object; the inputs are not changed.</summary>
    /// <exception cref="PatchException">Malformed directives; <see cref="PatchFailure.UnsupportedType"/> for a schema that does not support it.</exception>
    public static JsonObject Apply(JsonObject live, JsonObject patch, PatchSchema schema) => schema.SupportsStrategicMerge
        ? MergeObject(live, patch, schema.Root)
        : throw new PatchException(PatchFailure.UnsupportedType, "strategic merge patch is only supported for built-in kinds: use a merge patch (kubectl patch --type=merge)");

    private static JsonObject MergeObject(JsonObject live, JsonObject patch, Shape shape)
    {
        switch (Directives.PatchOf(patch))
        {
            case Directives.Replace:
                return Directives.Strip(patch).AsObject();
            case Directives.Delete:
                return [];
        }

        var result = live.DeepClone().AsObject();
        RetainKeys(result, patch);
        foreach (var (name, value) in patch.Where(pair => !Directives.IsDirective(pair.Key)))
        {
            MergeMember(result, name, value, shape.Member(name));
        }

        DeleteFromPrimitiveLists(result, patch);
        SetElementOrders(result, live, patch, shape);
        return result;
    }

    private static void MergeMember(JsonObject result, string name, JsonNode? value, Shape shape)
    {
        switch (result[name], value)
        {
            case (_, null):
                result.Remove(name);
                break;
            case (JsonObject old, JsonObject change):
                result[name] = MergeObject(old, change, shape);
                break;
            case (_, JsonObject change):
                result[name] = MergeObject([], change, shape);
                break;
            case (JsonArray old, JsonArray change) when shape.Merges:
                result[name] = StrategicLists.Merge(old, change, shape, MergeObject);
                break;
            case (_, JsonArray change) when shape.Merges:
                result[name] = StrategicLists.Merge([], change, shape, MergeObject);
                break;
            default:
                result[name] = Directives.Strip(value);
                break;
        }
    }

    private static void RetainKeys(JsonObject result, JsonObject patch)
    {
        if (!patch.TryGetPropertyValue(Directives.RetainKeys, out var list))
        {
            return;
        }

        var kept = Directives.Texts(list, Directives.RetainKeys).ToHashSet(StringComparer.Ordinal);
        foreach (var name in result.Select(pair => pair.Key).Where(name => !kept.Contains(name)).ToList())
        {
            result.Remove(name);
        }
    }

    private static void DeleteFromPrimitiveLists(JsonObject result, JsonObject patch)
    {
        foreach (var (name, list) in Directives.WithPrefix(patch, Directives.DeleteFromPrimitiveList))
        {
            if (result[name] is JsonArray items)
            {
                var gone = Directives.Items(list, Directives.DeleteFromPrimitiveList);
                result[name] = new JsonArray([.. items.Where(item => !gone.Any(other => JsonNode.DeepEquals(item, other))).Select(item => item?.DeepClone())]);
            }
        }
    }

    private static void SetElementOrders(JsonObject result, JsonObject live, JsonObject patch, Shape shape)
    {
        foreach (var (name, list) in Directives.WithPrefix(patch, Directives.SetElementOrder))
        {
            if (result[name] is JsonArray items)
            {
                var order = Directives.Items(list, Directives.SetElementOrder);
                result[name] = StrategicLists.Order(items, live[name] as JsonArray ?? [], order, shape.Member(name).MergeKey);
            }
        }
    }
}
