using Hearth.Aws.Eks;
using Hearth.Cluster.ApiServer.Auth;

namespace Hearth.Cli.Hosting.Embedded;

/// <summary>Lets the API server believe what <c>aws eks get-token</c> makes.</summary>
internal sealed class EksTokens(EksTokenAuthenticator authenticator) : ITokenAuthenticator
{
    public ValueTask<TokenIdentity?> AuthenticateAsync(TokenRequestContext request, CancellationToken ct)
    {
        // Such a token is for the API server only: it cannot be reviewed for another audience.
        if (!EksTokenAuthenticator.IsEksToken(request.Token) || request.Audiences.Count > 0 || authenticator.Authenticate(request.Token, out _) is not { } identity)
        {
            return ValueTask.FromResult<TokenIdentity?>(null);
        }

        return ValueTask.FromResult<TokenIdentity?>(new TokenIdentity(new UserInfo(identity.Username, [.. identity.Groups, UserInfo.Authenticated]), []));
    }
}
