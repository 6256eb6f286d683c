using System.Text;

namespace Hearth.Kube.Selectors;

/// <summary>How one requirement compares a label's value.</summary>
public enum SelectorOperator
{
    /// <summary>The label exists with one of the values.</summary>
    In,

    /// <summary>The label is absent or has none of the values.</summary>
    NotIn,

    /// <summary>The label exists.</summary>
    Exists,

    /// <summary>The label is absent.</summary>
    DoesNotExist,

    /// <summary>The value is an integer above the only value (node affinity).</summary>
    Gt,

    /// <summary>The value is an integer below the only value (node affinity).</summary>
    Lt,
}

/// <summary>One requirement on a label.</summary>
public sealed record SelectorRequirement(string Key, SelectorOperator Operator, IReadOnlyList<string> Values)
{
    /// <summary>Whether labels satisfy this requirement; null labels are no labels.</summary>
    public bool Matches(IReadOnlyDictionary<string, string>? labels)
    {
        var value = labels?.GetValueOrDefault(Key);
        return Operator switch
        {
            SelectorOperator.In => value is not null && Values.Contains(value, StringComparer.Ordinal),
            SelectorOperator.NotIn => value is null || !Values.Contains(value, StringComparer.Ordinal),
            SelectorOperator.Exists => value is not null,
            SelectorOperator.DoesNotExist => value is null,
            SelectorOperator.Gt => Compare(value) > 0,
            SelectorOperator.Lt => Compare(value) < 0,
            _ => false,
        };
    }

    private int Compare(string? value) =>
        long.TryParse(value, out var left) && Values.Count == 1 && long.TryParse(Values[0], out var right) ? left.CompareTo(right) : 0;
}

/// <summary>A conjunction of label requirements, written as <c>a=b,c in (x,y),!d</c>. The empty selector matches everything.</summary>
public sealed record LabelSelector(IReadOnlyList<SelectorRequirement> Requirements)
{
    /// <summary>Matches every object.</summary>
    public static LabelSelector Everything { get; } = new([]);

    /// <summary>Exactly these labels.</summary>
    public static LabelSelector Of(IEnumerable<KeyValuePair<string, string>> labels) =>
        new([.. labels.Select(l => new SelectorRequirement(l.Key, SelectorOperator.In, [l.Value]))]);

    /// <summary>Parses the query form.</summary>
    /// <exception cref="FormatException">Not a selector; the message begins <c>unable to parse requirement</c> as upstream's does.</exception>
    public static LabelSelector Parse(string? text) => string.IsNullOrWhiteSpace(text) ? Everything : new LabelSelectorParser(text).Parse();

    /// <summary>Whether labels satisfy every requirement.</summary>
    public bool Matches(IReadOnlyDictionary<string, string>? labels)
    {
        foreach (var requirement in Requirements)
        {
            if (!requirement.Matches(labels))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The query form, which <see cref="Parse"/> reads back.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var r in Requirements)
        {
            if (text.Length > 0)
            {
                text.Append(',');
            }

            text.Append(r.Operator switch
            {
                SelectorOperator.In when r.Values.Count == 1 => $"{r.Key}={r.Values[0]}",
                SelectorOperator.In => $"{r.Key} in ({string.Join(',', r.Values)})",
                SelectorOperator.NotIn when r.Values.Count == 1 => $"{r.Key}!={r.Values[0]}",
                SelectorOperator.NotIn => $"{r.Key} notin ({string.Join(',', r.Values)})",
                SelectorOperator.Exists => r.Key,
                SelectorOperator.DoesNotExist => "!" + r.Key,
                SelectorOperator.Gt => $"{r.Key}>{r.Values[0]}",
                _ => $"{r.Key}<{r.Values[0]}",
            });
        }

        return text.ToString();
    }
}
