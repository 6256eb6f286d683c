using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Protocol;

/// <summary>Rows of a command as a plan of the wire form.</summary>
internal static class PlanWriter
{
    public static JsonNode Local(LocalRelation relation)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            writer.WriteStartArray();
            foreach (object?[] row in relation.Rows)
            {
                writer.WriteStartArray();
                foreach (object? value in row)
                {
                    ValueReader.Write(writer, value);
                }

                writer.WriteEndArray();
            }

            writer.WriteEndArray();
        }

        return new JsonObject { ["t"] = "local", ["schema"] = TypeJson.Write(relation.Schema), ["rows"] = JsonNode.Parse(stream.ToArray()) };
    }
}
