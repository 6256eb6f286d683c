namespace Hearth.Aws.Sts;

/// <summary>A token of an identity provider that holds.</summary>
/// <param name="Issuer">URL of the provider, claim <c>iss</c>.</param>
/// <param name="Subject">Claim <c>sub</c>, for example <c>system:serviceaccount:ns:name</c>.</param>
/// <param name="Audience">The audience that STS was found in.</param>
public sealed record WebIdentity(string Issuer, string Subject, string Audience);

/// <summary>Checks the tokens that callers of AssumeRoleWithWebIdentity bring.</summary>
public interface IWebIdentityVerifier
{
    /// <summary>The identity of a token.</summary>
    /// <exception cref="Http.AwsException">InvalidIdentityToken or ExpiredTokenException, in the words of STS.</exception>
    Task<WebIdentity> VerifyAsync(string token, CancellationToken ct);
}
