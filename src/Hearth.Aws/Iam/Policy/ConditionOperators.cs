using System.Globalization;
using System.Net;

namespace Hearth.Aws.Iam.Policy;

/// <summary>Compares one value of a request with one value of a policy. Source: IAM User Guide, "Condition operators".</summary>
internal static class ConditionOperators
{
    private static readonly Dictionary<string, Func<string, string, bool>> Positive = new(StringComparer.Ordinal)
    {
        ["StringEquals"] = (wanted, value) => string.Equals(Wildcard.Plain(wanted), value, StringComparison.Ordinal),
        ["StringEqualsIgnoreCase"] = (wanted, value) => string.Equals(Wildcard.Plain(wanted), value, StringComparison.OrdinalIgnoreCase),
        ["StringLike"] = (wanted, value) => Wildcard.Matches(wanted, value),
        ["NumericEquals"] = (wanted, value) => Number(wanted, value, (a, b) => a == b),
        ["NumericLessThan"] = (wanted, value) => Number(wanted, value, (a, b) => b < a),
        ["NumericLessThanEquals"] = (wanted, value) => Number(wanted, value, (a, b) => b <= a),
        ["NumericGreaterThan"] = (wanted, value) => Number(wanted, value, (a, b) => b > a),
        ["NumericGreaterThanEquals"] = (wanted, value) => Number(wanted, value, (a, b) => b >= a),
        ["DateEquals"] = (wanted, value) => Date(wanted, value, (a, b) => a == b),
        ["DateLessThan"] = (wanted, value) => Date(wanted, value, (a, b) => b < a),
        ["DateLessThanEquals"] = (wanted, value) => Date(wanted, value, (a, b) => b <= a),
        ["DateGreaterThan"] = (wanted, value) => Date(wanted, value, (a, b) => b > a),
        ["DateGreaterThanEquals"] = (wanted, value) => Date(wanted, value, (a, b) => b >= a),
        ["Bool"] = (wanted, value) => string.Equals(wanted, value, StringComparison.OrdinalIgnoreCase),
        ["BinaryEquals"] = (wanted, value) => string.Equals(wanted, value, StringComparison.Ordinal),
        ["IpAddress"] = InRange,
        ["ArnEquals"] = ArnPattern.Matches,
        ["ArnLike"] = ArnPattern.Matches,
    };

    private static readonly Dictionary<string, string> Negated = new(StringComparer.Ordinal)
    {
        ["StringNotEquals"] = "StringEquals", ["StringNotEqualsIgnoreCase"] = "StringEqualsIgnoreCase", ["StringNotLike"] = "StringLike",
        ["NumericNotEquals"] = "NumericEquals", ["DateNotEquals"] = "DateEquals", ["NotIpAddress"] = "IpAddress",
        ["ArnNotEquals"] = "ArnEquals", ["ArnNotLike"] = "ArnLike",
    };

    /// <summary>Whether there is such an operator.</summary>
    public static bool Exists(string name) => name is "Null" || Positive.ContainsKey(name) || Negated.ContainsKey(name);

    /// <summary>Whether a condition holds for the values that a request has for its key.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="wanted">Its values, with variables filled in.</param>
    /// <param name="values">The request's values; null: the request does not have the key.</param>
    public static bool Holds(Condition condition, IReadOnlyList<string> wanted, IReadOnlyList<string>? values)
    {
        if (condition.Operator is "Null")
        {
            return wanted.Any(w => string.Equals(w, values is null ? "true" : "false", StringComparison.OrdinalIgnoreCase));
        }

        var negated = Negated.TryGetValue(condition.Operator, out var positive);
        if (values is null or { Count: 0 })
        {
            return condition.Quantifier switch
            {
                SetQuantifier.All => true,
                SetQuantifier.Any => condition.IfExists,
                _ => negated || condition.IfExists,
            };
        }

        var compare = Positive[positive ?? condition.Operator];
        bool Fits(string value) => negated != wanted.Any(w => compare(w, value));
        return condition.Quantifier == SetQuantifier.All || (negated && condition.Quantifier == SetQuantifier.None) ? values.All(Fits) : values.Any(Fits);
    }

    private static bool Number(string wanted, string value, Func<decimal, decimal, bool> compare) =>
        decimal.TryParse(wanted, NumberStyles.Float, CultureInfo.InvariantCulture, out var a)
        && decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var b) && compare(a, b);

    private static bool Date(string wanted, string value, Func<DateTimeOffset, DateTimeOffset, bool> compare) =>
        Moment(wanted) is { } a && Moment(value) is { } b && compare(a, b);

    private static DateTimeOffset? Moment(string text)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds) && text.Length > 4 && Math.Abs(seconds) < 253_402_300_800)
        {
            return DateTimeOffset.FromUnixTimeSeconds(seconds);
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
    }

    private static bool InRange(string wanted, string value)
    {
        if (!IPAddress.TryParse(value, out var address))
        {
            return false;
        }

        return wanted.Contains('/', StringComparison.Ordinal)
            ? IPNetwork.TryParse(wanted, out var network) && network.Contains(address)
            : IPAddress.TryParse(wanted, out var one) && one.Equals(address);
    }
}
