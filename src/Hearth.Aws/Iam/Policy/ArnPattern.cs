namespace Hearth.Aws.Iam.Policy;

/// <summary>Patterns of ARNs: each of the six parts has its own wildcards, which do not reach over a colon; the last part is the rest.</summary>
internal static class ArnPattern
{
    private const int Parts = 6;

    /// <summary>Whether an ARN fits; a pattern of <c>*</c> alone fits every one.</summary>
    public static bool Matches(string pattern, string arn)
    {
        if (pattern is "*")
        {
            return true;
        }

        var (wanted, parts) = (pattern.Split(':', Parts), arn.Split(':', Parts));
        return wanted.Length == parts.Length && wanted.Zip(parts).All(p => Wildcard.Matches(p.First, p.Second));
    }
}
