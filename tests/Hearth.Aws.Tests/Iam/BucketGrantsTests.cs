using Hearth.Aws.Iam.Access;
using Hearth.Aws.Iam.Policy;

namespace Hearth.Aws.Tests.Iam;

/// <summary>cases/bucket-grants.txt: which directories a role's policies come to.</summary>
public sealed class BucketGrantsTests
{
    public static TheoryData<string, string> Cases() => [.. Read().Select(c => new TheoryDataRow<string, string>(c.Policy, c.Expected) { TestDisplayName = $"{c.Name}: {c.Expected}" })];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_policy_comes_to_directories(string policy, string expected)
    {
        var parts = expected.Split("->", StringSplitOptions.TrimEntries);

        var grants = BucketGrants.Of([PolicyParser.Parse(policy, PolicyKind.Identity)], [parts[0]]);

        string.Join(' ', grants.Select(g => $"{(g.Prefix.Length == 0 ? "/" : g.Prefix)}:{(g.Writable ? "rw" : "r")}")).ShouldBe(parts[1]);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_directory_holds_only_what_the_policy_allows(string policy, string expected)
    {
        var (document, bucket) = (PolicyParser.Parse(policy, PolicyKind.Identity), expected.Split(' ')[0]);
        var context = RequestContext.Empty.With("aws:SecureTransport", "false").With("aws:username", "ann");
        foreach (var grant in BucketGrants.Of([document], [bucket]))
        {
            foreach (var key in (string[])["k", "a/b", "secret/k", "in/k"])
            {
                var resource = $"arn:aws:s3:::{bucket}/{grant.Prefix}{key}";
                PolicyEvaluator.Evaluate([document], new AccessRequest("s3:GetObject", resource, context)).ShouldBe(Verdict.Allowed);
                if (grant.Writable)
                {
                    PolicyEvaluator.Evaluate([document], new AccessRequest("s3:PutObject", resource, context)).ShouldBe(Verdict.Allowed);
                    PolicyEvaluator.Evaluate([document], new AccessRequest("s3:DeleteObject", resource, context)).ShouldBe(Verdict.Allowed);
                }
            }
        }
    }

    private static IEnumerable<(string Name, string Policy, string Expected)> Read()
    {
        var text = string.Join('\n', File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "cases/bucket-grants.txt")).Where(l => !l.StartsWith('#')).Select(l => l.TrimEnd()));
        foreach (var part in text.Split("=== ")[1..])
        {
            var lines = part.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var expected = lines[1..].Where(l => l.Contains("->", StringComparison.Ordinal)).ToArray();
            var policy = string.Join('\n', lines[1..^expected.Length]);
            foreach (var line in expected)
            {
                yield return (lines[0], policy, line);
            }
        }
    }
}
