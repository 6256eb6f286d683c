namespace Hearth.Deploy.Iam;

/// <summary>One statement of a policy that allows something. Immutable; says nothing about who, which is the trust's or the attachment's business.</summary>
/// <param name="Sid">Name of the statement: letters and digits.</param>
/// <param name="Actions">As <c>s3:GetObject</c>.</param>
/// <param name="Resources">ARNs; <c>*</c> only for actions that know no resource.</param>
public sealed record Allow(string Sid, IReadOnlyList<string> Actions, IReadOnlyList<string> Resources)
{
    /// <summary>Conditions that must all hold.</summary>
    public IReadOnlyList<PolicyCondition> Conditions { get; init; } = [];

    /// <summary>The same statement under one more condition.</summary>
    /// <param name="test">As <c>StringEquals</c>.</param>
    /// <param name="key">As <c>aws:RequestedRegion</c>.</param>
    /// <param name="values">One of these must match.</param>
    public Allow When(string test, string key, params string[] values) =>
        this with { Conditions = [.. Conditions, new PolicyCondition(test, key, values)] };

    internal Dictionary<string, object> ToDocument()
    {
        var statement = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["Sid"] = Sid,
            ["Effect"] = "Allow",
            ["Action"] = OneOrMany(Actions),
            ["Resource"] = OneOrMany(Resources),
        };
        if (Conditions.Count > 0)
        {
            statement["Condition"] = PolicyCondition.ToDocument(Conditions);
        }

        return statement;
    }

    internal static object OneOrMany(IReadOnlyList<string> values) => values.Count == 1 ? values[0] : values.ToArray();
}

/// <summary>A condition of a statement.</summary>
/// <param name="Test">As <c>StringLike</c>.</param>
/// <param name="Key">The condition key.</param>
/// <param name="Values">Any of these.</param>
public sealed record PolicyCondition(string Test, string Key, IReadOnlyList<string> Values)
{
    internal static Dictionary<string, object> ToDocument(IEnumerable<PolicyCondition> conditions) =>
        conditions.GroupBy(c => c.Test, StringComparer.Ordinal).ToDictionary(
            test => test.Key,
            test => (object)test.ToDictionary(c => c.Key, c => Allow.OneOrMany(c.Values), StringComparer.Ordinal),
            StringComparer.Ordinal);
}
