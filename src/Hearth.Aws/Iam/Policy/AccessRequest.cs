namespace Hearth.Aws.Iam.Policy;

/// <summary>What somebody wants to do.</summary>
/// <param name="Action">For example <c>s3:GetObject</c>.</param>
/// <param name="Resource">An ARN, or <c>*</c> for actions that are on no resource.</param>
/// <param name="Context">Everything else that is known of the request.</param>
public sealed record AccessRequest(string Action, string Resource, RequestContext Context);

/// <summary>Who asks, as a trust policy sees it.</summary>
public sealed record RequestPrincipal
{
    /// <summary>ARN of the user, or of the session of a role; null for others.</summary>
    public string? Arn { get; init; }

    /// <summary>ARN of the role of a session.</summary>
    public string? RoleArn { get; init; }

    /// <summary>Account of an AWS principal, twelve digits.</summary>
    public string? AccountId { get; init; }

    /// <summary>ARN of the identity provider of a federated principal.</summary>
    public string? Provider { get; init; }
}

/// <summary>What policies say.</summary>
public enum Verdict
{
    /// <summary>Some statement allows, none denies.</summary>
    Allowed,

    /// <summary>No statement speaks of it.</summary>
    NotAllowed,

    /// <summary>A statement denies it.</summary>
    Denied,
}
