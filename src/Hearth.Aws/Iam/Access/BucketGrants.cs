using Hearth.Aws.Iam.Policy;

namespace Hearth.Aws.Iam.Access;

/// <summary>A part of a bucket that may be read, and perhaps written, as a whole.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Prefix">Empty for the whole bucket, otherwise ends with a slash.</param>
/// <param name="Writable">Whether objects may be put and deleted too.</param>
public sealed record BucketGrant(string Bucket, string Prefix, bool Writable);

/// <summary>
/// What policies allow, in directories: a job sees these and nothing else of S3's files. Pure, and never more than the policies allow: what has
/// conditions, ends in the middle of a name, or is touched by a deny, is left to the S3 API, which judges each call.
/// </summary>
public static class BucketGrants
{
    private const string Arn = "arn:aws:s3:::";
    private const string Read = "s3:GetObject";
    private static readonly string[] Write = ["s3:PutObject", "s3:DeleteObject"];

    /// <summary>The parts of some buckets, each bucket's in the order of their prefixes.</summary>
    public static IReadOnlyList<BucketGrant> Of(IReadOnlyList<PolicyDocument> policies, IEnumerable<string> buckets)
    {
        var statements = policies.SelectMany(p => p.Statements).ToArray();
        return [.. buckets.SelectMany(bucket => OfBucket(statements, bucket))];
    }

    private static IEnumerable<BucketGrant> OfBucket(Statement[] statements, string bucket)
    {
        var readable = Prefixes(statements, bucket, Read).Where(p => !MayDeny(statements, bucket, p, Read)).ToArray();
        var writable = Write.Select(a => Prefixes(statements, bucket, a).Where(p => !MayDeny(statements, bucket, p, a)).ToArray()).ToArray();
        var grants = new List<BucketGrant>();
        foreach (var prefix in readable.Concat(writable[0]).Distinct(StringComparer.Ordinal).OrderBy(p => p.Length).ThenBy(p => p, StringComparer.Ordinal))
        {
            if (!Within(readable, prefix))
            {
                continue;
            }

            // A narrower part is only told when it adds something to the wider one that it lies in.
            var grant = new BucketGrant(bucket, prefix, Array.TrueForAll(writable, w => Within(w, prefix)));
            if (grants.LastOrDefault(g => prefix.StartsWith(g.Prefix, StringComparison.Ordinal)) is not { } wider || (grant.Writable && !wider.Writable))
            {
                grants.Add(grant);
            }
        }

        return grants;
    }

    private static bool Within(IEnumerable<string> prefixes, string prefix) => prefixes.Any(p => prefix.StartsWith(p, StringComparison.Ordinal));

    private static IEnumerable<string> Prefixes(Statement[] statements, string bucket, string action) => statements
        .Where(s => s.Effect == Effect.Allow && s.Conditions.Count == 0 && PolicyEvaluator.CoversAction(s, action))
        .SelectMany(s => s.Resources ?? [])
        .Select(r => Prefix(r, bucket)).OfType<string>().Distinct(StringComparer.Ordinal);

    /// <summary>The directory whose every key a resource pattern covers, or null.</summary>
    private static string? Prefix(string pattern, string bucket)
    {
        if (pattern is "*")
        {
            return "";
        }

        if (!pattern.StartsWith(Arn, StringComparison.Ordinal) || pattern.Contains("${", StringComparison.Ordinal))
        {
            return null;
        }

        var rest = pattern[Arn.Length..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            return rest.EndsWith('*') && Wildcard.Matches(rest, bucket) ? "" : null;
        }

        var key = rest[(slash + 1)..];
        var literal = key.EndsWith('*') ? key[..^1] : null;
        var whole = literal is not null && !literal.Contains('*', StringComparison.Ordinal) && !literal.Contains('?', StringComparison.Ordinal)
            && (literal.Length == 0 || literal.EndsWith('/'));
        return whole && Wildcard.Matches(rest[..slash], bucket) ? literal : null;
    }

    private static bool MayDeny(Statement[] statements, string bucket, string prefix, string action)
    {
        var below = $"{Arn}{bucket}/{prefix}";
        return statements.Any(s => s.Effect == Effect.Deny && PolicyEvaluator.CoversAction(s, action)
            && (s.Resources is { } resources
                ? resources.Any(r => r.Contains("${", StringComparison.Ordinal) || MayBegin(r, below))
                : !s.NotResources!.Any(r => Prefix(r, bucket) is { } spared && prefix.StartsWith(spared, StringComparison.Ordinal))));
    }

    /// <summary>Whether some text that begins with another fits a pattern: whether the pattern can still go on once the beginning is read.</summary>
    private static bool MayBegin(string pattern, string beginning)
    {
        var alive = new bool[pattern.Length + 1];
        Reach(alive, pattern, 0);
        foreach (var letter in beginning)
        {
            var next = new bool[pattern.Length + 1];
            for (var i = 0; i < pattern.Length; i++)
            {
                if (alive[i] && (pattern[i] is '*' or '?' || pattern[i] == letter))
                {
                    Reach(next, pattern, pattern[i] is '*' ? i : i + 1);
                }
            }

            alive = next;
        }

        return Array.Exists(alive, a => a);
    }

    private static void Reach(bool[] states, string pattern, int at)
    {
        states[at] = true;
        while (at < pattern.Length && pattern[at] is '*')
        {
            states[++at] = true;
        }
    }
}
