using System.Text.Json.Nodes;
using Hearth.Kube.Schema;

namespace Hearth.Cluster.ApiServer.OpenApi;

/// <summary>OpenAPI schemas of the built-in types, from the type tables: names and types of fields.</summary>
internal sealed class BuiltInSchemas(JsonObject schemas)
{
    /// <summary>The schema of a kind; an open object when the tables do not know it.</summary>
    public JsonObject Of(ApiType? type)
    {
        var schema = new JsonObject { ["type"] = "object" };
        if (type is null)
        {
            schema["x-kubernetes-preserve-unknown-fields"] = true;
            return schema;
        }

        var properties = new JsonObject();
        AddFields(properties, type);
        schema["properties"] = properties;
        return schema;
    }

    /// <summary>The name of a structure's schema, which is added with all it refers to.</summary>
    public string Reference(string qualifiedName)
    {
        var name = qualifiedName.Replace('/', '.');
        if (!schemas.ContainsKey(name))
        {
            schemas[name] = null;
            schemas[name] = Of(ApiTypes.BuiltIn.FindType(qualifiedName));
        }

        return name;
    }

    private void AddFields(JsonObject properties, ApiType type)
    {
        foreach (var field in type.Fields)
        {
            if (field.IsInline && field.Type is { } inline)
            {
                AddFields(properties, inline);
            }
            else
            {
                properties[field.Name] = Field(field);
            }
        }
    }

    private JsonObject Field(ApiField field) => field.Shape switch
    {
        FieldShape.List => new JsonObject { ["type"] = "array", ["items"] = Element(field) },
        FieldShape.Map => new JsonObject { ["type"] = "object", ["additionalProperties"] = Element(field) },
        _ => Element(field),
    };

    private JsonObject Element(ApiField field) => field.ElementType switch
    {
        "string" => new JsonObject { ["type"] = "string" },
        "bytes" => new JsonObject { ["type"] = "string", ["format"] = "byte" },
        "bool" => new JsonObject { ["type"] = "boolean" },
        "int32" or "int64" => new JsonObject { ["type"] = "integer", ["format"] = field.ElementType },
        "double" => new JsonObject { ["type"] = "number", ["format"] = "double" },
        "Time" or "MicroTime" => new JsonObject { ["type"] = "string", ["format"] = "date-time" },
        "Duration" or "Quantity" => new JsonObject { ["type"] = "string" },
        "IntOrString" => new JsonObject { ["type"] = "string", ["format"] = "int-or-string" },
        "Json" => new JsonObject { ["type"] = "object" },
        var structure => new JsonObject { ["allOf"] = new JsonArray(new JsonObject { ["$ref"] = "#/components/schemas/" + Reference(structure) }) },
    };
}
