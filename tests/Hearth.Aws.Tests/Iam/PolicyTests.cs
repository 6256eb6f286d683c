using Hearth.Aws.Iam.Policy;

namespace Hearth.Aws.Tests.Iam;

/// <summary>cases/policies.txt: what policies allow; cases/bad-policies.txt: what is none.</summary>
public sealed class PolicyTests
{
    public static TheoryData<string, string> Questions() =>
        [.. Cases().SelectMany(c => c.Questions.Select(q => new TheoryDataRow<string, string>(c.Policy, q) { TestDisplayName = $"{c.Name}: {q}" }))];

    [Theory]
    [MemberData(nameof(Questions))]
    public void A_policy_answers(string policy, string question)
    {
        var words = question.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var context = words[3..].Aggregate(RequestContext.Empty, (c, w) => c.With(w[..w.IndexOf('=')], w[(w.IndexOf('=') + 1)..].Split('|')));

        var verdict = PolicyEvaluator.Evaluate([PolicyParser.Parse(policy, PolicyKind.Identity)], new AccessRequest(words[1], words[2], context));

        verdict.ShouldBe(words[0] switch { "allow" => Verdict.Allowed, "deny" => Verdict.Denied, _ => Verdict.NotAllowed });
    }

    public static TheoryData<string, string, string> Malformed() =>
        [.. Lines("bad-policies.txt").Where(l => l.Length > 0).Select(l => l.Split(" | ")).Select(p => (p[0], p[1], p[2]))];

    [Theory]
    [MemberData(nameof(Malformed))]
    public void A_text_that_is_no_policy_is_refused_in_the_words_of_IAM(string message, string policy, string kind) =>
        Should.Throw<MalformedPolicyException>(() => PolicyParser.Parse(policy, kind == "trust" ? PolicyKind.Trust : PolicyKind.Identity)).Message.ShouldContain(message);

    [Theory]
    [InlineData("{\"AWS\":\"arn:aws:iam::1:user/ann\"}", true, true)]
    [InlineData("{\"AWS\":[\"arn:aws:iam::1:user/bob\",\"arn:aws:iam::1:root\"]}", true, false)]
    [InlineData("{\"AWS\":\"1\"}", true, false)]
    [InlineData("\"*\"", true, true)]
    [InlineData("{\"AWS\":\"arn:aws:iam::2:root\"}", false, false)]
    [InlineData("{\"AWS\":\"arn:aws:iam::1:user/*\"}", false, false)]
    [InlineData("{\"Federated\":\"*\"}", false, false)]
    public void Trust_names_its_principals(string principal, bool trusted, bool named)
    {
        var policy = PolicyParser.Parse($$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{{principal}}}]}""", PolicyKind.Trust);
        var ann = new RequestPrincipal { Arn = "arn:aws:iam::1:user/ann", AccountId = "1" };

        var (verdict, names) = PolicyEvaluator.EvaluateTrust(policy, ann, new AccessRequest("sts:AssumeRole", "*", RequestContext.Empty));

        (verdict == Verdict.Allowed).ShouldBe(trusted);
        names.ShouldBe(named);
    }

    private static IEnumerable<(string Name, string Policy, string[] Questions)> Cases()
    {
        foreach (var part in string.Join('\n', Lines("policies.txt")).Split("=== ")[1..])
        {
            var lines = part.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var questions = lines[1..].SkipWhile(l => l[0] is '{' or ' ').ToArray();
            yield return (lines[0], string.Join('\n', lines[1..^questions.Length]), questions);
        }
    }

    private static string[] Lines(string file) =>
        [.. File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "cases", file)).Where(l => !l.StartsWith('#')).Select(l => l.TrimEnd())];
}
