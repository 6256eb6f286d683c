using System.Globalization;
using System.Text.Json.Nodes;
using Hearth.Kube.Schema;

namespace Hearth.Kube.Patches;

/// <summary>What is known of one value: how it merges. The base knows nothing: objects merge, lists are one value.</summary>
internal class Shape
{
    public static Shape Unknown { get; } = new();

    /// <summary>Server-side apply treats the object as one value.</summary>
    public virtual bool IsAtomic => false;

    /// <summary>Server-side apply's view of a list.</summary>
    public virtual ListTopology Topology => ListTopology.Atomic;

    /// <summary>Key fields of a list's items.</summary>
    public virtual IReadOnlyList<string> Keys => [];

    /// <summary>Strategic merge patch merges the list.</summary>
    public virtual bool Merges => false;

    /// <summary>Strategic merge patch's key; null for scalars.</summary>
    public virtual string? MergeKey => null;

    /// <summary>Of a list's items.</summary>
    public virtual Shape Item => Unknown;

    /// <summary>Of an object's member.</summary>
    public virtual Shape Member(string name) => Unknown;

    /// <summary>What an absent key field of an item stands for.</summary>
    public virtual JsonNode? DefaultOf(string member) => null;
}

/// <summary>An object of a built-in type.</summary>
internal sealed class TypeShape(ApiType type) : Shape
{
    public override bool IsAtomic => type.IsAtomic;

    public override Shape Member(string name) => type.Find(name) is { } field ? new FieldOfTypeShape(field) : Unknown;

    public override JsonNode? DefaultOf(string member) => type.Find(member) switch
    {
        { Default: { } text, ElementType: "int32" or "int64" } => JsonValue.Create(long.Parse(text, CultureInfo.InvariantCulture)),
        { Default: { } text } => JsonValue.Create(text),
        _ => null,
    };
}

/// <summary>The value of a field of a built-in type.</summary>
internal sealed class FieldOfTypeShape(ApiField declared) : Shape
{
    public override bool IsAtomic => declared.IsAtomic ?? (declared.Shape == FieldShape.One && declared.Type is { IsAtomic: true });

    public override ListTopology Topology => declared.Shape == FieldShape.List ? declared.Topology : ListTopology.Atomic;

    public override IReadOnlyList<string> Keys => declared.MapKeys;

    public override bool Merges => declared.Merges;

    public override string? MergeKey => declared.MergeKey;

    public override Shape Item => Element;

    private Shape Element => declared.Type is { } type ? new TypeShape(type) : Unknown;

    public override Shape Member(string name) => declared.Shape switch
    {
        FieldShape.One => Element.Member(name),
        FieldShape.Map => Element,
        _ => Unknown,
    };
}

/// <summary>A value of a custom resource by its OpenAPI schema; its metadata is the built-in ObjectMeta.</summary>
internal sealed class CustomResourceShape(JsonObject schema, bool isRoot = true) : Shape
{
    public override bool IsAtomic => Text("x-kubernetes-map-type") == "atomic";

    public override ListTopology Topology => Text("x-kubernetes-list-type") switch
    {
        "map" => ListTopology.Map,
        "set" => ListTopology.Set,
        _ => ListTopology.Atomic,
    };

    public override IReadOnlyList<string> Keys => schema["x-kubernetes-list-map-keys"] is JsonArray keys
        ? keys.Select(key => key?.ToString() ?? "").ToList()
        : [];

    public override Shape Item => Of(schema["items"]);

    public override Shape Member(string name)
    {
        if (isRoot && name == "metadata")
        {
            return new TypeShape(ApiTypes.BuiltIn.FindType("meta/v1.ObjectMeta")!);
        }

        return Of((schema["properties"] as JsonObject)?[name] ?? schema["additionalProperties"]);
    }

    public override JsonNode? DefaultOf(string member) => (schema["properties"] as JsonObject)?[member]?["default"];

    private static Shape Of(JsonNode? node) => node is JsonObject found ? new CustomResourceShape(found, isRoot: false) : Unknown;

    private string? Text(string extension) => schema[extension]?.ToString();
}
