using System.Text.Json.Nodes;
using Hearth.Platform.Yaml;

namespace Hearth.Platform.Schema;

/// <summary>
/// What a value of a declaration looks like: how it is read from YAML, checked, written back, and described.
/// The tables of <c>Fields/</c> are made of shapes; parser, writer, JSON Schema and reference page all come from them.
/// </summary>
internal abstract class Shape<T>
{
    /// <summary>For the reference page: <c>text</c>, <c>list of Team</c>.</summary>
    public abstract string TypeName { get; }

    /// <summary>
    /// Reads the node over <paramref name="start"/> (an object keeps the fields the node leaves out). On a wrong type, notes the fault and returns
    /// <paramref name="start"/>.
    /// </summary>
    public abstract T Read(YamlNode node, string path, ReadContext context, T start);

    /// <summary>Notes every value that is out of its range; works on values from anywhere.</summary>
    public abstract void Check(T value, string path, Faults faults);

    public abstract JsonNode? Write(T value);

    /// <summary>True for what leaving the field out also gives.</summary>
    public abstract bool IsEmpty(T value);

    /// <summary>JSON Schema of the value.</summary>
    public abstract JsonObject Describe(Definitions definitions);

    /// <summary>Notes that the node is of another kind than wanted.</summary>
    protected static void WrongType(YamlNode node, string path, ReadContext context, string wanted) =>
        context.Fault(path, $"expected {wanted}, found {node.Kind}", node.Position);
}

/// <summary>The named object types met while describing: the schema's <c>$defs</c> and the reference page's sections.</summary>
internal sealed class Definitions
{
    private readonly Dictionary<string, JsonObject?> _schemas = new(StringComparer.Ordinal);
    private readonly List<IObjectShape> _shapes = [];

    /// <summary>In the order of first mention.</summary>
    public IReadOnlyList<IObjectShape> Shapes => _shapes;

    /// <summary>A reference to the object's schema, which is made on first use.</summary>
    public JsonObject Refer(IObjectShape shape)
    {
        if (_schemas.TryAdd(shape.Name, null))
        {
            _shapes.Add(shape);
            _schemas[shape.Name] = shape.DescribeBody(this);
        }

        return new JsonObject { ["$ref"] = $"#/$defs/{shape.Name}" };
    }

    public JsonObject Write()
    {
        var all = new JsonObject();
        foreach (var shape in _shapes)
        {
            all[shape.Name] = _schemas[shape.Name]!.DeepClone();
        }

        return all;
    }
}
