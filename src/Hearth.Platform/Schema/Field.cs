using System.Text.Json.Nodes;
using Hearth.Platform.Yaml;

namespace Hearth.Platform.Schema;

/// <summary>One field of an object of type <typeparamref name="T"/>.</summary>
internal abstract class Field<T>(string name, string doc, bool required)
{
    public string Name { get; } = name;

    /// <summary>One sentence for people.</summary>
    public string Doc { get; } = doc;

    public bool Required { get; } = required;

    public abstract string TypeName { get; }

    public abstract T Read(T target, YamlNode node, string path, ReadContext context);

    /// <summary>Called instead of <see cref="Read"/> when the document does not have the field.</summary>
    public virtual void Absent(string path, YamlPosition parent, ReadContext context)
    {
    }

    public abstract void Check(T target, string path, Faults faults);

    /// <summary>Null when the field may be left out.</summary>
    public abstract JsonNode? Write(T target, T defaults);

    public abstract JsonObject Describe(Definitions definitions, T defaults);

    /// <summary>The value that leaving it out means, as JSON; null when there is none to name.</summary>
    public abstract JsonNode? Default(T defaults);
}

/// <summary>A field that is a property of the record: read through <paramref name="get"/>, changed through <paramref name="with"/>.</summary>
internal sealed class Field<T, TValue>(
    string name, Shape<TValue> shape, Func<T, TValue> get, Func<T, TValue, T> with, string doc, bool required = false)
    : Field<T>(name, doc, required)
{
    public override string TypeName => shape.TypeName;

    public override T Read(T target, YamlNode node, string path, ReadContext context) =>
        with(target, shape.Read(node, path, context, get(target)));

    public override void Check(T target, string path, Faults faults)
    {
        var value = get(target);
        if (Required && shape is not IObjectShape && shape.IsEmpty(value))
        {
            faults.Add(path, $"'{Name}' is required");
            return;
        }

        shape.Check(value, path, faults);
    }

    public override JsonNode? Write(T target, T defaults)
    {
        var value = get(target);
        return shape.IsEmpty(value) && shape.IsEmpty(get(defaults)) ? null : shape.Write(value);
    }

    public override JsonObject Describe(Definitions definitions, T defaults)
    {
        var schema = shape.Describe(definitions);
        schema["description"] = Doc;
        if (!schema.ContainsKey("$ref") && Default(defaults) is { } value)
        {
            schema["default"] = value;
        }

        return schema;
    }

    public override JsonNode? Default(T defaults)
    {
        var value = get(defaults);
        return Required || shape.IsEmpty(value) ? null : shape.Write(value);
    }
}

/// <summary>A field that only ever has one value, as <c>kind: Platform</c>.</summary>
internal sealed class ConstantField<T>(string name, string value, string doc) : Field<T>(name, doc, required: true)
{
    public override string TypeName => $"`{value}`";

    public override T Read(T target, YamlNode node, string path, ReadContext context)
    {
        if (node is not YamlScalar scalar || !string.Equals(scalar.Text, value, StringComparison.Ordinal))
        {
            context.Fault(path, $"expected '{value}', found {node.Kind}", node.Position);
        }

        return target;
    }

    public override void Absent(string path, YamlPosition parent, ReadContext context) =>
        context.Fault(path, $"'{Name}: {value}' is required", parent);

    public override void Check(T target, string path, Faults faults)
    {
    }

    public override JsonNode Write(T target, T defaults) => value;

    public override JsonObject Describe(Definitions definitions, T defaults) => new() { ["const"] = value, ["description"] = Doc };

    public override JsonNode? Default(T defaults) => null;
}
