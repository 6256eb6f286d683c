using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hearth.Kube.Protobuf;

/// <summary>Values that are not structures, and the small messages that are scalars in JSON.</summary>
internal static class ScalarDecoder
{
    /// <summary>The JSON of a value of the element type; null when it is empty and stands for nothing (an empty Time).</summary>
    public static JsonNode? Read(ref WireReader reader, WireType wire, string elementType) => elementType switch
    {
        "string" => Expect(wire, WireType.Bytes) ? JsonValue.Create(reader.Text()) : null,
        "bytes" => Expect(wire, WireType.Bytes) ? JsonValue.Create(Convert.ToBase64String(reader.Bytes())) : null,
        "bool" => Expect(wire, WireType.Varint) ? JsonValue.Create(reader.Varint() != 0) : null,
        "int32" => Expect(wire, WireType.Varint) ? JsonValue.Create(unchecked((int)reader.Varint())) : null,
        "int64" => Expect(wire, WireType.Varint) ? JsonValue.Create(unchecked((long)reader.Varint())) : null,
        "double" => Expect(wire, WireType.Fixed64) ? JsonValue.Create(BitConverter.UInt64BitsToDouble(reader.Fixed64())) : null,
        _ => Expect(wire, WireType.Bytes) ? Message(reader.Bytes(), elementType) : null,
    };

    /// <summary>True for a value that absence stands for as well.</summary>
    public static bool IsZero(JsonNode value) => value switch
    {
        JsonObject map => map.Count == 0,
        JsonArray array => array.Count == 0,
        _ => value.GetValueKind() switch
        {
            JsonValueKind.String => value.GetValue<string>().Length == 0,
            JsonValueKind.False => true,
            JsonValueKind.Number => value.ToJsonString() is "0",
            _ => false,
        },
    };

    private static JsonNode? Message(ReadOnlySpan<byte> bytes, string type) => type switch
    {
        "Time" => Time(bytes, "yyyy-MM-dd'T'HH:mm:ss'Z'"),
        "MicroTime" => Time(bytes, "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'"),
        "Quantity" => JsonValue.Create(TextField(bytes, 1)),
        "IntOrString" => IntOrString(bytes),
        "Json" => Json(bytes),
        _ => throw new ProtobufFormatException($"the protobuf table names an unknown type {type}"),
    };

    private static bool Expect(WireType found, WireType wanted) =>
        found == wanted ? true : throw new ProtobufFormatException($"a protobuf field has wire type {(int)found} instead of {(int)wanted}");

    private static JsonNode? Time(ReadOnlySpan<byte> bytes, string format)
    {
        var numbers = Numbers(bytes);
        if (numbers.Count == 0)
        {
            return null;
        }

        var (seconds, nanos) = (numbers.GetValueOrDefault(1), numbers.GetValueOrDefault(2));
        try
        {
            var time = DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(nanos / 100);
            return JsonValue.Create(time.UtcDateTime.ToString(format, CultureInfo.InvariantCulture));
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new ProtobufFormatException("a time lies outside the years 1 to 9999");
        }
    }

    private static JsonValue IntOrString(ReadOnlySpan<byte> bytes)
    {
        var numbers = Numbers(bytes);
        return numbers.GetValueOrDefault(1) == 1 ? JsonValue.Create(TextField(bytes, 3)) : JsonValue.Create((int)numbers.GetValueOrDefault(2));
    }

    private static JsonNode? Json(ReadOnlySpan<byte> bytes)
    {
        var text = TextField(bytes, 1);
        try
        {
            return text.Length == 0 ? null : JsonNode.Parse(text);
        }
        catch (JsonException e)
        {
            throw new ProtobufFormatException($"embedded JSON is malformed: {e.Message}");
        }
    }

    private static Dictionary<int, long> Numbers(ReadOnlySpan<byte> bytes)
    {
        var numbers = new Dictionary<int, long>();
        for (var reader = new WireReader(bytes); !reader.AtEnd;)
        {
            var (number, wire) = reader.Tag();
            if (wire == WireType.Varint)
            {
                numbers[number] = unchecked((long)reader.Varint());
            }
            else
            {
                reader.Skip(wire);
            }
        }

        return numbers;
    }

    private static string TextField(ReadOnlySpan<byte> bytes, int wanted)
    {
        var text = "";
        for (var reader = new WireReader(bytes); !reader.AtEnd;)
        {
            var (number, wire) = reader.Tag();
            if (number == wanted && wire == WireType.Bytes)
            {
                text = reader.Text();
            }
            else
            {
                reader.Skip(wire);
            }
        }

        return text;
    }
}
