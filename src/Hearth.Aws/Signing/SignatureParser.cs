using System.Globalization;
using Hearth.Aws.Http;

namespace Hearth.Aws.Signing;

/// <summary>Finds the signature of a request in its Authorization header or in its query.</summary>
public static class SignatureParser
{
    private const int LongestPresignSeconds = 7 * 24 * 3600;

    /// <summary>What the request claims, or null when it is not signed.</summary>
    /// <exception cref="SignatureException">There is a signature, but it cannot be read.</exception>
    public static SignatureClaim? Parse(Func<string, string?> header, QueryParameters query)
    {
        if (query.Has("X-Amz-Algorithm"))
        {
            return FromQuery(query);
        }
        var authorization = header("Authorization");
        if (authorization is not null)
        {
            return FromHeader(authorization, header);
        }
        return null;
    }

    private const string UnsupportedText =
        "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.";

    private static SignatureClaim FromHeader(string authorization, Func<string, string?> header)
    {
        if (!authorization.StartsWith(SignatureClaim.Algorithm, StringComparison.Ordinal))
        {
            throw new SignatureException(SignatureFault.Algorithm, UnsupportedText);
        }
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in authorization[SignatureClaim.Algorithm.Length..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=');
            if (equals > 0)
            {
                fields[part[..equals]] = part[(equals + 1)..];
            }
        }
        var timestamp = header("X-Amz-Date") ?? FromHttpDate(header("Date"))
            ?? throw Malformed("the request carries neither an X-Amz-Date nor a Date header.");
        return Claim(
            Required(fields, "Credential"), Required(fields, "SignedHeaders"), Required(fields, "Signature"), timestamp, null, header("X-Amz-Security-Token"));
    }

    private static SignatureClaim FromQuery(QueryParameters query)
    {
        if (!string.Equals(query["X-Amz-Algorithm"], SignatureClaim.Algorithm, StringComparison.Ordinal))
        {
            throw new SignatureException(SignatureFault.Algorithm, UnsupportedText);
        }
        string Get(string name) => query[name] is { Length: > 0 } value ? value : throw MalformedQuery($"the query parameter {name} is missing.");
        if (!int.TryParse(Get("X-Amz-Expires"), NumberStyles.Integer, CultureInfo.InvariantCulture, out var seconds) || seconds < 0)
        {
            throw MalformedQuery("X-Amz-Expires should be a non-negative number.");
        }
        if (seconds > LongestPresignSeconds)
        {
            throw MalformedQuery("X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds.");
        }
        return Claim(
            Get("X-Amz-Credential"), Get("X-Amz-SignedHeaders"), Get("X-Amz-Signature"), Get("X-Amz-Date"),
            TimeSpan.FromSeconds(seconds), query["X-Amz-Security-Token"]);
    }

    private static SignatureClaim Claim(
        string credential, string signedHeaders, string signature, string timestamp, TimeSpan? expires, string? token)
    {
        var scope = credential.Split('/');
        if (scope.Length < 5 || !string.Equals(scope[^1], "aws4_request", StringComparison.Ordinal))
        {
            throw Malformed("the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".");
        }
        var claim = new SignatureClaim
        {
            AccessKeyId = string.Join('/', scope[..^4]),
            Date = scope[^4],
            Region = scope[^3],
            Service = scope[^2],
            SignedHeaders = [.. signedHeaders.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(h => h.Trim().ToLowerInvariant())],
            Signature = signature,
            Timestamp = timestamp,
            Expires = expires,
            SessionToken = token,
        };
        _ = claim.SignedAt;
        if (!timestamp.StartsWith(claim.Date, StringComparison.Ordinal))
        {
            throw Malformed($"invalid credential date \"{claim.Date}\"; it does not match the date of the request, \"{timestamp}\".");
        }
        return claim;
    }

    private static string Required(Dictionary<string, string> fields, string name) =>
        fields.TryGetValue(name, out var value) && value.Length > 0 ? value : throw Malformed($"missing {name}.");

    private static string? FromHttpDate(string? date) =>
        DateTimeOffset.TryParseExact(date, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)
            : null;

    private static SignatureException Malformed(string what) =>
        new(SignatureFault.Malformed, "The authorization header is malformed; " + what);

    private static SignatureException MalformedQuery(string what) =>
        new(SignatureFault.Malformed, "Error parsing the X-Amz-Credential parameter or another signing parameter; " + what);
}
