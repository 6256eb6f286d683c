using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Kube.Selectors;

namespace Hearth.Cluster.ApiServer.Kinds;

/// <summary>Selectors as objects carry them (meta/v1 LabelSelector).</summary>
internal static class SelectorTree
{
    public static LabelSelector Parse(JsonObject? tree)
    {
        var requirements = new List<SelectorRequirement>();
        foreach (var (key, value) in tree.Obj("matchLabels") ?? [])
        {
            requirements.Add(new SelectorRequirement(key, SelectorOperator.In, [JsonTree.Text(value) ?? ""]));
        }

        foreach (var expression in tree.Objects("matchExpressions"))
        {
            var op = expression.Str("operator") switch
            {
                "In" => SelectorOperator.In,
                "NotIn" => SelectorOperator.NotIn,
                "Exists" => SelectorOperator.Exists,
                _ => SelectorOperator.DoesNotExist,
            };
            requirements.Add(new SelectorRequirement(expression.Str("key") ?? "", op, expression.Strings("values")));
        }

        return new LabelSelector(requirements);
    }

    /// <summary>The labels of a metadata tree.</summary>
    public static Dictionary<string, string> Labels(JsonObject? metadata) =>
        (metadata.Obj("labels") ?? []).ToDictionary(l => l.Key, l => JsonTree.Text(l.Value) ?? "", StringComparer.Ordinal);
}
