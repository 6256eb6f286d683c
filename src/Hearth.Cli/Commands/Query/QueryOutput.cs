using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Cli.Output;
using Hearth.Engine.Formatting;
using Hearth.Engine.Session;
using Hearth.Engine.Types;

namespace Hearth.Cli.Commands.Query;

/// <summary>A statement's rows as Spark's table, as one JSON array of objects, or as CSV; the last two stream.</summary>
internal static class QueryOutput
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void WriteTable(TextWriter output, EngineSession session, StatementResult result, int limit, CancellationToken cancellation)
    {
        if (session.SchemaOf(result.Relation).Fields.Count > 0)
        {
            output.Write(session.Show(result.Relation, limit, truncate: 0, cancellationToken: cancellation));
        }
    }

    public static void WriteJson(TextWriter output, EngineSession session, StatementResult result, CancellationToken cancellation)
    {
        var text = TextOf(session);
        using var rows = session.Run(result.Relation, cancellationToken: cancellation);
        var separator = "[";
        foreach (var row in rows.Rows())
        {
            output.Write(separator);
            output.Write('\n');
            output.Write(Object(row, rows.Schema, text).ToJsonString(Compact));
            separator = ",";
        }

        output.WriteLine(separator[0] == '[' ? "[]" : "\n]");
    }

    public static void WriteCsv(TextWriter output, EngineSession session, StatementResult result, CancellationToken cancellation)
    {
        var text = TextOf(session);
        using var rows = session.Run(result.Relation, cancellationToken: cancellation);
        CsvLine.Write(output, rows.Schema.Fields.Select(f => f.Name));
        foreach (var row in rows.Rows())
        {
            CsvLine.Write(output, row.Select((value, i) => value is null ? string.Empty : text.Of(value, rows.Schema.Fields[i].Type)));
        }
    }

    private static ValueText TextOf(EngineSession session) => new(Zones.Require(session.Conf.Get("spark.sql.session.timeZone") ?? "UTC"));

    private static JsonObject Object(IReadOnlyList<object?> row, StructType schema, ValueText text)
    {
        var written = new JsonObject();
        for (var i = 0; i < row.Count; i++)
        {
            // A query may give two columns one name; the last one stands, as in Spark's toJSON.
            written[schema.Fields[i].Name] = Value(row[i], schema.Fields[i].Type, text);
        }

        return written;
    }

    private static JsonNode? Value(object? value, SparkType type, ValueText text) => value switch
    {
        null => null,
        bool flag => flag,
        double number when double.IsFinite(number) => number,
        float number when float.IsFinite(number) => number,
        sbyte or short or int or long or SparkDecimal => JsonNode.Parse(text.Of(value, type)),
        byte[] bytes => Convert.ToBase64String(bytes),
        ArrayValue array => new JsonArray([.. array.Items.Select(item => Value(item, ((ArrayType)type).Element, text))]),
        StructValue row => Object(row.Fields, (StructType)type, text),
        MapValue map => Map(map, (MapType)type, text),
        _ => text.Of(value, type),
    };

    private static JsonObject Map(MapValue map, MapType type, ValueText text)
    {
        var written = new JsonObject();
        foreach (var (key, item) in map.Entries)
        {
            written[text.Of(key, type.Key)] = Value(item, type.Value, text);
        }

        return written;
    }
}
