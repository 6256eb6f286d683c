namespace Hearth.Aws.Signing;

/// <summary>A signature that holds, with what is needed to check the chunks of a streamed body.</summary>
public sealed record VerifiedSignature
{
    public required AwsCredential Credential { get; init; }
    public required SignatureClaim Claim { get; init; }
    public required SigningKey Key { get; init; }

    /// <summary>What the request says its body is: a hex digest or a marker of <see cref="PayloadMarkers"/>.</summary>
    public required string PayloadHash { get; init; }
}

/// <summary>Values of <c>x-amz-content-sha256</c> that are not digests.</summary>
public static class PayloadMarkers
{
    public const string Unsigned = "UNSIGNED-PAYLOAD";
    public const string SignedChunks = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
    public const string SignedChunksTrailer = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";
    public const string UnsignedTrailer = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";

    /// <summary>SHA-256 of no bytes.</summary>
    public const string EmptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /// <summary>Whether the body comes in aws-chunked form.</summary>
    public static bool IsChunked(string payloadHash) => payloadHash is SignedChunks or SignedChunksTrailer or UnsignedTrailer;

    /// <summary>Whether the value is a SHA-256 digest.</summary>
    public static bool IsDigest(string payloadHash) => payloadHash.Length == 64 && payloadHash.All(char.IsAsciiHexDigit);
}
