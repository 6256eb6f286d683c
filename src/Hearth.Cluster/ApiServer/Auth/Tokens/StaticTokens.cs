using System.Security.Cryptography;
using System.Text;

namespace Hearth.Cluster.ApiServer.Auth.Tokens;

/// <summary>A token that the platform handed out itself.</summary>
/// <param name="Token">The secret.</param>
/// <param name="User">User name.</param>
/// <param name="Groups">Groups besides system:authenticated.</param>
public sealed record StaticToken(string Token, string User, IReadOnlyList<string> Groups)
{
    /// <summary>A random token: 32 bytes, base64url.</summary>
    public static string NewSecret() => System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <inheritdoc/>
    public override string ToString() => $"token of {User}";
}

/// <summary>Tokens known from the start.</summary>
internal sealed class StaticTokens : ITokenAuthenticator
{
    private readonly Dictionary<string, UserInfo> _byHash = new(StringComparer.Ordinal);

    public StaticTokens(IEnumerable<StaticToken> tokens)
    {
        foreach (var token in tokens)
        {
            _byHash[Hash(token.Token)] = new UserInfo(token.User, [.. token.Groups.Append(UserInfo.Authenticated).Distinct(StringComparer.Ordinal)]);
        }
    }

    public ValueTask<TokenIdentity?> AuthenticateAsync(TokenRequestContext request, CancellationToken ct) =>
        ValueTask.FromResult(_byHash.TryGetValue(Hash(request.Token), out var user) ? new TokenIdentity(user, [ServiceAccountTokens.ApiAudience]) : null);

    /// <summary>Looked up by hash, so that the time of the look-up says nothing about the secret.</summary>
    private static string Hash(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
