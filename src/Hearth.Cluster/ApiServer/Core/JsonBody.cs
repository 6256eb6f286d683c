using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hearth.Cluster.ApiServer.Core;

/// <summary>Reads JSON request bodies into trees: null members dropped, duplicate members noticed (the last one wins, as in Go).</summary>
internal static class JsonBody
{
    private const int MaxDepth = 512;

    /// <summary>Parses one JSON document.</summary>
    /// <param name="bytes">UTF-8.</param>
    /// <param name="duplicates">Receives the paths of members given twice, when not null.</param>
    /// <param name="keepNulls">Patches give null members a meaning.</param>
    /// <exception cref="JsonException">Not JSON.</exception>
    public static JsonNode? Parse(ReadOnlySpan<byte> bytes, List<string>? duplicates = null, bool keepNulls = false)
    {
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        var node = Read(ref reader, "", duplicates, keepNulls);
        if (reader.Read())
        {
            throw new JsonException("unexpected data after the top-level value");
        }

        return node;
    }

    private static JsonNode? Read(ref Utf8JsonReader reader, string path, List<string>? duplicates, bool keepNulls) => reader.TokenType switch
    {
        JsonTokenType.StartObject => ReadObject(ref reader, path, duplicates, keepNulls),
        JsonTokenType.StartArray => ReadArray(ref reader, path, duplicates, keepNulls),
        JsonTokenType.String => JsonValue.Create(reader.GetString()),
        JsonTokenType.True => JsonValue.Create(true),
        JsonTokenType.False => JsonValue.Create(false),
        JsonTokenType.Null => null,
        _ => reader.TryGetInt64(out var number) ? JsonValue.Create(number) : JsonValue.Create(JsonElement.ParseValue(ref reader)),
    };

    private static JsonObject ReadObject(ref Utf8JsonReader reader, string path, List<string>? duplicates, bool keepNulls)
    {
        var tree = new JsonObject();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            reader.Read();
            var here = duplicates is null ? "" : path.Length == 0 ? name : $"{path}.{name}";
            if (duplicates is not null && tree.ContainsKey(name))
            {
                duplicates.Add(here);
            }

            var value = Read(ref reader, here, duplicates, keepNulls);
            if (value is not null || keepNulls)
            {
                tree[name] = value;
            }
        }

        return tree;
    }

    private static JsonArray ReadArray(ref Utf8JsonReader reader, string path, List<string>? duplicates, bool keepNulls)
    {
        var array = new JsonArray();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var here = duplicates is null ? "" : $"{path}[{array.Count}]";
            array.Add(Read(ref reader, here, duplicates, keepNulls));
        }

        return array;
    }
}
