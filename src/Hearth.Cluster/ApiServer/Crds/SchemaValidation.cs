using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Hearth.Cluster.ApiServer.Core;

namespace Hearth.Cluster.ApiServer.Crds;

/// <summary>Checks custom resources against their schema, in the words of kube-openapi's validator.</summary>
internal static class SchemaValidation
{
    public static void Validate(StructuralSchema schema, JsonNode? node, string path, FieldErrors errors)
    {
        if (node is null)
        {
            return;
        }

        if (!HasType(schema, node))
        {
            var kind = KindName(node);
            errors.Add(path, "FieldValueTypeInvalid", $"Invalid value: \"{kind}\": {path} in body must be of type {schema.Type}: \"{kind}\"");
            return;
        }

        CheckEnum(schema, node, path, errors);
        switch (node)
        {
            case JsonObject tree:
                CheckObject(schema, tree, path, errors);
                break;
            case JsonArray array:
                CheckArray(schema, array, path, errors);
                break;
            default:
                CheckScalar(schema, node, path, errors);
                break;
        }

        CheckParts(schema, node, path, errors);
    }

    private static void CheckObject(StructuralSchema schema, JsonObject tree, string path, FieldErrors errors)
    {
        foreach (var name in schema.Required)
        {
            if (!tree.ContainsKey(name))
            {
                errors.Required(Join(path, name));
            }
        }

        var limits = schema.Limits;
        if (tree.Count < limits.MinProperties)
        {
            errors.Invalid(path, JsonValue.Create(tree.Count), $"{path} in body should have at least {limits.MinProperties} properties");
        }

        if (tree.Count > limits.MaxProperties)
        {
            errors.Add(path, "FieldValueTooMany", $"Too many: {tree.Count}: must have at most {limits.MaxProperties} items");
        }

        foreach (var (name, value) in tree)
        {
            if (schema.Member(name) is { } member)
            {
                Validate(member, value, Join(path, name), errors);
            }
        }
    }

    private static void CheckArray(StructuralSchema schema, JsonArray array, string path, FieldErrors errors)
    {
        var limits = schema.Limits;
        if (array.Count < limits.MinItems)
        {
            errors.Invalid(path, JsonValue.Create(array.Count), $"{path} in body should have at least {limits.MinItems} items");
        }

        if (limits.MaxItems is { } most && array.Count > most)
        {
            errors.TooMany(path, array.Count, (int)most);
        }

        CheckDistinct(schema, array, path, errors);
        for (var i = 0; i < array.Count && schema.Items is not null; i++)
        {
            Validate(schema.Items, array[i], $"{path}[{i}]", errors);
        }
    }

    private static void CheckDistinct(StructuralSchema schema, JsonArray array, string path, FieldErrors errors)
    {
        var keyed = schema.MapKeys.Count > 0;
        if (!keyed && !schema.IsSet && !schema.Limits.UniqueItems)
        {
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < array.Count; i++)
        {
            var key = keyed && array[i] is JsonObject item
                ? string.Join(',', schema.MapKeys.Select(k => $"\"{k}\":{(item[k] ?? schema.Items?.Member(k)?.DefaultValue)?.ToJsonString() ?? "null"}"))
                : array[i]?.ToJsonString() ?? "null";
            if (!seen.Add(key))
            {
                errors.Add($"{path}[{i}]", "FieldValueDuplicate", $"Duplicate value: {(keyed ? $"map[string]interface {{}}{{{key}}}" : key)}");
            }
        }
    }

    private static void CheckScalar(StructuralSchema schema, JsonNode node, string path, FieldErrors errors)
    {
        if (JsonTree.Text(node) is { } text)
        {
            CheckText(schema, text, path, errors);
        }
        else if (SchemaLimits.Real(node) is { } number)
        {
            CheckNumber(schema.Limits, node, number, path, errors);
        }
    }

    private static void CheckText(StructuralSchema schema, string text, string path, FieldErrors errors)
    {
        var length = new StringInfo(text).LengthInTextElements;
        if (length < schema.Limits.MinLength)
        {
            errors.Invalid(path, text, $"{path} in body should be at least {schema.Limits.MinLength} chars long");
        }

        if (schema.Limits.MaxLength is { } most && length > most)
        {
            errors.TooLong(path, (int)most);
        }

        if (schema.Pattern is { } pattern && !Matches(pattern.Expression, text))
        {
            errors.Invalid(path, text, $"{path} in body should match '{pattern.Text}'");
        }

        if (schema.Format == "date-time" && !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _))
        {
            errors.Invalid(path, text, $"{path} in body must be of type date-time: \"{text}\"");
        }
    }

    private static void CheckNumber(SchemaLimits limits, JsonNode node, double number, string path, FieldErrors errors)
    {
        if (limits.Minimum is { } least && (limits.ExclusiveMinimum ? number <= least : number < least))
        {
            errors.Invalid(path, node, $"{path} in body should be greater than {(limits.ExclusiveMinimum ? "" : "or equal to ")}{least.ToString(CultureInfo.InvariantCulture)}");
        }

        if (limits.Maximum is { } most && (limits.ExclusiveMaximum ? number >= most : number > most))
        {
            errors.Invalid(path, node, $"{path} in body should be less than {(limits.ExclusiveMaximum ? "" : "or equal to ")}{most.ToString(CultureInfo.InvariantCulture)}");
        }

        if (limits.MultipleOf is { } factor && factor > 0 && Math.Abs(Math.IEEERemainder(number, factor)) > 1e-9)
        {
            errors.Invalid(path, node, $"{path} in body should be a multiple of {factor.ToString(CultureInfo.InvariantCulture)}");
        }
    }

    private static void CheckEnum(StructuralSchema schema, JsonNode node, string path, FieldErrors errors)
    {
        if (schema.Enum is { } values && !values.Any(v => JsonNode.DeepEquals(v, node)))
        {
            errors.NotSupported(path, JsonTree.Scalar(node), values.Select(v => JsonTree.Scalar(v) ?? "null"));
        }
    }

    private static void CheckParts(StructuralSchema schema, JsonNode node, string path, FieldErrors errors)
    {
        foreach (var part in schema.AllOf)
        {
            Validate(part, node, path, errors);
        }

        if (schema.AnyOf.Count > 0 && !schema.AnyOf.Any(p => Fits(p, node)))
        {
            errors.Add(path, "FieldValueInvalid", $"Invalid value: \"{KindName(node)}\": {path} in body must validate at least one schema (anyOf)");
        }

        if (schema.OneOf.Count > 0 && schema.OneOf.Count(p => Fits(p, node)) != 1)
        {
            errors.Add(path, "FieldValueInvalid", $"Invalid value: \"{KindName(node)}\": {path} in body must validate one and only one schema (oneOf)");
        }

        if (schema.Not is { } not && Fits(not, node))
        {
            errors.Add(path, "FieldValueInvalid", $"Invalid value: \"{KindName(node)}\": {path} in body must not validate the schema (not)");
        }
    }

    private static bool Fits(StructuralSchema schema, JsonNode node)
    {
        var errors = new FieldErrors();
        Validate(schema, node, "", errors);
        return !errors.Any;
    }

    private static bool Matches(Regex expression, string text)
    {
        try
        {
            return expression.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private static bool HasType(StructuralSchema schema, JsonNode node)
    {
        var kind = node.GetValueKind();
        if (schema.IntOrString)
        {
            return kind is JsonValueKind.String || (kind is JsonValueKind.Number && JsonTree.Number(node) is not null);
        }

        return schema.Type switch
        {
            "object" => kind == JsonValueKind.Object,
            "array" => kind == JsonValueKind.Array,
            "string" => kind == JsonValueKind.String,
            "boolean" => kind is JsonValueKind.True or JsonValueKind.False,
            "integer" => kind == JsonValueKind.Number && JsonTree.Number(node) is not null,
            "number" => kind == JsonValueKind.Number,
            _ => true,
        };
    }

    private static string KindName(JsonNode node) => node.GetValueKind() switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => JsonTree.Number(node) is null ? "number" : "integer",
        _ => "boolean",
    };

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
