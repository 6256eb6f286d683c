using System.Collections.Concurrent;
using Hearth.Aws.Http;

namespace Hearth.Aws.Signing;

/// <summary>What of a request is signed.</summary>
/// <param name="Method">GET, PUT, ...</param>
/// <param name="RawPath">Path as sent.</param>
/// <param name="Query">Decoded query.</param>
/// <param name="Header">Header values by name; several lines joined by commas.</param>
/// <param name="HeaderNames">Names of all headers.</param>
public sealed record SignedRequest(
    string Method, string RawPath, QueryParameters Query, Func<string, string?> Header, IEnumerable<string> HeaderNames);

/// <summary>Checks AWS Signature Version 4 against the keys of the platform.</summary>
/// <param name="credentials">The keys.</param>
/// <param name="region">The platform's region; scopes must name it.</param>
/// <param name="time">The clock.</param>
public sealed class SigV4Verifier(ICredentialStore credentials, string region, TimeProvider time)
{
    /// <summary>How far the clocks of client and platform may differ.</summary>
    public static readonly TimeSpan AllowedSkew = TimeSpan.FromMinutes(15);

    private const int MostCachedKeys = 256;
    private static readonly string[] GlobalServices = ["iam", "sts", "organizations", "cloudfront", "route53"];
    private readonly ConcurrentDictionary<(string AccessKey, string Scope), SigningKey> keys = new();

    /// <summary>Checks everything but the body, whose hash the caller has computed or takes from the request.</summary>
    /// <exception cref="SignatureException">Not believed.</exception>
    public VerifiedSignature Verify(SignedRequest request, SignatureClaim claim, string payloadHash)
    {
        var s3 = string.Equals(claim.Service, "s3", StringComparison.Ordinal);
        var credential = credentials.Find(claim.AccessKeyId, claim.SessionToken) ?? throw Unknown(claim, s3);
        CheckToken(credential, claim);
        CheckRegion(claim, s3);
        CheckTime(claim);
        CheckSignedHeaders(request, claim, s3);
        var key = KeyOf(credential, claim);
        var canonical = CanonicalRequest.Build(
            request.Method, request.RawPath, request.Query, claim.SignedHeaders, request.Header, payloadHash, singleEncoding: s3);
        var toSign = CanonicalRequest.StringToSign(claim.Timestamp, claim.Scope, canonical);
        if (!key.Matches(toSign, claim.Signature))
        {
            throw Mismatch(claim, canonical, toSign);
        }
        return new VerifiedSignature { Credential = credential, Claim = claim, Key = key, PayloadHash = payloadHash };
    }

    private static SignatureException Unknown(SignatureClaim claim, bool s3) => claim.SessionToken is not null && claim.AccessKeyId.StartsWith(SessionTokens.KeyPrefix, StringComparison.Ordinal)
        ? new SignatureException(SignatureFault.Token, s3 ? "The provided token is malformed or otherwise invalid." : "The security token included in the request is invalid.")
        : new SignatureException(SignatureFault.UnknownKey, s3
            ? "The AWS Access Key Id you provided does not exist in our records."
            : "The security token included in the request is invalid.")
        { Details = [new("AWSAccessKeyId", claim.AccessKeyId)] };

    private void CheckToken(AwsCredential credential, SignatureClaim claim)
    {
        var expected = credential.SessionToken ?? "";
        var given = claim.SessionToken ?? "";
        if (!System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(
            System.Text.Encoding.UTF8.GetBytes(expected), System.Text.Encoding.UTF8.GetBytes(given)))
        {
            throw new SignatureException(SignatureFault.Token, "The security token included in the request is invalid.");
        }
        if (credential.ExpiresAt <= time.GetUtcNow())
        {
            throw new SignatureException(SignatureFault.Expired, "The security token included in the request is expired.");
        }
    }

    private void CheckRegion(SignatureClaim claim, bool s3)
    {
        var global = string.Equals(claim.Region, "us-east-1", StringComparison.Ordinal) && GlobalServices.Contains(claim.Service, StringComparer.Ordinal);
        if (global || string.Equals(claim.Region, region, StringComparison.Ordinal))
        {
            return;
        }
        throw new SignatureException(SignatureFault.Region, s3
            ? $"The authorization header is malformed; the region '{claim.Region}' is wrong; expecting '{region}'"
            : $"Credential should be scoped to a valid region. This platform is in region '{region}', the request was signed for '{claim.Region}': use --region {region} or set AWS_REGION.")
        { Details = [new("Region", region)] };
    }

    private void CheckTime(SignatureClaim claim)
    {
        var now = time.GetUtcNow();
        var signed = claim.SignedAt;
        if (claim.Expires is { } expires)
        {
            if (now > signed + expires)
            {
                throw new SignatureException(SignatureFault.Expired, "Request has expired")
                {
                    Details = [new("X-Amz-Expires", $"{expires.TotalSeconds}"), new("Expires", Iso(signed + expires)), new("ServerTime", Iso(now))],
                };
            }
            if (signed > now + AllowedSkew)
            {
                throw new SignatureException(SignatureFault.Expired, "Request is not yet valid");
            }
        }
        else if ((now - signed).Duration() > AllowedSkew)
        {
            throw new SignatureException(SignatureFault.Skewed, "The difference between the request time and the current time is too large.")
            {
                Details = [new("RequestTime", claim.Timestamp), new("ServerTime", Iso(now)), new("MaxAllowedSkewMilliseconds", "900000")],
            };
        }
    }

    private static void CheckSignedHeaders(SignedRequest request, SignatureClaim claim, bool s3)
    {
        if (!claim.SignedHeaders.Contains("host", StringComparer.Ordinal))
        {
            throw new SignatureException(SignatureFault.UnsignedHeader, "'Host' must be a 'SignedHeader' in the AWS Authorization.");
        }
        var unsigned = s3
            ? request.HeaderNames.Where(name =>
                name.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase) && !claim.SignedHeaders.Contains(name.ToLowerInvariant(), StringComparer.Ordinal)
                && !(claim.IsPresigned && name.Equals("x-amz-content-sha256", StringComparison.OrdinalIgnoreCase))).ToArray()
            : [];
        if (unsigned.Length > 0)
        {
            throw new SignatureException(SignatureFault.UnsignedHeader, "There were headers present in the request which were not signed")
            {
                Details = [new("HeadersNotSigned", string.Join(", ", unsigned))],
            };
        }
    }

    private SigningKey KeyOf(AwsCredential credential, SignatureClaim claim)
    {
        if (keys.TryGetValue((credential.AccessKeyId, claim.Scope), out var known))
        {
            return known;
        }
        if (keys.Count >= MostCachedKeys)
        {
            keys.Clear();
        }
        return keys.GetOrAdd(
            (credential.AccessKeyId, claim.Scope), _ => SigningKey.Derive(credential.SecretAccessKey, claim.Date, claim.Region, claim.Service));
    }

    private static SignatureException Mismatch(SignatureClaim claim, string canonical, string toSign) => new(
        SignatureFault.Mismatch,
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.")
    {
        Details =
        [
            new("AWSAccessKeyId", claim.AccessKeyId), new("StringToSign", toSign), new("SignatureProvided", claim.Signature), new("CanonicalRequest", canonical),
        ],
    };

    private static string Iso(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
