using System.Text;
using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Registry;

namespace Hearth.Cluster.ApiServer.Kinds;

/// <summary>ConfigMaps and Secrets.</summary>
internal static class ConfigurationRules
{
    private const int MaxBytes = 1 << 20;

    public static ResourceStrategy ConfigMap { get; } = new()
    {
        Validate = (tree, errors) =>
        {
            CheckKeys(tree, "data", errors);
            CheckKeys(tree, "binaryData", errors);
            CheckBase64(tree, "binaryData", errors);
            CheckSize(tree, "", errors, "data", "binaryData");
            foreach (var (key, _) in tree.Obj("binaryData") ?? [])
            {
                if (tree.Obj("data")?.ContainsKey(key) == true)
                {
                    errors.Invalid($"data[{key}]", key, "duplicate of key present in binaryData");
                }
            }
        },
        ValidateUpdate = (tree, old, errors) => CheckImmutable(tree, old, errors, "data", "binaryData"),
    };

    public static ResourceStrategy Secret { get; } = new()
    {
        Default = FoldStringData,
        Validate = (tree, errors) =>
        {
            CheckKeys(tree, "data", errors);
            CheckBase64(tree, "data", errors);
            CheckSize(tree, "data", errors, "data");
        },
        ValidateUpdate = (tree, old, errors) =>
        {
            if (!string.Equals(tree.Str("type"), old.Str("type"), StringComparison.Ordinal))
            {
                errors.Invalid("type", tree.Str("type"), "field is immutable");
            }

            CheckImmutable(tree, old, errors, "data");
        },
    };

    /// <summary>Type Opaque; <c>stringData</c> is write-only and ends up in <c>data</c>.</summary>
    private static void FoldStringData(JsonObject tree)
    {
        tree.SetDefaultText("type", "Opaque");
        if (tree.Obj("stringData") is not { } plain)
        {
            return;
        }

        var data = tree.Ensure("data");
        foreach (var (key, value) in plain)
        {
            data[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(JsonTree.Text(value) ?? ""));
        }

        tree.Remove("stringData");
    }

    private static void CheckKeys(JsonObject tree, string member, FieldErrors errors)
    {
        foreach (var (key, value) in tree.Obj(member) ?? [])
        {
            if (key.Length is 0 or > 253 || key is "." or ".." || !key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            {
                errors.Invalid($"{member}[{key}]", key, "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')");
            }

            if (JsonTree.Text(value) is null)
            {
                throw ApiErrors.BadRequest($"{tree.Str("kind")} in version \"v1\" cannot be handled as a {tree.Str("kind")}: json: cannot unmarshal {KindOf(value)} into Go struct field {tree.Str("kind")}.{member} of type string");
            }
        }
    }

    private static string KindOf(JsonNode? value) => value?.GetValueKind() switch
    {
        System.Text.Json.JsonValueKind.Number => "number",
        System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False => "bool",
        System.Text.Json.JsonValueKind.Array => "array",
        _ => "object",
    };

    private static void CheckBase64(JsonObject tree, string member, FieldErrors errors)
    {
        foreach (var (key, value) in tree.Obj(member) ?? [])
        {
            if (JsonTree.Text(value) is { } text && !System.Buffers.Text.Base64.IsValid(text))
            {
                throw ApiErrors.BadRequest($"{tree.Str("kind")} in version \"v1\" cannot be handled as a {tree.Str("kind")}: {member}[{key}] is not base64 data");
            }
        }
    }

    private static void CheckSize(JsonObject tree, string field, FieldErrors errors, params ReadOnlySpan<string> members)
    {
        long total = 0;
        foreach (var member in members)
        {
            foreach (var (_, value) in tree.Obj(member) ?? [])
            {
                total += JsonTree.Text(value)?.Length ?? 0;
            }
        }

        if (total > MaxBytes)
        {
            errors.TooLong(field, MaxBytes);
        }
    }

    private static void CheckImmutable(JsonObject tree, JsonObject old, FieldErrors errors, params ReadOnlySpan<string> members)
    {
        if (old.Bool("immutable") != true)
        {
            return;
        }

        if (tree.Bool("immutable") != true)
        {
            errors.Forbidden("immutable", "field is immutable when `immutable` is set");
        }

        foreach (var member in members)
        {
            if (!JsonTree.Same(tree[member], old[member]))
            {
                errors.Forbidden(member, "field is immutable when `immutable` is set");
            }
        }
    }
}
