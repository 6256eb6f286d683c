using System.Globalization;

namespace Hearth.Aws.Signing;

/// <summary>What a request says about its signature; nothing of it is believed yet.</summary>
public sealed record SignatureClaim
{
    /// <summary>The only algorithm supported.</summary>
    public const string Algorithm = "AWS4-HMAC-SHA256";

    public required string AccessKeyId { get; init; }

    /// <summary>Day of the scope, <c>yyyyMMdd</c>.</summary>
    public required string Date { get; init; }
    public required string Region { get; init; }
    public required string Service { get; init; }

    /// <summary>Lower case, in the order given.</summary>
    public required IReadOnlyList<string> SignedHeaders { get; init; }

    /// <summary>64 hex digits.</summary>
    public required string Signature { get; init; }

    /// <summary><c>yyyyMMddTHHmmssZ</c>.</summary>
    public required string Timestamp { get; init; }

    /// <summary>How long a presigned URL holds; null for signed headers.</summary>
    public TimeSpan? Expires { get; init; }
    public string? SessionToken { get; init; }

    /// <summary>Whether the signature stands in the query.</summary>
    public bool IsPresigned => Expires is not null;

    /// <summary><c>date/region/service/aws4_request</c>.</summary>
    public string Scope => $"{Date}/{Region}/{Service}/aws4_request";

    /// <summary>When the request was signed.</summary>
    /// <exception cref="SignatureException">Not a time.</exception>
    public DateTimeOffset SignedAt => ParseTime(Timestamp)
        ?? throw new SignatureException(SignatureFault.Malformed, "The date of the signature must be in the form yyyyMMddTHHmmssZ.");

    /// <summary>Parses the basic ISO form.</summary>
    public static DateTimeOffset? ParseTime(string text) =>
        DateTimeOffset.TryParseExact(
            text, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : null;
}
