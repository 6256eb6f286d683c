using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hearth.Aws.Signing;

/// <summary>
/// Temporary credentials that need no store: the session token is the credential itself, encrypted (AES-256-GCM) with a key of the platform,
/// so it holds over restarts and ends when it says.
/// </summary>
public sealed class SessionTokens
{
    /// <summary>Beginning of the access key ids of temporary credentials.</summary>
    public const string KeyPrefix = "ASIA";

    private const string Prefix = "FwoG";
    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const string SecretAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private readonly byte[] key;

    private SessionTokens(byte[] key) => this.key = key;

    /// <summary>Tokens whose key lives as long as this object.</summary>
    public static SessionTokens Ephemeral() => new(RandomNumberGenerator.GetBytes(KeyBytes));

    /// <summary>Tokens whose key is in a file of mode 0600, made at the first start.</summary>
    /// <exception cref="InvalidDataException">The file is no key; the message says what to do.</exception>
    public static SessionTokens Open(string path)
    {
        if (!File.Exists(path))
        {
            PrivateFile.Replace(path, RandomNumberGenerator.GetBytes(KeyBytes));
        }

        var key = File.ReadAllBytes(path);
        return key.Length == KeyBytes
            ? new SessionTokens(key)
            : throw new InvalidDataException($"{path} is not a key of session tokens. Remove it: a new one is made at the next start, and temporary credentials end.");
    }

    /// <summary>Gives a credential new keys and the token that stands for it.</summary>
    /// <param name="principal">Whom it stands for; its keys are replaced. <see cref="AwsCredential.ExpiresAt"/> and <see cref="AwsCredential.Session"/> are set.</param>
    public AwsCredential Issue(AwsCredential principal)
    {
        var credential = principal with
        {
            AccessKeyId = KeyPrefix + RandomNumberGenerator.GetString(Base32, 16),
            SecretAccessKey = RandomNumberGenerator.GetString(SecretAlphabet, 40),
            SessionToken = null,
        };
        return credential with { SessionToken = Seal(JsonSerializer.SerializeToUtf8Bytes(credential, SessionJson.Default.AwsCredential)) };
    }

    /// <summary>The credential of a token, expired or not; null when the token is not this platform's or belongs to another key.</summary>
    public AwsCredential? Open(string accessKeyId, string token)
    {
        if (Unseal(token) is not { } plain || JsonSerializer.Deserialize(plain, SessionJson.Default.AwsCredential) is not { } credential)
        {
            return null;
        }

        return string.Equals(credential.AccessKeyId, accessKeyId, StringComparison.Ordinal) ? credential with { SessionToken = token } : null;
    }

    private string Seal(byte[] plain)
    {
        var sealedBytes = new byte[NonceBytes + TagBytes + plain.Length];
        var nonce = sealedBytes.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(key, TagBytes);
        cipher.Encrypt(nonce, plain, sealedBytes.AsSpan(NonceBytes + TagBytes), sealedBytes.AsSpan(NonceBytes, TagBytes));
        return Prefix + Convert.ToBase64String(sealedBytes);
    }

    private byte[]? Unseal(string token)
    {
        if (!token.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var buffer = new byte[token.Length];
        if (!Convert.TryFromBase64Chars(token.AsSpan(Prefix.Length), buffer, out var length) || length <= NonceBytes + TagBytes)
        {
            return null;
        }

        var plain = new byte[length - NonceBytes - TagBytes];
        using var cipher = new AesGcm(key, TagBytes);
        try
        {
            cipher.Decrypt(buffer.AsSpan(0, NonceBytes), buffer.AsSpan(NonceBytes + TagBytes, plain.Length), buffer.AsSpan(NonceBytes, TagBytes), plain);
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}

/// <summary>Lasting keys from one store, temporary ones from their tokens.</summary>
public sealed class SessionCredentialStore(ICredentialStore lasting, SessionTokens tokens) : ICredentialStore
{
    /// <inheritdoc/>
    public IReadOnlyList<AwsCredential> All => lasting.All;

    /// <inheritdoc/>
    public AwsCredential? Find(string accessKeyId) => lasting.Find(accessKeyId);

    /// <inheritdoc/>
    public AwsCredential? Find(string accessKeyId, string? sessionToken) =>
        accessKeyId.StartsWith(SessionTokens.KeyPrefix, StringComparison.Ordinal)
            ? sessionToken is null ? null : tokens.Open(accessKeyId, sessionToken)
            : lasting.Find(accessKeyId);
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(AwsCredential))]
internal sealed partial class SessionJson : JsonSerializerContext;
