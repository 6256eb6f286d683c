using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hearth.Engine.Duck;
using Hearth.Engine.Types;

namespace Hearth.Engine.Functions;

/// <summary>get_json_object with every path that Spark knows, and the schema of a JSON text.</summary>
internal static class ManagedJson
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Register(ManagedFunctions f)
    {
        f.AddText("hearth_json_array", 2, Array);
        f.AddText("hearth_json_path", 2, a => a[0] is null || a[1] is null ? null : Find(a[0]!, a[1]!));
        f.AddText("hearth_json_quotes", 1, a => a[0] is null ? null : JsonQuotes.Double(a[0]!));
        f.AddText("hearth_json_last", 1, a => a[0] is null ? null : Last(a[0]!));
    }

    // Of several values of one name the last one stays, at the place of the first.
    private static string Last(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        using MemoryStream text = new();
        using (Utf8JsonWriter writer = new(text, Relaxed))
        {
            writer.WriteStartObject();
            foreach (IGrouping<string, JsonProperty> values in document.RootElement.EnumerateObject().GroupBy(p => p.Name, StringComparer.Ordinal))
            {
                writer.WritePropertyName(values.Key);
                values.Last().Value.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.ToArray());
    }

    private static string? Find(string json, string path)
    {
        if (JsonPath.Of(path) is not { } steps)
        {
            return null;
        }

        if (steps.Count(s => s.Kind == JsonStepKind.Every) > 1)
        {
            throw Binding.Errors.Unsupported($"get_json_object() with more than one wildcard ({path})");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            List<JsonElement> found = [];
            Walk(document.RootElement, steps, 0, found);
            bool many = steps.Any(s => s.Kind == JsonStepKind.Every);
            return found.Count == 0 ? null
                : found.Count > 1 ? $"[{string.Join(',', found.Select(Compact))}]"
                : many ? Compact(found[0])
                : found[0].ValueKind == JsonValueKind.Null ? null
                : found[0].ValueKind == JsonValueKind.String ? found[0].GetString() : Compact(found[0]);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Walk(JsonElement value, IReadOnlyList<JsonStep> steps, int at, List<JsonElement> found)
    {
        if (at == steps.Count)
        {
            found.Add(value);
            return;
        }

        JsonStep step = steps[at];
        if (step.Kind == JsonStepKind.Field && value.ValueKind == JsonValueKind.Object)
        {
            if (value.TryGetProperty(step.Name, out JsonElement child) && child.ValueKind != JsonValueKind.Null)
            {
                Walk(child, steps, at + 1, found);
            }
        }
        else if (step.Kind == JsonStepKind.Index && value.ValueKind == JsonValueKind.Array && step.Index < value.GetArrayLength())
        {
            Walk(value[step.Index], steps, at + 1, found);
        }
        else if (step.Kind == JsonStepKind.Every && value.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement child in value.EnumerateArray())
            {
                Walk(child, steps, at + 1, found);
            }
        }
    }

    /// <summary>The text when it is an array whose elements are of the type, NULL otherwise: one element that does not fit spoils all. An object is an array of one struct.</summary>
    public static string? Array(string?[] a)
    {
        if (a[0] is null || a[1] is null || Sql.SqlParser.ParseType(a[1]!) is not ArrayType type)
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(a[0]!);
            JsonElement root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object && type.Element is StructType ? $"[{a[0]}]"
                : root.ValueKind == JsonValueKind.Array && root.EnumerateArray().All(e => Fits(e, type.Element)) ? a[0]
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool Fits(JsonElement value, SparkType type) => value.ValueKind == JsonValueKind.Null || (type switch
    {
        StructType or MapType => value.ValueKind == JsonValueKind.Object,
        ArrayType array => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(e => Fits(e, array.Element)),
        _ when type == SparkType.Boolean => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        _ when type.IsIntegral => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        _ when type.IsFractional => value.ValueKind == JsonValueKind.Number || (value.ValueKind == JsonValueKind.String && value.GetString() is "NaN" or "Infinity" or "-Infinity" or "INF" or "-INF" or "+INF" or "+Infinity"),
        _ => true,
    });

    private static string Compact(JsonElement value)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes, Relaxed))
        {
            value.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    /// <summary>The type Spark infers from a JSON text; fields in alphabetical order. Null when it is no JSON.</summary>
    public static SparkType? TypeOf(string json, bool leadingZeros)
    {
        string text = leadingZeros ? System.Text.RegularExpressions.Regex.Replace(json, @"(?<=[:\[,\s]|^)0+(?=\d)", "", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)) : json;
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return TypeOf(document.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static SparkType TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String or JsonValueKind.Null => SparkType.String,
        JsonValueKind.True or JsonValueKind.False => SparkType.Boolean,
        JsonValueKind.Number => value.TryGetInt64(out _) ? SparkType.Long : value.GetRawText().AsSpan().IndexOfAny('.', 'e', 'E') >= 0 ? SparkType.Double : new DecimalType(Math.Min(38, value.GetRawText().TrimStart('-').Length), 0),
        JsonValueKind.Array => new ArrayType(value.EnumerateArray().Select(TypeOf).Aggregate((SparkType?)null, (a, b) => a is null ? b : Merge(a, b)) ?? SparkType.String),
        _ => new StructType(value.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => new StructField(p.Name, TypeOf(p.Value))).ToSeq()),
    };

    private static SparkType Merge(SparkType a, SparkType b)
    {
        if (a is StructType x && b is StructType y)
        {
            return new StructType(x.Fields.Concat(y.Fields).GroupBy(f => f.Name, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => new StructField(g.Key, g.Select(f => f.Type).Aggregate(Merge))).ToSeq());
        }

        return a == b ? a
            : a is ArrayType p && b is ArrayType q ? new ArrayType(Merge(p.Element, q.Element))
            : Binding.Coercion.WiderNumeric(a, b) ?? SparkType.String;
    }
}
