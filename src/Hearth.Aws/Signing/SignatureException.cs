namespace Hearth.Aws.Signing;

/// <summary>Why a request is not believed.</summary>
public enum SignatureFault
{
    /// <summary>Not signed at all.</summary>
    Missing,

    /// <summary>The authorization header or query cannot be read.</summary>
    Malformed,

    /// <summary>Signed in a way that is not AWS4-HMAC-SHA256.</summary>
    Algorithm,

    /// <summary>Nobody has this access key.</summary>
    UnknownKey,

    /// <summary>The session token is missing or not the key's.</summary>
    Token,

    /// <summary>Temporary credentials or a presigned URL past their end.</summary>
    Expired,

    /// <summary>The credential scope names another region.</summary>
    Region,

    /// <summary>The clocks differ by more than 15 minutes.</summary>
    Skewed,

    /// <summary>The signature is another one.</summary>
    Mismatch,

    /// <summary>A header that must be signed is not.</summary>
    UnsignedHeader,

    /// <summary>The body is not the one that was signed.</summary>
    Payload,
}

/// <summary>A request that is not believed. Protocols turn it into their own error.</summary>
public sealed class SignatureException(SignatureFault fault, string message) : Exception(message)
{
    /// <summary>Why.</summary>
    public SignatureFault Fault { get; } = fault;

    /// <summary>More facts for S3's error document.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Details { get; init; } = [];
}
