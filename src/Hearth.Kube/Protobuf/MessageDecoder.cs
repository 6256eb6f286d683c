using System.Text.Json.Nodes;
using Hearth.Kube.Schema;

namespace Hearth.Kube.Protobuf;

/// <summary>
/// Structures by their tables. Go writes zero values of all fields that are not pointers; JSON leaves them out, and so does this. Fields that the
/// tables do not know are skipped, as protobuf demands.
/// </summary>
internal static class MessageDecoder
{
    private const int MaxDepth = 64;

    public static void ReadInto(JsonObject target, ReadOnlySpan<byte> message, ApiType type, int depth = 0)
    {
        if (depth > MaxDepth)
        {
            throw new ProtobufFormatException($"the protobuf message is nested deeper than {MaxDepth} levels");
        }

        for (var reader = new WireReader(message); !reader.AtEnd;)
        {
            var (number, wire) = reader.Tag();
            if (type.Find(number) is { } field)
            {
                ReadField(target, ref reader, wire, field, depth);
            }
            else
            {
                reader.Skip(wire);
            }
        }
    }

    private static void ReadField(JsonObject target, ref WireReader reader, WireType wire, ApiField field, int depth)
    {
        if (field.IsInline)
        {
            ReadInto(target, reader.Bytes(), field.Type!, depth + 1);
            return;
        }

        switch (field.Shape)
        {
            case FieldShape.List:
                ReadItems(Existing(target, field.Name, () => new JsonArray()), ref reader, wire, field, depth);
                break;
            case FieldShape.Map:
                ReadEntry(Existing(target, field.Name, () => new JsonObject()), reader.Bytes(), field, depth);
                break;
            default:
                var value = ReadValue(ref reader, wire, field, depth);
                if (value is not null && (field.KeepsZero || !ScalarDecoder.IsZero(value)))
                {
                    target[field.Name] = value;
                }

                break;
        }
    }

    private static void ReadItems(JsonArray items, ref WireReader reader, WireType wire, ApiField field, int depth)
    {
        if (wire != WireType.Bytes || field.ElementType is not ("int32" or "int64" or "bool"))
        {
            items.Add(ReadValue(ref reader, wire, field, depth));
            return;
        }

        // Packed numbers: one field with all of them.
        for (var packed = new WireReader(reader.Bytes()); !packed.AtEnd;)
        {
            items.Add(ReadValue(ref packed, WireType.Varint, field, depth));
        }
    }

    private static void ReadEntry(JsonObject map, ReadOnlySpan<byte> entry, ApiField field, int depth)
    {
        var key = "";
        JsonNode? value = null;
        for (var reader = new WireReader(entry); !reader.AtEnd;)
        {
            var (number, wire) = reader.Tag();
            switch (number)
            {
                case 1:
                    key = reader.Text();
                    break;
                case 2:
                    value = ReadValue(ref reader, wire, field, depth);
                    break;
                default:
                    reader.Skip(wire);
                    break;
            }
        }

        map[key] = value ?? (field.ElementType is "string" or "bytes" or "Quantity" ? JsonValue.Create("") : null);
    }

    private static JsonNode? ReadValue(ref WireReader reader, WireType wire, ApiField field, int depth)
    {
        if (field.Type is not { } type)
        {
            return ScalarDecoder.Read(ref reader, wire, field.ElementType);
        }

        if (wire != WireType.Bytes)
        {
            throw new ProtobufFormatException($"the field {field.Name} is not a message");
        }

        var value = new JsonObject();
        ReadInto(value, reader.Bytes(), type, depth + 1);
        return value;
    }

    private static T Existing<T>(JsonObject target, string name, Func<T> create)
        where T : JsonNode
    {
        if (target[name] is T existing)
        {
            return existing;
        }

        var created = create();
        target[name] = created;
        return created;
    }
}
