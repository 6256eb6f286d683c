using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Hearth.Cluster.ApiServer.Core;

namespace Hearth.Cluster.ApiServer.Crds;

/// <summary>A schema of a custom resource (openAPIV3Schema), read once: what may be there, what is filled in, what is checked.</summary>
internal sealed class StructuralSchema
{
    private static readonly TimeSpan PatternPatience = TimeSpan.FromSeconds(1);
    private static readonly StructuralSchema Open = new([], root: false);

    private StructuralSchema(JsonObject tree, bool root)
    {
        Type = tree.Str("type");
        Nullable = tree.Bool("nullable") == true;
        IntOrString = tree.Bool("x-kubernetes-int-or-string") == true;
        Preserves = tree.Bool("x-kubernetes-preserve-unknown-fields") == true || tree.Bool("additionalProperties") == true;
        IsResource = root || tree.Bool("x-kubernetes-embedded-resource") == true;
        DefaultValue = tree["default"]?.DeepClone();
        Properties = (tree.Obj("properties") ?? []).Where(p => p.Value is JsonObject).ToDictionary(p => p.Key, p => new StructuralSchema((JsonObject)p.Value!, root: false), StringComparer.Ordinal);
        Additional = tree.Obj("additionalProperties") is { } additional ? new StructuralSchema(additional, root: false) : null;
        Items = tree.Obj("items") is { } items ? new StructuralSchema(items, root: false) : null;
        Required = tree.Strings("required");
        Enum = tree.Arr("enum") is { } values ? [.. values.Select(v => v?.DeepClone())] : null;
        Pattern = tree.Str("pattern") is { } pattern ? (pattern, Compile(pattern)) : null;
        Format = tree.Str("format");
        Limits = SchemaLimits.Read(tree);
        MapKeys = tree.Str("x-kubernetes-list-type") == "map" ? tree.Strings("x-kubernetes-list-map-keys") : [];
        IsSet = tree.Str("x-kubernetes-list-type") == "set";
        AllOf = Parts(tree, "allOf");
        AnyOf = Parts(tree, "anyOf");
        OneOf = Parts(tree, "oneOf");
        Not = tree.Obj("not") is { } not ? new StructuralSchema(not, root: false) : null;
        HasRules = tree.Arr("x-kubernetes-validations") is { Count: > 0 }
            || Properties.Values.Any(p => p.HasRules) || Items?.HasRules == true || Additional?.HasRules == true;
    }

    public string? Type { get; }

    public bool Nullable { get; }

    public bool IntOrString { get; }

    /// <summary>Unknown members stay.</summary>
    public bool Preserves { get; }

    /// <summary>kind, apiVersion and metadata belong to it whatever the schema says.</summary>
    public bool IsResource { get; }

    public JsonNode? DefaultValue { get; }

    public IReadOnlyDictionary<string, StructuralSchema> Properties { get; }

    public StructuralSchema? Additional { get; }

    public StructuralSchema? Items { get; }

    public IReadOnlyList<string> Required { get; }

    public IReadOnlyList<JsonNode?>? Enum { get; }

    public (string Text, Regex Expression)? Pattern { get; }

    public string? Format { get; }

    public SchemaLimits Limits { get; }

    public IReadOnlyList<string> MapKeys { get; }

    public bool IsSet { get; }

    public IReadOnlyList<StructuralSchema> AllOf { get; }

    public IReadOnlyList<StructuralSchema> AnyOf { get; }

    public IReadOnlyList<StructuralSchema> OneOf { get; }

    public StructuralSchema? Not { get; }

    /// <summary>It, or something in it, has CEL rules.</summary>
    public bool HasRules { get; }

    /// <exception cref="FormatException">A pattern is not a regular expression.</exception>
    public static StructuralSchema Read(JsonObject openApiV3Schema) => new(openApiV3Schema, root: true);

    /// <summary>The schema of a member; null when the schema knows no such member.</summary>
    public StructuralSchema? Member(string name) => Properties.TryGetValue(name, out var property) ? property : Additional ?? (Preserves ? Open : null);

    private static StructuralSchema[] Parts(JsonObject tree, string name) => [.. tree.Objects(name).Select(p => new StructuralSchema(p, root: false))];

    private static Regex Compile(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, PatternPatience);
        }
        catch (NotSupportedException)
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, PatternPatience);
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"pattern '{pattern}': {e.Message}", e);
        }
    }
}

/// <summary>The numbers of a schema.</summary>
internal sealed record SchemaLimits(
    double? Minimum, bool ExclusiveMinimum, double? Maximum, bool ExclusiveMaximum, double? MultipleOf,
    long? MinLength, long? MaxLength, long? MinItems, long? MaxItems, long? MinProperties, long? MaxProperties, bool UniqueItems)
{
    public static SchemaLimits Read(JsonObject tree) => new(
        Real(tree["minimum"]), tree.Bool("exclusiveMinimum") == true, Real(tree["maximum"]), tree.Bool("exclusiveMaximum") == true, Real(tree["multipleOf"]),
        tree.Int("minLength"), tree.Int("maxLength"), tree.Int("minItems"), tree.Int("maxItems"), tree.Int("minProperties"), tree.Int("maxProperties"),
        tree.Bool("uniqueItems") == true);

    public static double? Real(JsonNode? node) =>
        node?.GetValueKind() == System.Text.Json.JsonValueKind.Number
            ? double.Parse(node.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture)
            : null;
}
