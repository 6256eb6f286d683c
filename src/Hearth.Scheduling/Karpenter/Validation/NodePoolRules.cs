using System.Globalization;
using System.Text.Json.Nodes;
using static Hearth.Scheduling.Karpenter.Validation.KarpenterRules;

namespace Hearth.Scheduling.Karpenter.Validation;

/// <summary>Rules of NodePools.</summary>
internal static class NodePoolRules
{
    public static IEnumerable<FieldProblem> Of(JsonObject spec, JsonObject? old)
    {
        var template = spec["template"] as JsonObject ?? [];
        var claim = template["spec"] as JsonObject ?? [];
        var labels = template["metadata"]?["labels"] as JsonObject ?? [];
        foreach (var message in labels.Select(l => RequirementRules.Restricted(l.Key)).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            yield return OfObject("spec.template.metadata.labels", message);
        }

        foreach (var problem in RequirementRules.Of(claim, "spec.template.spec.requirements", mayNamePool: false).Concat(Reference(claim, old)))
        {
            yield return problem;
        }

        var budgets = (spec["disruption"] as JsonObject ?? []).Objects("budgets").ToArray();
        if (budgets.Any(b => b["schedule"] is null != b["duration"] is null))
        {
            yield return OfArray("spec.disruption.budgets", "'schedule' must be set with 'duration'");
        }
    }

    private static IEnumerable<FieldProblem> Reference(JsonObject claim, JsonObject? old)
    {
        if (old?["template"]?["spec"]?["nodeClassRef"] is not JsonObject before || claim["nodeClassRef"] is not JsonObject now)
        {
            yield break;
        }

        foreach (var field in (string[])["group", "kind"])
        {
            if (before.Text(field) != now.Text(field))
            {
                yield return OfObject("spec.template.spec.nodeClassRef", $"nodeClassRef.{field} is immutable");
            }
        }
    }
}

/// <summary>Rules of NodeClaims: what was asked for does not change.</summary>
internal static class NodeClaimRules
{
    public static IEnumerable<FieldProblem> Of(JsonObject spec, JsonObject? old) => old is not null && !JsonNode.DeepEquals(spec, old)
        ? [OfObject("spec", "spec is immutable")]
        : RequirementRules.Of(spec, "spec.requirements", mayNamePool: true);
}

/// <summary>Rules of requirements and of the labels that they may name.</summary>
internal static class RequirementRules
{
    private const string Core = "karpenter.sh";
    private const string Aws = "karpenter.k8s.aws";

    /// <summary>Labels of the AWS provider that are no properties of types, and the label that pools made of Provisioners keep for their pods' selectors.</summary>
    private static readonly string[] Others =
    [
        Core + "/provisioner-name", KarpenterLabels.NodeClass, Aws + "/capacity-reservation-id", Aws + "/capacity-reservation-type", Aws + "/capacity-reservation-interruptible",
        Aws + "/placement-group-id", Aws + "/placement-group-partition",
    ];

    public static IEnumerable<FieldProblem> Of(JsonObject spec, string path, bool mayNamePool)
    {
        var all = spec.Objects("requirements").ToArray();
        if (all.Any(r => r.Text("operator") == "In" && r.Texts("values").Count == 0))
        {
            yield return OfArray(path, "requirements with operator 'In' must have a value defined");
        }

        if (all.Any(r => r.Text("operator") is "Gt" or "Lt" or "Gte" or "Lte" && !IsBound(r.Texts("values"))))
        {
            yield return OfArray(path, "requirements operator 'Gt' or 'Lt' must have a single positive integer value");
        }

        if (all.Any(r => r.Text("operator") == "In" && Number(r["minValues"]) > r.Texts("values").Count))
        {
            yield return OfArray(path, "requirements with 'minValues' must have at least that many values specified in the 'values' field");
        }

        for (var i = 0; i < all.Length; i++)
        {
            if (all[i].Text("key") is { } key && !(mayNamePool && key == KarpenterLabels.NodePool) && Restricted(key) is { } message)
            {
                yield return OfString(string.Create(CultureInfo.InvariantCulture, $"{path}[{i}].key"), message);
            }
        }
    }

    /// <summary>Why people may not set a label, or null when they may.</summary>
    public static string? Restricted(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        var domain = slash < 0 ? "" : key[..slash];
        return key switch
        {
            KarpenterLabels.NodePool => "label \"karpenter.sh/nodepool\" is restricted",
            KarpenterLabels.Hostname => "label \"kubernetes.io/hostname\" is restricted",
            KarpenterLabels.CapacityType => null,
            _ when KarpenterLabels.WellKnown.Contains(key) || Others.Contains(key, StringComparer.Ordinal) => null,
            _ when IsWithin(domain, Core) => "label domain \"karpenter.sh\" is restricted",
            _ when IsWithin(domain, Aws) => "label domain \"karpenter.k8s.aws\" is restricted",
            _ => null,
        };
    }

    private static bool IsWithin(string domain, string of) => domain == of || domain.EndsWith("." + of, StringComparison.Ordinal);

    private static bool IsBound(IReadOnlyList<string> values) => values.Count == 1 && long.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static int? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue<int>(out var number) ? number : null;
}
