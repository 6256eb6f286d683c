using System.Text.Json.Nodes;

namespace Hearth.Cluster.ApiServer.Crds;

/// <summary>Takes out of custom resources what their schema does not know, and puts in what it says by default.</summary>
internal static class SchemaPruning
{
    private static readonly string[] ResourceMembers = ["kind", "apiVersion", "metadata"];

    /// <summary>Removes unknown members; their paths go to <paramref name="unknown"/> when it is not null.</summary>
    public static void Prune(StructuralSchema schema, JsonNode? node, string path, List<string>? unknown, bool dry = false)
    {
        switch (node)
        {
            case JsonObject tree:
                foreach (var (name, value) in tree.ToArray())
                {
                    var here = path.Length == 0 ? name : $"{path}.{name}";
                    if (schema.IsResource && ResourceMembers.Contains(name, StringComparer.Ordinal))
                    {
                        continue;
                    }

                    if (schema.Member(name) is { } member)
                    {
                        Prune(member, value, here, unknown, dry);
                    }
                    else if (!KeepsAll(schema))
                    {
                        unknown?.Add(here);
                        if (!dry)
                        {
                            tree.Remove(name);
                        }
                    }
                }

                break;
            case JsonArray array when schema.Items is { } items:
                for (var i = 0; i < array.Count; i++)
                {
                    Prune(items, array[i], $"{path}[{i}]", unknown, dry);
                }

                break;
            default:
                break;
        }
    }

    /// <summary>Fills in defaults, those of filled-in objects included.</summary>
    public static void Default(StructuralSchema schema, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject tree:
                foreach (var (name, property) in schema.Properties)
                {
                    if (property.DefaultValue is { } value && !tree.ContainsKey(name))
                    {
                        tree[name] = value.DeepClone();
                    }
                }

                foreach (var (name, value) in tree.ToArray())
                {
                    if (schema.Member(name) is { } member)
                    {
                        Default(member, value);
                    }
                }

                break;
            case JsonArray array when schema.Items is { } items:
                foreach (var item in array)
                {
                    Default(items, item);
                }

                break;
            default:
                break;
        }
    }

    /// <summary>A schema without a type says nothing about members, so it keeps them.</summary>
    private static bool KeepsAll(StructuralSchema schema) =>
        schema.Preserves || (schema.Type is null && schema.Properties.Count == 0 && schema.Additional is null && !schema.IsResource);
}
