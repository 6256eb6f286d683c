using System.Text.Json.Nodes;

namespace Hearth.Scheduling.Karpenter.Validation;

/// <summary>A rule that an object breaks.</summary>
/// <param name="Field">Path of the field, for example <c>spec.template.spec.requirements</c>.</param>
/// <param name="Shown">How the API server shows the value: the name of its type.</param>
/// <param name="Message">Upstream's sentence.</param>
public sealed record FieldProblem(string Field, string Shown, string Message);

/// <summary>
/// The rules that the definitions of Karpenter's v1 kinds carry as CEL expressions (kubernetes-sigs/karpenter, pkg/apis/v1; aws/karpenter-provider-aws, pkg/apis/v1),
/// with their sentences.
/// </summary>
public static class KarpenterRules
{
    /// <summary>What is wrong with an object; nothing for kinds and versions that have no rules.</summary>
    /// <param name="kind">NodePool, NodeClaim or EC2NodeClass.</param>
    /// <param name="version">Only <c>v1</c> is looked at.</param>
    /// <param name="body">The object, of the right structure.</param>
    /// <param name="old">What it was before, or null when it is new.</param>
    public static IEnumerable<FieldProblem> Of(string kind, string version, JsonObject body, JsonObject? old) => (kind, version, body["spec"]) switch
    {
        ("NodePool", "v1", JsonObject spec) => NodePoolRules.Of(spec, old?["spec"] as JsonObject),
        ("NodeClaim", "v1", JsonObject spec) => NodeClaimRules.Of(spec, old?["spec"] as JsonObject),
        ("EC2NodeClass", "v1", JsonObject spec) => NodeClassRules.Of(spec, old?["spec"] as JsonObject),
        _ => [],
    };

    internal static IEnumerable<JsonObject> Objects(this JsonObject from, string key) => (from[key] as JsonArray ?? []).OfType<JsonObject>();

    internal static string? Text(this JsonObject from, string key) => from[key] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    internal static IReadOnlyList<string> Texts(this JsonObject from, string key) =>
        [.. (from[key] as JsonArray ?? []).OfType<JsonValue>().Select(v => v.TryGetValue<string>(out var text) ? text : null).OfType<string>()];

    internal static FieldProblem OfObject(string field, string message) => new(field, "\"object\"", message);

    internal static FieldProblem OfArray(string field, string message) => new(field, "\"array\"", message);

    internal static FieldProblem OfString(string field, string message) => new(field, "\"string\"", message);
}
