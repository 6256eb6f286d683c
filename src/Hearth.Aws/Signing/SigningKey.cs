using System.Security.Cryptography;
using System.Text;

namespace Hearth.Aws.Signing;

/// <summary>The key of one credential for one day, region and service.</summary>
public sealed class SigningKey
{
    private readonly byte[] key;

    private SigningKey(byte[] key) => this.key = key;

    /// <summary>Derives the key as SigV4 prescribes.</summary>
    public static SigningKey Derive(string secret, string date, string region, string service)
    {
        var day = Hmac(Encoding.UTF8.GetBytes("AWS4" + secret), date);
        return new SigningKey(Hmac(Hmac(Hmac(day, region), service), "aws4_request"));
    }

    /// <summary>Signature of a text, 64 lower-case hex digits.</summary>
    public string Sign(string text) => Convert.ToHexStringLower(Hmac(key, text));

    /// <summary>Whether a signature is the right one; takes the same time wherever the two differ.</summary>
    public bool Matches(string text, string signature) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Sign(text)), Encoding.ASCII.GetBytes(signature));

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
