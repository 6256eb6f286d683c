using System.Globalization;
using System.IO.Compression;
using System.Text.Json.Nodes;

namespace Hearth.Deploy.Tests.Synth;

/// <summary>
/// The CloudFormation resource specification, as npm carries it (<c>@aws-cdk/aws-service-spec</c>): which properties a type has, which it must have, what
/// each is. Newer than the CDK library that writes the templates, so it also finds what has gone since.
/// </summary>
internal sealed class Specification
{
    private readonly Dictionary<string, JsonObject> _resources;
    private readonly Dictionary<string, JsonObject> _types;

    private Specification(JsonNode schema)
    {
        _resources = Entities(schema, "resource").Where(r => r["cloudFormationType"] is not null).GroupBy(r => r["cloudFormationType"]!.ToString()).ToDictionary(g => g.Key, g => g.First());
        _types = Entities(schema, "typeDefinition").ToDictionary(t => t["$id"]!.ToString());
    }

    /// <summary>Null when the package is not installed.</summary>
    public static Specification? Load()
    {
        var file = NodeModules.Find("@aws-cdk/aws-service-spec/db.json.gz");
        if (file is null)
        {
            return null;
        }

        using var packed = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        return new Specification(JsonNode.Parse(packed)!["schema"]!);
    }

    public IEnumerable<string> Faults(Resource resource)
    {
        if (!_resources.TryGetValue(resource.Type, out var type))
        {
            return [$"{resource.Id}: there is no resource type {resource.Type}"];
        }

        return Object(resource.Properties, type["properties"]!.AsObject(), resource.Type).Select(f => $"{resource.File} {resource.Id}: {f}");
    }

    private IEnumerable<string> Object(JsonObject value, JsonObject properties, string path)
    {
        foreach (var (name, property) in properties)
        {
            if (property!["required"]?.GetValue<bool>() == true && !value.ContainsKey(name))
            {
                yield return $"{path}.{name} is required";
            }
        }

        foreach (var (name, child) in value)
        {
            if (properties[name] is not { } property)
            {
                yield return $"{path} has no property {name}";
                continue;
            }

            foreach (var fault in Value(child, property["type"]!, $"{path}.{name}"))
            {
                yield return fault;
            }
        }
    }

    private IEnumerable<string> Value(JsonNode? value, JsonNode type, string path)
    {
        if (IsIntrinsic(value))
        {
            return [];
        }

        return type["type"]!.ToString() switch
        {
            "ref" => value is JsonObject o ? Object(o, _types[type["reference"]!["$ref"]!.ToString()]["properties"]!.AsObject(), path) : [$"{path} must be an object"],
            "array" => value is JsonArray a ? a.SelectMany((v, i) => Value(v, type["element"]!, string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"))) : [$"{path} must be a list"],
            "map" => value is JsonObject m ? m.SelectMany(p => Value(p.Value, type["element"]!, $"{path}.{p.Key}")) : [$"{path} must be a map"],
            "tag" => value is JsonObject t && t.ContainsKey("Key") && t.ContainsKey("Value") ? [] : [$"{path} must be a tag"],
            "boolean" => value is JsonValue b && b.ToString() is "true" or "false" ? [] : [$"{path} must be true or false"],
            "integer" or "number" => value is JsonValue n && double.TryParse(n.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? [] : [$"{path} must be a number"],
            "string" => value is JsonValue ? [] : [$"{path} must be a string"],
            "union" => type["types"]!.AsArray().Any(t => !Value(value, t!, path).Any()) ? [] : [$"{path} is none of its kinds"],
            _ => [],
        };
    }

    private static bool IsIntrinsic(JsonNode? value) => value is JsonObject { Count: 1 } o && o.Single().Key is var key && (key == "Ref" || key.StartsWith("Fn::", StringComparison.Ordinal));

    private static IEnumerable<JsonObject> Entities(JsonNode schema, string table) => schema[table]!["entities"]!.AsArray().Select(e => e!.AsObject());
}

/// <summary>npm packages of this test project.</summary>
internal static class NodeModules
{
    /// <summary>A file below the nearest <c>tests/Hearth.Deploy.Tests/node_modules</c>, or null.</summary>
    public static string? Find(string path)
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var file = Path.Combine(directory.FullName, "node_modules", path);
            if (File.Exists(file))
            {
                return file;
            }
        }

        return null;
    }
}
