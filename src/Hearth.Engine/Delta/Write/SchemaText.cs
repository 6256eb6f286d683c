using System.Text.Json.Nodes;
using Hearth.Engine.Binding;
using Hearth.Engine.Delta.Log;
using Hearth.Engine.Types;

namespace Hearth.Engine.Delta.Write;

/// <summary>Schemas as the log keeps them: JSON text whose fields may carry metadata that must not be lost.</summary>
internal static class SchemaText
{
    /// <summary>The text of a schema.</summary>
    public static string Of(StructType schema) => TypeJson.Write(schema).ToJsonString();

    /// <summary>Columns for a new table.</summary>
    /// <exception cref="EngineException">A name repeats or has characters that Parquet does not take, or a type cannot be stored.</exception>
    public static void Check(StructType schema)
    {
        if (schema.Fields.GroupBy(f => f.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new EngineException("DELTA_DUPLICATE_COLUMNS_FOUND", $"Found duplicate column(s) in the data to save: {twice.Key.ToLowerInvariant()}.");
        }

        foreach (StructField field in schema.Fields)
        {
            Check(field);
        }
    }

    private static void Check(StructField field)
    {
        if (field.Name.AsSpan().ContainsAny(" ,;{}()\n\t="))
        {
            throw new EngineException("DELTA_INVALID_CHARACTERS_IN_COLUMN_NAMES", $"Found invalid character(s) among ' ,;{{}}()\\n\\t=' in the column names of your schema. Invalid column names: {field.Name}.", hint: "rename the column, for example with AS");
        }

        CheckType(field.Name, field.Type);
    }

    private static void CheckType(string name, SparkType type)
    {
        switch (type)
        {
            case StructType s:
                foreach (StructField field in s.Fields)
                {
                    Check(field);
                }

                break;
            case ArrayType a:
                CheckType(name, a.Element);
                break;
            case MapType m:
                CheckType(name, m.Key);
                CheckType(name, m.Value);
                break;
            default:
                if (type == SparkType.Void || type.IsInterval)
                {
                    throw new EngineException("DELTA_UNSUPPORTED_DATA_TYPES", $"Found columns using unsupported data types: [{name}: {type.SimpleName}].", hint: "cast the column to a type");
                }

                break;
        }
    }

    /// <summary>The schema with more columns.</summary>
    /// <param name="text">The schema.</param>
    /// <param name="added">Columns.</param>
    /// <param name="at">Where they go; null: at the end.</param>
    public static string Add(string text, IEnumerable<StructField> added, int? at = null)
    {
        JsonNode root = JsonNode.Parse(text)!;
        JsonArray fields = (JsonArray)root["fields"]!;
        int index = at ?? fields.Count;
        foreach (JsonNode? field in ((JsonArray)TypeJson.Write(new StructType(added.ToSeq()))["fields"]!).ToArray())
        {
            fields.Insert(index++, field!.DeepClone());
        }

        return root.ToJsonString();
    }

    /// <summary>The schema after a change of one of its columns.</summary>
    public static string Change(string text, int column, Action<JsonObject> change)
    {
        JsonNode root = JsonNode.Parse(text)!;
        change((JsonObject)((JsonArray)root["fields"]!)[column]!);
        return root.ToJsonString();
    }

    /// <summary>The schema with a column elsewhere.</summary>
    public static string Move(string text, int from, int to)
    {
        JsonNode root = JsonNode.Parse(text)!;
        JsonArray fields = (JsonArray)root["fields"]!;
        JsonNode field = fields[from]!;
        fields.RemoveAt(from);
        fields.Insert(to, field);
        return root.ToJsonString();
    }

    /// <summary>Same types, upper and lower case of nested names alike, nullability aside.</summary>
    public static bool SameType(SparkType a, SparkType b) => (a, b) switch
    {
        (StructType x, StructType y) => x.Fields.Count == y.Fields.Count && x.Fields.Zip(y.Fields).All(p => string.Equals(p.First.Name, p.Second.Name, StringComparison.OrdinalIgnoreCase) && SameType(p.First.Type, p.Second.Type)),
        (ArrayType x, ArrayType y) => SameType(x.Element, y.Element),
        (MapType x, MapType y) => SameType(x.Key, y.Key) && SameType(x.Value, y.Value),
        _ => a == b,
    };

    /// <summary>Whether data of a type goes into a column as it is: the same, or a narrower integer up to INT (Delta's schema merging).</summary>
    public static bool Takes(SparkType column, SparkType data) => SameType(column, data) || data == SparkType.Void
        || (data.IsIntegral && column.IsIntegral && column != SparkType.Long && Coercion.IsUpCast(data, column));

    public static EngineException CannotMerge(StructField column, SparkType data) => new(
        "DELTA_FAILED_TO_MERGE_FIELDS", $"Failed to merge fields '{column.Name}' and '{column.Name}'. Failed to merge incompatible data types {column.Type.SimpleName} and {data.SimpleName}.", hint: $"cast the column to {column.Type.SimpleName}");
}
