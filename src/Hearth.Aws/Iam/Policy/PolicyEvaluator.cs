namespace Hearth.Aws.Iam.Policy;

/// <summary>Decides by policies; pure. Source: IAM User Guide, "Policy evaluation logic".</summary>
public static class PolicyEvaluator
{
    /// <summary>What a set of policies of one kind says: one allow is enough, one deny is final.</summary>
    public static Verdict Evaluate(IEnumerable<PolicyDocument> policies, AccessRequest request)
    {
        var verdict = Verdict.NotAllowed;
        foreach (var policy in policies)
        {
            foreach (var statement in policy.Statements.Where(s => Speaks(s, policy, request)))
            {
                if (statement.Effect == Effect.Deny)
                {
                    return Verdict.Denied;
                }

                verdict = Verdict.Allowed;
            }
        }

        return verdict;
    }

    /// <summary>What a trust policy says.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="principal">Who asks.</param>
    /// <param name="request">Action and context; the resource does not count.</param>
    /// <returns>
    /// The verdict, and for <see cref="Verdict.Allowed"/> whether it names the caller: trust in a whole account only lets the account's own
    /// policies decide.
    /// </returns>
    public static (Verdict Verdict, bool NamesCaller) EvaluateTrust(PolicyDocument policy, RequestPrincipal principal, AccessRequest request)
    {
        var (verdict, names) = (Verdict.NotAllowed, false);
        foreach (var statement in policy.Statements.Where(s => Speaks(s, policy, request)))
        {
            var match = PrincipalMatch.Of(statement, principal);
            if (match == PrincipalMatch.Kind.None)
            {
                continue;
            }

            if (statement.Effect == Effect.Deny)
            {
                return (Verdict.Denied, true);
            }

            (verdict, names) = (Verdict.Allowed, names || match == PrincipalMatch.Kind.Named);
        }

        return (verdict, names);
    }

    /// <summary>Whether a statement's actions cover an action.</summary>
    internal static bool CoversAction(Statement statement, string action) => statement.Actions is { } actions
        ? actions.Any(a => Wildcard.Matches(a, action, ignoreCase: true))
        : !statement.NotActions!.Any(a => Wildcard.Matches(a, action, ignoreCase: true));

    private static bool Speaks(Statement statement, PolicyDocument policy, AccessRequest request) =>
        CoversAction(statement, request.Action) && CoversResource(statement, policy, request) && ConditionsHold(statement, policy, request.Context);

    private static bool CoversResource(Statement statement, PolicyDocument policy, AccessRequest request)
    {
        bool Fits(string pattern) => Filled(pattern, policy, request.Context) is { } filled && Wildcard.Matches(filled, request.Resource);
        return (statement.Resources, statement.NotResources) switch
        {
            ({ } resources, _) => resources.Any(Fits),
            (_, { } others) => !others.Any(Fits),
            _ => true,
        };
    }

    private static bool ConditionsHold(Statement statement, PolicyDocument policy, RequestContext context)
    {
        foreach (var condition in statement.Conditions)
        {
            var wanted = condition.Values.Select(v => Filled(v, policy, context)).OfType<string>().ToArray();
            if (!ConditionOperators.Holds(condition, wanted, context.Find(condition.Key)))
            {
                return false;
            }
        }

        return true;
    }

    private static string? Filled(string pattern, PolicyDocument policy, RequestContext context) =>
        policy.HasVariables ? PolicyVariables.Fill(pattern, context) : pattern;
}
