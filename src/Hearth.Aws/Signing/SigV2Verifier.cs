using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hearth.Aws.Http;

namespace Hearth.Aws.Signing;

/// <summary>
/// Checks presigned S3 URLs of Signature Version 2, which botocore and <c>aws s3 presign</c> still make by default for an endpoint of
/// one's own. Nothing else is believed in this version. (Amazon S3 User Guide, "Signing and authenticating REST requests".)
/// </summary>
/// <param name="credentials">The keys.</param>
/// <param name="region">The platform's region; the version does not name one.</param>
/// <param name="time">The clock.</param>
public sealed class SigV2Verifier(ICredentialStore credentials, string region, TimeProvider time)
{
    private static readonly HashSet<string> SignedParameters = new(StringComparer.Ordinal)
    {
        "accelerate", "acl", "analytics", "cors", "delete", "inventory", "lifecycle", "location", "logging", "metrics", "notification", "object-lock",
        "partNumber", "policy", "replication", "requestPayment", "response-cache-control", "response-content-disposition", "response-content-encoding",
        "response-content-language", "response-content-type", "response-expires", "restore", "select", "select-type", "tagging", "torrent", "uploadId",
        "uploads", "versionId", "versioning", "versions", "website",
    };

    /// <summary>Whether a query holds a signature of this version.</summary>
    public static bool IsPresigned(QueryParameters query) => query.Has("AWSAccessKeyId") && query.Has("Signature") && query.Has("Expires");

    /// <summary>Checks a presigned request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="virtualBucket">The bucket when it stands in the host name, otherwise empty.</param>
    /// <exception cref="SignatureException">Not believed.</exception>
    public VerifiedSignature Verify(SignedRequest request, string virtualBucket)
    {
        var query = request.Query;
        var accessKey = query["AWSAccessKeyId"]!;
        var token = query["x-amz-security-token"] ?? request.Header("x-amz-security-token");
        var credential = credentials.Find(accessKey, token)
            ?? throw new SignatureException(SignatureFault.UnknownKey, "The AWS Access Key Id you provided does not exist in our records.");
        var ends = Expiry(query["Expires"]!);
        if (time.GetUtcNow() > ends || time.GetUtcNow() > credential.ExpiresAt)
        {
            throw new SignatureException(SignatureFault.Expired, "Request has expired");
        }
        var expected = Sign(credential.SecretAccessKey, StringToSign(request, virtualBucket));
        if (!Equal(token ?? "", credential.SessionToken ?? ""))
        {
            throw new SignatureException(SignatureFault.Token, "The provided token is malformed or otherwise invalid.");
        }
        if (!Equal(expected, query["Signature"]!))
        {
            throw new SignatureException(
                SignatureFault.Mismatch,
                "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.");
        }
        return Verified(credential, ends);
    }

    private VerifiedSignature Verified(AwsCredential credential, DateTimeOffset ends)
    {
        var now = time.GetUtcNow();
        var date = now.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        return new VerifiedSignature
        {
            Credential = credential,
            PayloadHash = PayloadMarkers.Unsigned,
            Key = SigningKey.Derive(credential.SecretAccessKey, date, region, "s3"),
            Claim = new SignatureClaim
            {
                AccessKeyId = credential.AccessKeyId, Date = date, Region = region, Service = "s3", SignedHeaders = [], Signature = "",
                Timestamp = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture), Expires = ends - now,
            },
        };
    }

    private static string StringToSign(SignedRequest request, string virtualBucket)
    {
        string? Value(string name) => request.Header(name) ?? request.Query[name];
        var text = new StringBuilder();
        text.Append(request.Method).Append('\n').Append(Value("content-md5")).Append('\n').Append(Value("content-type")).Append('\n')
            .Append(request.Query["Expires"]).Append('\n');
        var amz = request.HeaderNames.Concat(request.Query.Select(p => p.Key)).Select(n => n.ToLowerInvariant())
            .Where(n => n.StartsWith("x-amz-", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        foreach (var name in amz)
        {
            text.Append(name).Append(':').Append(Value(name)?.Trim()).Append('\n');
        }
        text.Append(virtualBucket.Length == 0 ? "" : "/" + virtualBucket).Append(request.RawPath);
        var parameters = request.Query.Where(p => SignedParameters.Contains(p.Key)).OrderBy(p => p.Key, StringComparer.Ordinal)
            .Select(p => p.Value.Length == 0 ? p.Key : $"{p.Key}={p.Value}").ToArray();
        return text.Append(parameters.Length == 0 ? "" : "?").AppendJoin('&', parameters).ToString();
    }

    private static string Sign(string secret, string text)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA1, Encoding.UTF8.GetBytes(secret));
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        return Convert.ToBase64String(hash.GetHashAndReset());
    }

    private static DateTimeOffset Expiry(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : throw new SignatureException(SignatureFault.Malformed, "Invalid date (should be seconds since epoch): " + text);

    private static bool Equal(string a, string b) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(a), Encoding.UTF8.GetBytes(b));
}
