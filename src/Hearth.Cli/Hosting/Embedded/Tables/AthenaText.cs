using System.Globalization;
using Hearth.Aws.Athena;
using Hearth.Engine.Formatting;
using Hearth.Engine.Types;

namespace Hearth.Cli.Hosting.Embedded.Tables;

/// <summary>Values and types as Athena writes them into results: timestamps with milliseconds, arrays in brackets, rows with the names of their fields.</summary>
internal static class AthenaText
{
    private static readonly ValueText Spark = new(TimeZoneInfo.Utc);

    /// <summary>The text of a value; null for NULL.</summary>
    public static string? Of(object? value, SparkType type) => value switch
    {
        null => null,
        byte[] bytes => string.Join(' ', bytes.Select(b => b.ToString("x2", CultureInfo.InvariantCulture))),
        SparkTimestamp time => Millis(time.Micros),
        SparkTimestampNtz time => Millis(time.Micros),
        ArrayValue array => $"[{string.Join(", ", array.Items.Select(i => Inner(i, ((ArrayType)type).Element)))}]",
        MapValue map => $"{{{string.Join(", ", map.Entries.Select(e => $"{Inner(e.Key, ((MapType)type).Key)}={Inner(e.Value, ((MapType)type).Value)}"))}}}",
        StructValue row => $"{{{string.Join(", ", row.Fields.Select((f, i) => $"{((StructType)type).Fields[i].Name}={Inner(f, ((StructType)type).Fields[i].Type)}"))}}}",
        _ => Spark.Of(value, type),
    };

    /// <summary>A column.</summary>
    public static QueryColumn Column(StructField field) => field.Type switch
    {
        DecimalType d => new(field.Name, "decimal", d.Precision, d.Scale),
        ArrayType => new(field.Name, "array", 0, 0),
        MapType => new(field.Name, "map", 0, 0),
        StructType => new(field.Name, "row", 0, 0),
        var t when t == SparkType.Boolean => new(field.Name, "boolean", 0, 0),
        var t when t == SparkType.Byte => new(field.Name, "tinyint", 3, 0),
        var t when t == SparkType.Short => new(field.Name, "smallint", 5, 0),
        var t when t == SparkType.Int => new(field.Name, "integer", 10, 0),
        var t when t == SparkType.Long => new(field.Name, "bigint", 19, 0),
        var t when t == SparkType.Float => new(field.Name, "float", 17, 0),
        var t when t == SparkType.Double => new(field.Name, "double", 17, 0),
        var t when t == SparkType.Date => new(field.Name, "date", 0, 0),
        var t when t.IsTimestamp => new(field.Name, "timestamp", 3, 0),
        var t when t == SparkType.Binary => new(field.Name, "varbinary", 1_073_741_824, 0),
        _ => new(field.Name, "varchar", int.MaxValue, 0),
    };

    private static string Inner(object? value, SparkType type) => Of(value, type) ?? "null";

    private static string Millis(long micros)
    {
        var text = DateText.OfLocal(micros);
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? text + ".000" : text[..Math.Min(text.Length, dot + 4)].PadRight(dot + 4, '0');
    }
}
