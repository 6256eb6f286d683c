using Hearth.Kube.Core;
using Hearth.Kube.Selectors;
using Hearth.Scheduling.Karpenter;

namespace Hearth.Scheduling.Fit;

/// <summary>One term of node affinity: every expression must hold. A term without any matches no node.</summary>
public sealed class NodeTerm
{
    private readonly SelectorRequirement[] _labels;
    private readonly SelectorRequirement[] _fields;

    private NodeTerm(NodeSelectorTerm? source)
    {
        Source = source ?? new NodeSelectorTerm();
        _labels = [.. (Source.MatchExpressions ?? []).Select(Selectors.Compile)];
        _fields = [.. (Source.MatchFields ?? []).Select(Selectors.Compile)];
    }

    /// <summary>The term as the object carries it.</summary>
    public NodeSelectorTerm Source { get; }

    /// <summary>Whether it looks at fields of the node and not only at labels.</summary>
    public bool HasFields => _fields.Length > 0;

    /// <summary>From an object's term.</summary>
    public static NodeTerm From(NodeSelectorTerm? source) => new(source);

    /// <summary>Whether a node satisfies the term.</summary>
    public bool Matches(string nodeName, IReadOnlyDictionary<string, string> labels)
    {
        if (_labels.Length + _fields.Length == 0)
        {
            return false;
        }

        foreach (var requirement in _labels)
        {
            if (!requirement.Matches(labels))
            {
                return false;
            }
        }

        return _fields.Length == 0 || MatchesFields(nodeName);
    }

    private bool MatchesFields(string nodeName)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["metadata.name"] = nodeName };
        return Array.TrueForAll(_fields, f => f.Matches(fields));
    }
}

/// <summary>A wish of a pod: nodes that match it are better by its weight (1-100).</summary>
public sealed record WeightedNodeTerm(int Weight, NodeTerm Term);

/// <summary>Selectors of objects, ready to be matched.</summary>
internal static class Selectors
{
    public static SelectorRequirement Compile(NodeSelectorRequirement source)
    {
        var key = KarpenterLabels.Normalize(source.Key ?? "");
        var values = source.Values ?? [];
        return source.Operator switch
        {
            "In" => new(key, SelectorOperator.In, values),
            "NotIn" => new(key, SelectorOperator.NotIn, values),
            "Exists" => new(key, SelectorOperator.Exists, []),
            "DoesNotExist" => new(key, SelectorOperator.DoesNotExist, []),
            "Gt" => new(key, SelectorOperator.Gt, values),
            "Lt" => new(key, SelectorOperator.Lt, values),
            _ => new(key, SelectorOperator.In, []), // unknown operators match nothing
        };
    }

    /// <summary>An object's label selector; an absent one matches nothing, an empty one everything.</summary>
    public static LabelSelector? Compile(ObjectSelector? source)
    {
        if (source is null)
        {
            return null;
        }

        var requirements = (source.MatchLabels ?? new Dictionary<string, string>(StringComparer.Ordinal))
            .Select(l => new SelectorRequirement(l.Key, SelectorOperator.In, [l.Value]))
            .Concat((source.MatchExpressions ?? []).Select(Compile));
        return new LabelSelector([.. requirements]);
    }

    /// <summary>Equal for selectors that match the same labels in the same words; the order of requirements and values does not matter.</summary>
    public static string Identity(LabelSelector? selector) => selector is null
        ? "-"
        : string.Join('&', selector.Requirements.Select(r => $"{r.Key} {r.Operator} {string.Join(',', r.Values.Order(StringComparer.Ordinal))}").Order(StringComparer.Ordinal));

    /// <summary>
    /// With what <c>matchLabelKeys</c> and <c>mismatchLabelKeys</c> add: the pod's own values of these labels, or any but them. A key that the pod lacks adds nothing.
    /// </summary>
    public static LabelSelector? Narrow(LabelSelector? selector, IReadOnlyList<string>? match, IReadOnlyList<string>? mismatch, IReadOnlyDictionary<string, string> labels)
    {
        if (selector is null || (match ?? []).Count + (mismatch ?? []).Count == 0)
        {
            return selector;
        }

        var same = (match ?? []).Where(labels.ContainsKey).Select(k => new SelectorRequirement(k, SelectorOperator.In, [labels[k]]));
        var other = (mismatch ?? []).Where(labels.ContainsKey).Select(k => new SelectorRequirement(k, SelectorOperator.NotIn, [labels[k]]));
        return new LabelSelector([.. selector.Requirements, .. same, .. other]);
    }
}
