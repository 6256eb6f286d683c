namespace Hearth.Cluster.ApiServer.Auth;

/// <summary>A bearer token to be judged.</summary>
/// <param name="Token">Without <c>Bearer </c>.</param>
/// <param name="Audiences">For whom it must have been made; empty: this API server.</param>
public sealed record TokenRequestContext(string Token, IReadOnlyList<string> Audiences);

/// <summary>What a token proves.</summary>
/// <param name="User">Whose it is.</param>
/// <param name="Audiences">For whom it was made.</param>
public sealed record TokenIdentity(UserInfo User, IReadOnlyList<string> Audiences);

/// <summary>
/// Knows one kind of bearer token. Authenticators are asked in turn until one knows the token; add one for tokens made elsewhere (EKS: <c>k8s-aws-v1.</c>).
/// </summary>
public interface ITokenAuthenticator
{
    /// <summary>
    /// The identity behind the token, or null when the token is not of this kind, not valid or expired. Never throws for a bad token, never logs one.
    /// </summary>
    ValueTask<TokenIdentity?> AuthenticateAsync(TokenRequestContext request, CancellationToken ct);
}

/// <summary>Several authenticators in order.</summary>
internal sealed class TokenAuthenticatorChain(IReadOnlyList<ITokenAuthenticator> authenticators)
{
    public async ValueTask<TokenIdentity?> AuthenticateAsync(TokenRequestContext request, CancellationToken ct)
    {
        foreach (var authenticator in authenticators)
        {
            if (await authenticator.AuthenticateAsync(request, ct).ConfigureAwait(false) is { } identity)
            {
                return identity;
            }
        }

        return null;
    }
}
