using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hearth.Engine.Types;

/// <summary>Spark's JSON form of types (the one in Parquet footers and DataFrame schemas).</summary>
public static class TypeJson
{
    // Where Spark keeps the declared type of a VARCHAR(n) or CHAR(n) column.
    private const string Declared = "__CHAR_VARCHAR_TYPE_STRING";

    /// <summary>The JSON of a type.</summary>
    public static JsonNode Write(SparkType type) => type switch
    {
        ArrayType a => new JsonObject { ["type"] = "array", ["elementType"] = Write(a.Element), ["containsNull"] = a.ContainsNull },
        MapType m => new JsonObject { ["type"] = "map", ["keyType"] = Write(m.Key), ["valueType"] = Write(m.Value), ["valueContainsNull"] = m.ValueContainsNull },
        StructType s => new JsonObject { ["type"] = "struct", ["fields"] = new JsonArray([.. s.Fields.Select(Field)]) },
        _ => JsonValue.Create(type.TreeName),
    };

    /// <summary>Reads a type.</summary>
    /// <exception cref="EngineException">Not a type.</exception>
    public static SparkType Read(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.String)
        {
            string name = json.GetString()!;
            return Sql.TypeNames.TryParse(name) ?? throw Bad(name);
        }

        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("type", out JsonElement kind))
        {
            throw Bad(json.GetRawText());
        }

        return kind.GetString() switch
        {
            "array" => new ArrayType(Read(json.GetProperty("elementType")), Flag(json, "containsNull")),
            "map" => new MapType(Read(json.GetProperty("keyType")), Read(json.GetProperty("valueType")), Flag(json, "valueContainsNull")),
            "struct" => new StructType(json.GetProperty("fields").EnumerateArray().Select(ReadField).ToSeq()),
            "udt" => Read(json.GetProperty("sqlType")),
            _ => throw Bad(json.GetRawText()),
        };
    }

    private static JsonNode Field(StructField field)
    {
        JsonObject metadata = [];
        if (field.Comment is not null)
        {
            metadata["comment"] = field.Comment;
        }

        if (field.Length is { } length)
        {
            metadata[Declared] = $"varchar({length})";
        }

        return new JsonObject { ["name"] = field.Name, ["type"] = Write(field.Type), ["nullable"] = field.Nullable, ["metadata"] = metadata };
    }

    private static StructField ReadField(JsonElement json)
    {
        int? length = Note(json, Declared) is ['v', 'a', 'r', 'c', 'h', 'a', 'r', '(', .. var digits, ')'] && int.TryParse(digits, System.Globalization.CultureInfo.InvariantCulture, out int n) ? n : null;
        return new StructField(json.GetProperty("name").GetString()!, Read(json.GetProperty("type")), Flag(json, "nullable"), Note(json, "comment")) { Length = length };
    }

    private static string? Note(JsonElement field, string name) =>
        field.TryGetProperty("metadata", out JsonElement m) && m.ValueKind == JsonValueKind.Object && m.TryGetProperty(name, out JsonElement text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    private static bool Flag(JsonElement json, string name) => !json.TryGetProperty(name, out JsonElement flag) || flag.ValueKind != JsonValueKind.False;

    private static EngineException Bad(string text) => new("PARSE_SYNTAX_ERROR", $"Not a type: {text}", ErrorKind.ParseException);
}
