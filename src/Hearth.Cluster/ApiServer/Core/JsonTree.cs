using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hearth.Cluster.ApiServer.Core;

/// <summary>Short, forgiving access to JSON trees: a member of another type than wanted reads as absent.</summary>
internal static class JsonTree
{
    public static JsonObject? Obj(this JsonObject? tree, string name) => tree?[name] as JsonObject;

    public static JsonArray? Arr(this JsonObject? tree, string name) => tree?[name] as JsonArray;

    public static string? Str(this JsonObject? tree, string name) => Text(tree?[name]);

    public static long? Int(this JsonObject? tree, string name) => Number(tree?[name]);

    public static bool? Bool(this JsonObject? tree, string name) => tree?[name] is JsonValue value && value.TryGetValue<bool>(out var b) ? b : null;

    /// <summary>The object at a path, or null.</summary>
    public static JsonObject? At(this JsonObject? tree, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            tree = tree.Obj(name);
        }

        return tree;
    }

    /// <summary>The member as an object, created when it is absent (or not an object).</summary>
    public static JsonObject Ensure(this JsonObject tree, string name)
    {
        if (tree[name] is JsonObject found)
        {
            return found;
        }

        var fresh = new JsonObject();
        tree[name] = fresh;
        return fresh;
    }

    /// <summary>Sets a member unless it is there.</summary>
    public static void SetDefault(this JsonObject tree, string name, JsonNode value)
    {
        if (tree[name] is null)
        {
            tree[name] = value;
        }
    }

    /// <summary>Sets a string member unless a non-empty one is there.</summary>
    public static void SetDefaultText(this JsonObject tree, string name, string value)
    {
        if (string.IsNullOrEmpty(tree.Str(name)))
        {
            tree[name] = value;
        }
    }

    /// <summary>Sets a member, or removes it when <paramref name="value"/> is null.</summary>
    public static void SetOrRemove(this JsonObject tree, string name, JsonNode? value)
    {
        if (value is null)
        {
            tree.Remove(name);
        }
        else
        {
            tree[name] = value.Parent is null ? value : value.DeepClone();
        }
    }

    /// <summary>The objects of an array member; other elements are skipped.</summary>
    public static IEnumerable<JsonObject> Objects(this JsonObject? tree, string name) => tree.Arr(name)?.OfType<JsonObject>() ?? [];

    /// <summary>The strings of an array member.</summary>
    public static List<string> Strings(this JsonObject? tree, string name)
    {
        var result = new List<string>();
        foreach (var node in tree.Arr(name) ?? [])
        {
            if (Text(node) is { } text)
            {
                result.Add(text);
            }
        }

        return result;
    }

    public static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static long? Number(JsonNode? node)
    {
        if (node is not JsonValue value)
        {
            return null;
        }

        if (value.TryGetValue<long>(out var number))
        {
            return number;
        }

        if (value.TryGetValue<int>(out var small))
        {
            return small;
        }

        return value.TryGetValue<double>(out var real) && Math.Abs(real) < 1e15 && Math.Truncate(real) == real ? (long)real : null;
    }

    /// <summary>A string, boolean or number as its plain text; null for anything else.</summary>
    public static string? Scalar(JsonNode? node) => node switch
    {
        null or JsonObject or JsonArray => null,
        _ when Text(node) is { } text => text,
        _ => node.ToJsonString(),
    };

    /// <summary>Same JSON value, numbers compared as numbers; null and absent are the same.</summary>
    public static bool Same(JsonNode? a, JsonNode? b) => JsonNode.DeepEquals(a, b);

    /// <summary>An independent copy without null members, numbers in one representation: what a decoder of the wire form would give.</summary>
    [return: NotNullIfNotNull(nameof(node))]
    public static JsonNode? Normalize(JsonNode? node)
    {
        switch (node)
        {
            case null:
                return null;
            case JsonObject source:
                var tree = new JsonObject();
                foreach (var (name, value) in source)
                {
                    if (value is not null)
                    {
                        tree[name] = Normalize(value);
                    }
                }

                return tree;
            case JsonArray source:
                var array = new JsonArray();
                foreach (var value in source)
                {
                    array.Add(Normalize(value));
                }

                return array;
            default:
                return Value(node.AsValue());
        }
    }

    private static JsonValue Value(JsonValue value)
    {
        if (value.TryGetValue<string>(out var text))
        {
            return JsonValue.Create(text);
        }

        if (value.TryGetValue<bool>(out var flag))
        {
            return JsonValue.Create(flag);
        }

        if (value.TryGetValue<long>(out var number))
        {
            return JsonValue.Create(number);
        }

        if (value.TryGetValue<int>(out var small))
        {
            return JsonValue.Create((long)small);
        }

        // Dates, quantities, reals: through their JSON text, so that they become plain strings and numbers.
        var element = JsonSerializer.Deserialize(value.ToJsonString(), JsonElementContext.Default.JsonElement);
        return element.ValueKind == JsonValueKind.String
            ? JsonValue.Create(element.GetString()!)
            : element.TryGetInt64(out var whole) ? JsonValue.Create(whole) : JsonValue.Create(element)!;
    }

    /// <summary>Text of an integer, independent of culture.</summary>
    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

[System.Text.Json.Serialization.JsonSerializable(typeof(JsonElement))]
[System.Text.Json.Serialization.JsonSerializable(typeof(JsonObject))]
internal sealed partial class JsonElementContext : System.Text.Json.Serialization.JsonSerializerContext;
