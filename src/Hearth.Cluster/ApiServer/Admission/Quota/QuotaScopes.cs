using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Kinds;

namespace Hearth.Cluster.ApiServer.Admission.Quota;

/// <summary>Which pods a quota is about.</summary>
internal static class QuotaScopes
{
    /// <summary>Whether an object counts: a quota with scopes is about pods only.</summary>
    public static bool Match(JsonObject? quotaSpec, bool isPod, JsonObject tree)
    {
        var expressions = quotaSpec.Obj("scopeSelector").Objects("matchExpressions").ToList();
        var scopes = quotaSpec.Strings("scopes");
        if (scopes.Count == 0 && expressions.Count == 0)
        {
            return true;
        }

        return isPod && scopes.TrueForAll(s => Has(s, tree)) && expressions.TrueForAll(e => Matches(e, tree));
    }

    private static bool Matches(JsonObject expression, JsonObject pod)
    {
        var scope = expression.Str("scopeName") ?? "";
        if (scope != "PriorityClass")
        {
            return Has(scope, pod);
        }

        var actual = pod.Obj("spec").Str("priorityClassName");
        var values = expression.Strings("values");
        return expression.Str("operator") switch
        {
            "In" => actual is not null && values.Contains(actual, StringComparer.Ordinal),
            "NotIn" => actual is null || !values.Contains(actual, StringComparer.Ordinal),
            "DoesNotExist" => string.IsNullOrEmpty(actual),
            _ => !string.IsNullOrEmpty(actual),
        };
    }

    private static bool Has(string scope, JsonObject pod) => scope switch
    {
        "BestEffort" => QualityOfService.Of(pod.Obj("spec")) == "BestEffort",
        "NotBestEffort" => QualityOfService.Of(pod.Obj("spec")) != "BestEffort",
        "Terminating" => pod.Obj("spec").Int("activeDeadlineSeconds") is not null,
        "NotTerminating" => pod.Obj("spec").Int("activeDeadlineSeconds") is null,
        "PriorityClass" => !string.IsNullOrEmpty(pod.Obj("spec").Str("priorityClassName")),
        _ => false,
    };
}
