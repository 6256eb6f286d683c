using System.Text.Json.Nodes;

namespace Hearth.Cluster.ApiServer.Core;

/// <summary>What is wrong with an object, field by field, in the words of Kubernetes (apimachinery <c>util/validation/field</c>).</summary>
internal sealed class FieldErrors
{
    private readonly List<(string Field, string Reason, string Text)> _errors = [];

    public bool Any => _errors.Count > 0;

    public void Required(string field, string detail = "") => Add(field, "FieldValueRequired", "Required value" + Suffix(detail));

    public void Invalid(string field, JsonNode? value, string detail) => Add(field, "FieldValueInvalid", $"Invalid value: {Show(value)}{Suffix(detail)}");

    public void Invalid(string field, string? value, string detail) => Add(field, "FieldValueInvalid", $"Invalid value: \"{value}\"{Suffix(detail)}");

    /// <summary>As upstream shows a structured value: by the name of its type.</summary>
    public void InvalidType(string field, string shown, string detail) => Add(field, "FieldValueTypeInvalid", $"Invalid value: {shown}{Suffix(detail)}");

    public void NotSupported(string field, string? value, params IEnumerable<string> supported) =>
        Add(field, "FieldValueNotSupported", $"Unsupported value: \"{value}\": supported values: {string.Join(", ", supported.Select(s => $"\"{s}\""))}");

    public void Forbidden(string field, string detail) => Add(field, "FieldValueForbidden", "Forbidden" + Suffix(detail));

    public void Duplicate(string field, string value) => Add(field, "FieldValueDuplicate", $"Duplicate value: \"{value}\"");

    public void NotFound(string field, string value) => Add(field, "FieldValueNotFound", $"Not found: \"{value}\"");

    public void TooLong(string field, int max) => Add(field, "FieldValueTooLong", $"Too long: may not be more than {max} bytes");

    public void TooMany(string field, int count, int max) => Add(field, "FieldValueTooMany", $"Too many: {count}: must have at most {max} items");

    public void Add(string field, string reason, string text) => _errors.Add((field, reason, text));

    /// <summary><c>f: Required value</c>, or several in brackets.</summary>
    public string Summary()
    {
        var all = _errors.Select(e => $"{e.Field}: {e.Text}").Distinct(StringComparer.Ordinal).ToList();
        return all.Count == 1 ? all[0] : $"[{string.Join(", ", all)}]";
    }

    /// <summary><c>details.causes</c>.</summary>
    public JsonArray Causes() => new([.. _errors.Select(e => (JsonNode)ApiErrors.Cause(e.Reason, e.Text, e.Field))]);

    private static string Suffix(string detail) => detail.Length == 0 ? "" : ": " + detail;

    private static string Show(JsonNode? value) => value is null ? "null" : value.ToJsonString();
}
