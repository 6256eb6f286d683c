using FsCheck;
using FsCheck.Fluent;
using Hearth.Aws.Iam.Policy;

namespace Hearth.Aws.Tests.Iam;

/// <summary>What holds for every set of policies.</summary>
public sealed class PolicyPropertyTests
{
    private static readonly string[] Actions = ["s3:GetObject", "s3:PutObject", "s3:Get*", "s3:*", "logs:PutLogEvents", "*"];
    private static readonly string[] Resources = ["arn:aws:s3:::b/k", "arn:aws:s3:::b/*", "arn:aws:s3:::*", "arn:aws:s3:::b/x?", "*"];
    private static readonly string[] AskedActions = ["s3:GetObject", "s3:PutObject", "logs:PutLogEvents"];
    private static readonly string[] AskedResources = ["arn:aws:s3:::b/k", "arn:aws:s3:::b/x1", "arn:aws:s3:::c/k"];

    private static readonly Gen<Statement> Statements =
        from effect in Gen.Elements(Effect.Allow, Effect.Allow, Effect.Deny)
        from action in Gen.Elements(Actions)
        from negated in Gen.Elements(false, false, false, true)
        from resource in Gen.Elements(Resources)
        from condition in Gen.Elements<Condition?>(null, null, new Condition("StringEquals", SetQuantifier.None, false, "a:k", ["v"]))
        select new Statement
        {
            Effect = effect,
            Actions = negated ? null : [action],
            NotActions = negated ? [action] : null,
            Resources = [resource],
            Conditions = condition is null ? [] : [condition],
        };

    private static readonly Gen<AccessRequest> Questions =
        from action in Gen.Elements(AskedActions)
        from resource in Gen.Elements(AskedResources)
        from value in Gen.Elements<string?>(null, "v", "w")
        select new AccessRequest(action, resource, RequestContext.Empty.With("a:k", value));

    [Fact]
    public void A_further_deny_never_allows_more() => Prop.ForAll(
        (from all in Gen.ListOf(Statements) from question in Questions from more in Statements select (all, question, more)).ToArbitrary(),
        t => Ask([.. t.all, t.more with { Effect = Effect.Deny }], t.question) != Verdict.Allowed || Ask([.. t.all], t.question) == Verdict.Allowed).QuickCheckThrowOnFailure();

    [Fact]
    public void A_further_allow_never_lifts_a_deny() => Prop.ForAll(
        (from all in Gen.ListOf(Statements) from question in Questions from more in Statements select (all, question, more)).ToArbitrary(),
        t => Ask([.. t.all], t.question) != Verdict.Denied || Ask([.. t.all, t.more with { Effect = Effect.Allow }], t.question) == Verdict.Denied).QuickCheckThrowOnFailure();

    [Fact]
    public void The_order_of_statements_and_policies_does_not_matter() => Prop.ForAll(
        (from all in Gen.ListOf(Statements) from order in Gen.Shuffle(Enumerable.Range(0, 20).ToArray()) from question in Questions select (all, order, question)).ToArbitrary(),
        t =>
        {
            Statement[] shuffled = [.. t.all.Zip(t.order.Concat(Enumerable.Range(20, 1000))).OrderBy(p => p.Second).Select(p => p.First)];
            var apart = PolicyEvaluator.Evaluate(shuffled.Select(s => new PolicyDocument(PolicyDocument.CurrentVersion, [s])), t.question);
            return Ask([.. t.all], t.question) == Ask(shuffled, t.question) && apart == Ask([.. t.all], t.question);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_pattern_made_literal_fits_its_text_alone() => Prop.ForAll(
        (from a in Gen.ArrayOf(Gen.Elements('a', 'b', '*', '?')) from b in Gen.ArrayOf(Gen.Elements('a', 'b', '*', '?')) select (A: new string(a), B: new string(b))).ToArbitrary(),
        t => Wildcard.Matches(Wildcard.Literal(t.A), t.B) == (t.A == t.B) && Wildcard.Matches("*" + Wildcard.Literal(t.A) + "*", t.B + t.A)).QuickCheckThrowOnFailure();

    private static Verdict Ask(Statement[] statements, AccessRequest question) =>
        PolicyEvaluator.Evaluate([new PolicyDocument(PolicyDocument.CurrentVersion, statements)], question);
}
