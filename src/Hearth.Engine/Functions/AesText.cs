using System.Security.Cryptography;

namespace Hearth.Engine.Functions;

/// <summary>aes_encrypt and aes_decrypt: GCM (12 bytes of IV before, 16 of tag after), CBC (16 bytes of IV before) and ECB with PKCS padding.</summary>
internal static class AesText
{
    private const int GcmIv = 12, GcmTag = 16, CbcIv = 16;

    /// <summary>Everything as hex text.</summary>
    public static string Encrypt(string data, string key, string mode, string padding, string iv, string aad)
    {
        byte[] plain = Convert.FromHexString(data), initial = Convert.FromHexString(iv);
        byte[] secret = Key(key);
        switch (Mode(mode, padding))
        {
            case "GCM":
                byte[] nonce = initial.Length == 0 ? RandomNumberGenerator.GetBytes(GcmIv) : Sized(initial, GcmIv, mode);
                byte[] cipher = new byte[plain.Length], tag = new byte[GcmTag];
                using (AesGcm gcm = new(secret, GcmTag))
                {
                    gcm.Encrypt(nonce, plain, cipher, tag, Convert.FromHexString(aad));
                }

                return Convert.ToHexString([.. nonce, .. cipher, .. tag]);
            case "CBC":
                using (Aes aes = Aes.Create())
                {
                    aes.Key = secret;
                    byte[] start = initial.Length == 0 ? RandomNumberGenerator.GetBytes(CbcIv) : Sized(initial, CbcIv, mode);
                    return Convert.ToHexString([.. start, .. aes.EncryptCbc(plain, start)]);
                }

            default:
                using (Aes aes = Aes.Create())
                {
                    aes.Key = secret;
                    return Convert.ToHexString(aes.EncryptEcb(plain, PaddingMode.PKCS7));
                }
        }
    }

    /// <summary>Everything as hex text.</summary>
    /// <exception cref="EngineException">Key, mode or data are wrong.</exception>
    public static string Decrypt(string data, string key, string mode, string padding, string aad)
    {
        byte[] input = Convert.FromHexString(data), secret = Key(key);
        try
        {
            using Aes aes = Aes.Create();
            aes.Key = secret;
            return Mode(mode, padding) switch
            {
                "GCM" => Convert.ToHexString(OpenGcm(input, secret, Convert.FromHexString(aad))),
                "CBC" => Convert.ToHexString(aes.DecryptCbc(input.AsSpan(CbcIv), input.AsSpan(0, CbcIv))),
                _ => Convert.ToHexString(aes.DecryptEcb(input, PaddingMode.PKCS7)),
            };
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw Bad("AES_CRYPTO_ERROR", $"detail message: {error.Message}");
        }
    }

    private static byte[] OpenGcm(byte[] input, byte[] key, byte[] aad)
    {
        byte[] plain = new byte[Math.Max(0, input.Length - GcmIv - GcmTag)];
        using AesGcm gcm = new(key, GcmTag);
        gcm.Decrypt(input.AsSpan(0, GcmIv), input.AsSpan(GcmIv, plain.Length), input.AsSpan(GcmIv + plain.Length), plain, aad);
        return plain;
    }

    private static byte[] Key(string hex) => Convert.FromHexString(hex) is { Length: 16 or 24 or 32 } key
        ? key
        : throw Bad("AES_KEY_LENGTH", $"expects a binary value with 16, 24 or 32 bytes, but got {hex.Length / 2} bytes.");

    private static string Mode(string mode, string padding) => (mode.ToUpperInvariant(), padding.ToUpperInvariant()) switch
    {
        ("GCM", "DEFAULT" or "NONE") => "GCM",
        ("CBC", "DEFAULT" or "PKCS") => "CBC",
        ("ECB", "DEFAULT" or "PKCS") => "ECB",
        _ => throw new EngineException("UNSUPPORTED_FEATURE.AES_MODE", $"The feature is not supported: AES-{mode} with the padding {padding} by the `aes_encrypt`/`aes_decrypt` function.", ErrorKind.SparkRuntimeException),
    };

    private static byte[] Sized(byte[] iv, int size, string mode) => iv.Length == size ? iv : throw Bad("AES_IV_LENGTH", $"supports {size}-byte {mode} initialization vectors, but got {iv.Length} bytes.");

    private static EngineException Bad(string subclass, string message) => new($"INVALID_PARAMETER_VALUE.{subclass}", $"The value of parameter(s) in `aes_encrypt`/`aes_decrypt` is invalid: {message}", ErrorKind.SparkRuntimeException);
}
