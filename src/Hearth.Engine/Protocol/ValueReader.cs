using System.Globalization;
using System.Text.Json;
using Hearth.Engine.Types;

namespace Hearth.Engine.Protocol;

/// <summary>Values of the wire form (docs/engine-protocol.md, "Types and values").</summary>
internal static class ValueReader
{
    public static object? Read(JsonElement json, SparkType type)
    {
        if (json.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
        {
            return null;
        }

        try
        {
            return type switch
            {
                ArrayType a => new ArrayValue([.. json.EnumerateArray().Select(item => Read(item, a.Element))]),
                MapType m => new MapValue([.. Pairs(json).Select(p => new KeyValuePair<object, object?>(Read(p.Key, m.Key)!, Read(p.Value, m.Value)))]),
                StructType s => new StructValue([.. json.EnumerateArray().Select((item, i) => Read(item, s.Fields[i].Type))]),
                DecimalType d => Decimal(json, d),
                _ => Atomic(json, type),
            };
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException or ArgumentOutOfRangeException or IndexOutOfRangeException)
        {
            throw JsonFields.Malformed($"{json.GetRawText()} is not a value of type {type.SimpleName}");
        }
    }

    private static IEnumerable<(JsonElement Key, JsonElement Value)> Pairs(JsonElement json) => json.EnumerateArray().Select(pair => (pair[0], pair[1]));

    private static SparkDecimal Decimal(JsonElement json, DecimalType type)
    {
        SparkDecimal value = SparkDecimal.Parse(json.ValueKind == JsonValueKind.String ? json.GetString()! : json.GetRawText())
            ?? throw JsonFields.Malformed($"{json.GetRawText()} is not a decimal");
        if (value.Scale == type.Scale)
        {
            return value;
        }

        System.Numerics.BigInteger digits = (System.Numerics.BigInteger)value.Unscaled;
        if (value.Scale > type.Scale)
        {
            System.Numerics.BigInteger divisor = System.Numerics.BigInteger.Pow(10, value.Scale - type.Scale);
            System.Numerics.BigInteger quotient = System.Numerics.BigInteger.DivRem(digits, divisor, out System.Numerics.BigInteger rest);
            digits = System.Numerics.BigInteger.Abs(rest) * 2 >= divisor ? quotient + digits.Sign : quotient;
        }
        else
        {
            digits *= System.Numerics.BigInteger.Pow(10, type.Scale - value.Scale);
        }

        return new SparkDecimal((Int128)digits, type.Scale);
    }

    private static object Atomic(JsonElement json, SparkType type)
    {
        if (type == SparkType.String)
        {
            return json.ValueKind == JsonValueKind.String ? json.GetString()! : json.GetRawText();
        }

        return type == SparkType.Boolean ? json.GetBoolean()
            : type.IsIntegral ? json.GetInt64()
            : type == SparkType.Double ? Number(json)
            : type == SparkType.Float ? (float)Number(json)
            : type == SparkType.Binary ? json.GetBytesFromBase64()
            : type == SparkType.Date ? new SparkDate(Formatting.DateTimeReader.Date(json.GetString()!) ?? throw new FormatException())
            : type == SparkType.Timestamp ? new SparkTimestamp(json.GetInt64())
            : type == SparkType.TimestampNtz ? new SparkTimestampNtz(json.GetInt64())
            : type.IsInterval ? new SparkInterval(json[0].GetInt32(), json[1].GetInt32(), json[2].GetInt64())
            : throw JsonFields.Malformed($"values of type {type.SimpleName} cannot be sent");
    }

    private static double Number(JsonElement json) => json.ValueKind == JsonValueKind.String
        ? Formatting.JavaNumbers.TryParseDouble(json.GetString()!, out double special) ? special : throw new FormatException()
        : json.GetDouble();

    /// <summary>The type of a bare JSON value, for literals without one.</summary>
    public static SparkType TypeOf(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => SparkType.Boolean,
        JsonValueKind.String => SparkType.String,
        JsonValueKind.Number when json.TryGetInt32(out _) => SparkType.Int,
        JsonValueKind.Number when json.TryGetInt64(out _) => SparkType.Long,
        JsonValueKind.Number => SparkType.Double,
        _ => SparkType.Void,
    };

    /// <summary>Writes a value in the wire form.</summary>
    public static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case bool b:
                writer.WriteBooleanValue(b);
                break;
            case long n:
                writer.WriteNumberValue(n);
                break;
            case double d when double.IsFinite(d):
                writer.WriteNumberValue(d);
                break;
            case double d:
                writer.WriteStringValue(Formatting.JavaText.OfDouble(d));
                break;
            case float f when float.IsFinite(f):
                writer.WriteNumberValue(f);
                break;
            case float f:
                writer.WriteStringValue(Formatting.JavaText.OfFloat(f));
                break;
            case string s:
                writer.WriteStringValue(s);
                break;
            case byte[] bytes:
                writer.WriteBase64StringValue(bytes);
                break;
            case SparkDate date:
                writer.WriteStringValue(Formatting.DateText.OfDate(date.Days));
                break;
            case SparkTimestamp t:
                writer.WriteNumberValue(t.Micros);
                break;
            case SparkTimestampNtz t:
                writer.WriteNumberValue(t.Micros);
                break;
            case SparkInterval i:
                WriteAll(writer, [(long)i.Months, (long)i.Days, i.Micros]);
                break;
            case ArrayValue a:
                WriteAll(writer, a.Items);
                break;
            case StructValue s:
                WriteAll(writer, s.Fields);
                break;
            case MapValue m:
                writer.WriteStartArray();
                foreach ((object key, object? item) in m.Entries)
                {
                    WriteAll(writer, [key, item]);
                }

                writer.WriteEndArray();
                break;
            default:
                writer.WriteStringValue(string.Format(CultureInfo.InvariantCulture, "{0}", value));
                break;
        }
    }

    private static void WriteAll(Utf8JsonWriter writer, IEnumerable<object?> values)
    {
        writer.WriteStartArray();
        foreach (object? value in values)
        {
            Write(writer, value);
        }

        writer.WriteEndArray();
    }
}
