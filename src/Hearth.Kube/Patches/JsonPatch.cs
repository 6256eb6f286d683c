using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hearth.Kube.Patches;

/// <summary>JSON Patch, RFC 6902 (<c>application/json-patch+json</c>).</summary>
public static class JsonPatch
{
    /// <summary>More operations than this are refused, as Kubernetes does.</summary>
    public const int MaxOperations = 10_000;

    /// <summary>The document after all operations; the input is not changed.</summary>
    /// <exception cref="PatchException">Malformed, or an operation does not fit (then none is applied).</exception>
    public static JsonNode? Apply(JsonNode? document, JsonArray patch)
    {
        if (patch.Count > MaxOperations)
        {
            throw PatchException.Malformed($"The allowed maximum operations in a JSON patch is {MaxOperations}, got {patch.Count}");
        }

        return patch.Aggregate(document?.DeepClone(), Operate);
    }

    private static JsonNode? Operate(JsonNode? document, JsonNode? item)
    {
        if (item is not JsonObject operation)
        {
            throw PatchException.Malformed("each operation of a JSON patch must be an object");
        }

        var path = JsonPointer.Parse(Text(operation, "path"));
        return Text(operation, "op") switch
        {
            "add" => Add(document, path, Value(operation)?.DeepClone()),
            "remove" => Remove(document, path),
            "replace" => Replace(document, path, Value(operation)?.DeepClone()),
            "move" => Move(document, JsonPointer.Parse(Text(operation, "from")), path),
            "copy" => Add(document, path, JsonPointer.Parse(Text(operation, "from")).Read(document)?.DeepClone()),
            "test" => Test(document, path, Value(operation)),
            var other => throw PatchException.Malformed($"unknown JSON patch operation \"{other}\""),
        };
    }

    private static JsonNode? Add(JsonNode? document, JsonPointer path, JsonNode? value)
    {
        if (path.IsRoot)
        {
            return value;
        }

        switch (path.Holder(document))
        {
            case JsonObject map:
                map[path.Parts[^1]] = value;
                break;
            case JsonArray array:
                array.Insert(path.Index(path.Parts[^1], array.Count, adding: true), value);
                break;
            default:
                throw path.Missing();
        }

        return document;
    }

    private static JsonNode? Remove(JsonNode? document, JsonPointer path)
    {
        if (path.IsRoot)
        {
            return null;
        }

        switch (path.Holder(document))
        {
            case JsonObject map:
                _ = map.Remove(path.Parts[^1]) ? 0 : throw path.Missing();
                break;
            case JsonArray array:
                array.RemoveAt(path.Index(path.Parts[^1], array.Count, adding: false));
                break;
            default:
                throw path.Missing();
        }

        return document;
    }

    private static JsonNode? Replace(JsonNode? document, JsonPointer path, JsonNode? value)
    {
        path.Read(document);
        if (!path.IsRoot && path.Holder(document) is JsonObject map)
        {
            map[path.Parts[^1]] = value;
            return document;
        }

        return Add(Remove(document, path), path, value);
    }

    private static JsonNode? Move(JsonNode? document, JsonPointer from, JsonPointer path)
    {
        if (path.IsInside(from))
        {
            throw PatchException.DoesNotFit($"\"{from.Text}\" cannot be moved into itself at \"{path.Text}\"");
        }

        var value = from.Read(document)?.DeepClone();
        return Add(Remove(document, from), path, value);
    }

    private static JsonNode? Test(JsonNode? document, JsonPointer path, JsonNode? value) =>
        JsonNode.DeepEquals(path.Read(document), value) ? document : throw PatchException.DoesNotFit($"testing value {path.Text} failed");

    private static string Text(JsonObject operation, string member) =>
        operation[member] is JsonValue value && value.GetValueKind() == JsonValueKind.String
            ? value.GetValue<string>()
            : throw PatchException.Malformed($"a JSON patch operation lacks the string \"{member}\"");

    private static JsonNode? Value(JsonObject operation) => operation.TryGetPropertyValue("value", out var value)
        ? value
        : throw PatchException.Malformed("a JSON patch operation lacks \"value\"");
}
