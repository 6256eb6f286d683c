using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Registry;
using Hearth.Kube.Objects;
using Hearth.Kube.Schema;

namespace Hearth.Cluster.ApiServer.OpenApi;

/// <summary>
/// The OpenAPI 3 document of one group version: paths that say what may be patched and validated, and the schemas behind <c>kubectl explain</c>.
/// Request bodies are left out on purpose: with them newer kubectls compute apply patches from the schemas, which have to be complete then.
/// </summary>
internal sealed class OpenApiDocument(ResourceCatalog.Snapshot snapshot, string group, string version)
{
    private readonly JsonObject _schemas = [];

    public JsonObject Build()
    {
        var paths = new JsonObject();
        foreach (var definition in snapshot.Definitions.Where(d => d.Type.Group == group && d.Type.Version == version))
        {
            var schema = AddSchema(definition);
            paths[definition.Type.CollectionPath(definition.Type.Namespaced ? "{namespace}" : null)] = Operations(definition, schema, "post");
            paths[definition.Type.CollectionPath(definition.Type.Namespaced ? "{namespace}" : null) + "/{name}"] = Operations(definition, schema, "get", "put", "patch", "delete");
        }

        return new JsonObject
        {
            ["openapi"] = "3.0.0",
            ["info"] = new JsonObject { ["title"] = "Kubernetes", ["version"] = "v1" },
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = _schemas },
        };
    }

    private static JsonObject Operations(ResourceDefinition definition, string schema, params ReadOnlySpan<string> methods)
    {
        var item = new JsonObject();
        foreach (var method in methods)
        {
            item[method] = new JsonObject
            {
                ["x-kubernetes-action"] = method,
                ["x-kubernetes-group-version-kind"] = Kind(definition.Type),
                ["parameters"] = new JsonArray(Parameter("dryRun"), Parameter("fieldManager"), Parameter("fieldValidation")),
                ["responses"] = new JsonObject
                {
                    ["200"] = new JsonObject
                    {
                        ["description"] = "OK",
                        ["content"] = new JsonObject
                        {
                            ["application/json"] = new JsonObject { ["schema"] = new JsonObject { ["$ref"] = $"#/components/schemas/{schema}" } },
                        },
                    },
                },
            };
        }

        return item;
    }

    private static JsonObject Parameter(string name) => new()
    {
        ["name"] = name,
        ["in"] = "query",
        ["schema"] = new JsonObject { ["type"] = "string", ["uniqueItems"] = true },
    };

    private static JsonObject Kind(ResourceType type) => new() { ["group"] = type.Group, ["version"] = type.Version, ["kind"] = type.Kind };

    private string AddSchema(ResourceDefinition definition)
    {
        var name = $"{(group.Length == 0 ? "core" : group)}.{version}.{definition.Type.Kind}";
        if (_schemas.ContainsKey(name))
        {
            return name;
        }

        var schema = definition.OpenApiSchema?.DeepClone().AsObject()
            ?? new BuiltInSchemas(_schemas).Of(ApiTypes.BuiltIn.FindKind(definition.Type.ApiVersion, definition.Type.Kind));
        schema["x-kubernetes-group-version-kind"] = new JsonArray(Kind(definition.Type));
        var properties = schema.Ensure("properties");
        properties.SetDefault("apiVersion", Text("The version of this representation of the object: group and version."));
        properties.SetDefault("kind", Text("The kind of the object."));
        properties["metadata"] = new JsonObject
        {
            ["description"] = "Standard metadata: name, namespace, labels, annotations, owners.",
            ["allOf"] = new JsonArray(new JsonObject { ["$ref"] = "#/components/schemas/" + new BuiltInSchemas(_schemas).Reference("meta/v1.ObjectMeta") }),
        };
        _schemas[name] = schema;
        return name;
    }

    private static JsonObject Text(string description) => new() { ["description"] = description, ["type"] = "string" };
}
