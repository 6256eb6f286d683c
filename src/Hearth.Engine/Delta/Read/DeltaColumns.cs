using System.Text.Json;
using Hearth.Engine.Delta.Log;
using Hearth.Engine.Types;

namespace Hearth.Engine.Delta.Read;

/// <summary>A column of a table and its name in data files, statistics and partition values.</summary>
/// <param name="Field">Name and type.</param>
/// <param name="Physical">Name in files; another one with column mapping.</param>
/// <param name="Partition">Whether its value is in the log instead of the files.</param>
/// <param name="FieldId">Parquet field id with column mapping in id mode, or null.</param>
internal sealed record DeltaColumn(StructField Field, string Physical, bool Partition, long? FieldId)
{
    /// <summary>The columns of a table in order.</summary>
    public static IReadOnlyList<DeltaColumn> Of(Metadata metadata)
    {
        string mode = metadata.Property("delta.columnMapping.mode") ?? "none";
        using JsonDocument document = JsonDocument.Parse(metadata.SchemaText);
        List<DeltaColumn> columns = [];
        int i = 0;
        foreach (JsonElement json in document.RootElement.GetProperty("fields").EnumerateArray())
        {
            StructField field = metadata.Schema.Fields[i++];
            bool mapped = mode != "none" && json.GetProperty("metadata").TryGetProperty("delta.columnMapping.physicalName", out _);
            if (mapped && Nested(field.Type))
            {
                throw DeltaErrors.Unsupported($"column mapping of nested columns (column {field.Name})");
            }

            JsonElement own = json.TryGetProperty("metadata", out JsonElement m) ? m : default;
            string physical = mapped ? own.GetProperty("delta.columnMapping.physicalName").GetString()! : field.Name;
            long? id = mode == "id" && mapped && own.TryGetProperty("delta.columnMapping.id", out JsonElement n) ? n.GetInt64() : null;
            columns.Add(new DeltaColumn(field, physical, metadata.IsPartition(field.Name), id));
        }

        return columns;
    }

    private static bool Nested(SparkType type) => type switch
    {
        StructType => true,
        ArrayType a => Nested(a.Element),
        MapType m => Nested(m.Key) || Nested(m.Value),
        _ => false,
    };

    /// <summary>Whether a type holds instants below its top.</summary>
    public static bool HidesTimestamps(SparkType type) => type switch
    {
        StructType s => s.Fields.Any(f => f.Type == SparkType.Timestamp || HidesTimestamps(f.Type)),
        ArrayType a => a.Element == SparkType.Timestamp || HidesTimestamps(a.Element),
        MapType m => m.Key == SparkType.Timestamp || m.Value == SparkType.Timestamp || HidesTimestamps(m.Key) || HidesTimestamps(m.Value),
        _ => false,
    };
}
