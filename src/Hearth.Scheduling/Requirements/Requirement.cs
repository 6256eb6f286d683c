using System.Collections.Immutable;
using System.Globalization;
using Hearth.Kube.Core;
using Hearth.Scheduling.Karpenter;

namespace Hearth.Scheduling.Requirements;

/// <summary>
/// The set of values that one label may have: a finite set or the complement of one, cut by integer bounds. This is Karpenter's algebra
/// (kubernetes-sigs/karpenter, pkg/scheduling/requirement.go): In is a set, NotIn a complement, Exists the complement of nothing, DoesNotExist the empty set.
/// </summary>
public sealed class Requirement : IEquatable<Requirement>
{
    private Requirement(string key, ImmutableArray<string> values, bool complement, long? atLeast, long? atMost, int? minValues)
    {
        Key = key;
        Values = values;
        Complement = complement;
        AtLeast = atLeast;
        AtMost = atMost;
        MinValues = minValues;
    }

    /// <summary>Label key, in its present name.</summary>
    public string Key { get; }

    /// <summary>Values in or (<see cref="Complement"/>) not in the set, in ordinal order, without repeats.</summary>
    public ImmutableArray<string> Values { get; }

    /// <summary>Whether <see cref="Values"/> are the ones excluded.</summary>
    public bool Complement { get; }

    /// <summary>Smallest allowed integer, or null. Values that are not integers fail a bound.</summary>
    public long? AtLeast { get; }

    /// <summary>Largest allowed integer, or null.</summary>
    public long? AtMost { get; }

    /// <summary>How many different values the instance types of a claim must still show, or null.</summary>
    public int? MinValues { get; }

    /// <summary>Whether no value is allowed: the label must be absent.</summary>
    public bool IsEmpty => !Complement && Values.IsEmpty;

    /// <summary>Whether the label may be absent: the operator is NotIn or DoesNotExist.</summary>
    public bool AllowsAbsence => IsEmpty || (Complement && !Values.IsEmpty && AtLeast is null && AtMost is null);

    /// <summary>One of these values.</summary>
    public static Requirement In(string key, params IEnumerable<string> values) => Make(key, values, false);

    /// <summary>None of these values, or absent.</summary>
    public static Requirement NotIn(string key, params IEnumerable<string> values) => Make(key, values, true);

    /// <summary>Any value.</summary>
    public static Requirement Exists(string key) => Make(key, [], true);

    /// <summary>Absent.</summary>
    public static Requirement DoesNotExist(string key) => Make(key, [], false);

    /// <summary>An integer of at least <paramref name="atLeast"/> and at most <paramref name="atMost"/> (null: unbounded).</summary>
    public static Requirement Between(string key, long? atLeast, long? atMost) => Make(key, [], true, atLeast, atMost);

    /// <summary>From an object's requirement; operators In, NotIn, Exists, DoesNotExist, Gt, Lt, Gte and Lte.</summary>
    /// <exception cref="FormatException">An unknown operator, or a bound that is not one integer.</exception>
    public static Requirement From(NodeSelectorRequirement source)
    {
        var key = source.Key ?? throw new FormatException("a requirement has no key");
        var values = source.Values ?? [];
        var made = source.Operator switch
        {
            "In" => In(key, values),
            "NotIn" => NotIn(key, values),
            "Exists" => Exists(key),
            "DoesNotExist" => DoesNotExist(key),
            "Gt" => Between(key, Bound(key, values) + 1, null),
            "Gte" => Between(key, Bound(key, values), null),
            "Lt" => Between(key, null, Bound(key, values) - 1),
            "Lte" => Between(key, null, Bound(key, values)),
            _ => throw new FormatException($"key {key} has an unsupported operator {source.Operator} not in [In NotIn Exists DoesNotExist Gt Lt Gte Lte]"),
        };
        return source.MinValues is null ? made : new(made.Key, made.Values, made.Complement, made.AtLeast, made.AtMost, source.MinValues);
    }

    /// <summary>The same with another number of values that must be left.</summary>
    public Requirement WithMinValues(int? minValues) => new(Key, Values, Complement, AtLeast, AtMost, minValues);

    /// <summary>As objects carry it. Bounds are written with Gt or Lt; a requirement with two bounds gives two entries.</summary>
    public IEnumerable<NodeSelectorRequirement> ToObjects()
    {
        if (AtLeast is { } least)
        {
            yield return new() { Key = Key, Operator = "Gt", Values = [Text(least - 1)], MinValues = MinValues };
        }

        if (AtMost is { } most)
        {
            yield return new() { Key = Key, Operator = "Lt", Values = [Text(most + 1)], MinValues = MinValues };
        }

        if ((AtLeast is null && AtMost is null) || !Values.IsEmpty)
        {
            yield return new() { Key = Key, Operator = Operator, Values = Values.IsEmpty ? null : Values, MinValues = MinValues };
        }
    }

    /// <summary>In, NotIn, Exists or DoesNotExist.</summary>
    public string Operator => (Complement, Values.IsEmpty) switch
    {
        (true, true) => "Exists",
        (true, false) => "NotIn",
        (false, true) => "DoesNotExist",
        (false, false) => "In",
    };

    /// <summary>Whether a value is in the set.</summary>
    public bool Allows(string value) => Contains(value) != Complement && InBounds(value);

    /// <summary>What both allow.</summary>
    public Requirement Intersect(Requirement other)
    {
        var least = Larger(AtLeast, other.AtLeast);
        var most = Smaller(AtMost, other.AtMost);
        int? minValues = MinValues is null || other.MinValues > MinValues ? other.MinValues ?? MinValues : MinValues;
        if (least > most)
        {
            return new(Key, [], false, null, null, minValues);
        }

        if (Complement && other.Complement)
        {
            return new(Key, [.. Values.Union(other.Values, StringComparer.Ordinal).Order(StringComparer.Ordinal)], true, least, most, minValues);
        }

        var (set, filter) = Complement ? (other, this) : (this, other);
        var values = set.Values.Where(v => filter.Allows(v) && set.InBounds(v)).ToImmutableArray();
        return new(Key, values, false, null, null, minValues);
    }

    /// <summary>Whether some value is allowed by both, without building the intersection.</summary>
    public bool Overlaps(Requirement other)
    {
        if (Larger(AtLeast, other.AtLeast) > Smaller(AtMost, other.AtMost))
        {
            return false;
        }

        if (Complement && other.Complement)
        {
            return true; // there are always more values than a finite list excludes
        }

        var (set, filter) = Complement ? (other, this) : (this, other);
        foreach (var value in set.Values)
        {
            if (filter.Allows(value) && set.InBounds(value))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public bool Equals(Requirement? other) =>
        other is not null && Complement == other.Complement && AtLeast == other.AtLeast && AtMost == other.AtMost && MinValues == other.MinValues
        && string.Equals(Key, other.Key, StringComparison.Ordinal) && Values.AsSpan().SequenceEqual(other.Values.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Requirement);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Key, StringComparer.Ordinal);
        hash.Add(Complement);
        hash.Add(AtLeast);
        hash.Add(AtMost);
        foreach (var value in Values)
        {
            hash.Add(value, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }

    /// <summary>As Karpenter prints it: <c>key In [a b]</c>, long lists cut.</summary>
    public override string ToString()
    {
        var text = Operator is "Exists" or "DoesNotExist" ? $"{Key} {Operator}" : $"{Key} {Operator} [{Listed()}]";
        text += AtLeast is { } least ? $" >{Text(least - 1)}" : "";
        text += AtMost is { } most ? $" <{Text(most + 1)}" : "";
        return MinValues is { } min ? $"{text} minValues {Text(min)}" : text;
    }

    private static Requirement Make(string key, IEnumerable<string> values, bool complement, long? atLeast = null, long? atMost = null) =>
        new(KarpenterLabels.Normalize(key), [.. values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)], complement, atLeast, atMost, null);

    private static long Bound(string key, IReadOnlyList<string> values) =>
        values.Count == 1 && long.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out var bound)
            ? bound
            : throw new FormatException($"key {key} with operator Gt or Lt must have a single positive integer value");

    private static long? Larger(long? a, long? b) => a is null || b > a ? b ?? a : a;

    private static long? Smaller(long? a, long? b) => a is null || b < a ? b ?? a : a;

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private bool Contains(string value)
    {
        foreach (var own in Values)
        {
            if (string.Equals(own, value, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private bool InBounds(string value) =>
        (AtLeast is null && AtMost is null)
        || (long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && !(number < AtLeast) && !(number > AtMost));

    private string Listed() => Values.Length <= 5 ? string.Join(' ', Values) : $"{string.Join(' ', Values.Take(5))} and {Text(Values.Length - 5)} others";
}
