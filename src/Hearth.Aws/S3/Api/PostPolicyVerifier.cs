using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hearth.Aws.Http;
using Hearth.Aws.Signing;

namespace Hearth.Aws.S3.Api;

/// <summary>
/// Checks the signature of a form upload, which is one over its policy: with Signature Version 4, or with version 2 as boto3's
/// <c>generate_presigned_post</c> makes it where it is not configured otherwise.
/// </summary>
/// <param name="credentials">The keys.</param>
/// <param name="region">The platform's region.</param>
/// <param name="time">The clock.</param>
internal sealed class PostPolicyVerifier(ICredentialStore credentials, string region, TimeProvider time)
{
    /// <summary>The moment that expirations are held against.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Who signed.</summary>
    /// <exception cref="SignatureException">Not believed.</exception>
    public VerifiedSignature Verify(PostForm form)
    {
        var policy = form["policy"] ?? throw new AwsException(403, "AccessDenied", "Access Denied: the form carries no policy, and nothing here is public.");
        return form["x-amz-algorithm"] is { } algorithm ? Version4(form, policy, algorithm) : Version2(form, policy);
    }

    private VerifiedSignature Version4(PostForm form, string policy, string algorithm)
    {
        if (algorithm is not SignatureClaim.Algorithm)
        {
            throw S3Errors.InvalidArgument("x-amz-algorithm", algorithm, "The signing algorithm must be AWS4-HMAC-SHA256.");
        }
        var scope = Required(form, "x-amz-credential").Split('/');
        var date = Required(form, "x-amz-date");
        if (scope.Length < 5 || scope[^1] is not "aws4_request" || scope[^2] is not "s3" || !date.StartsWith(scope[^4], StringComparison.Ordinal))
        {
            throw S3Errors.InvalidArgument("x-amz-credential", form["x-amz-credential"], "The credential must be KEY/YYYYMMDD/REGION/s3/aws4_request, of the day of x-amz-date.");
        }
        if (!string.Equals(scope[^3], region, StringComparison.Ordinal))
        {
            throw new SignatureException(SignatureFault.Region, $"The form is signed for the region '{scope[^3]}'; expecting '{region}'") { Details = [new("Region", region)] };
        }
        var credential = Credential(form, string.Join('/', scope[..^4]));
        var key = SigningKey.Derive(credential.SecretAccessKey, scope[^4], region, "s3");
        return key.Matches(policy, Required(form, "x-amz-signature")) ? Verified(credential, key) : throw Mismatch();
    }

    private VerifiedSignature Version2(PostForm form, string policy)
    {
        var credential = Credential(form, Required(form, "AWSAccessKeyId"));
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA1, Encoding.UTF8.GetBytes(credential.SecretAccessKey));
        hash.AppendData(Encoding.UTF8.GetBytes(policy));
        var expected = Convert.ToBase64String(hash.GetHashAndReset());
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(Required(form, "signature")))
            ? Verified(credential, SigningKey.Derive(credential.SecretAccessKey, Day(), region, "s3"))
            : throw Mismatch();
    }

    private AwsCredential Credential(PostForm form, string accessKey)
    {
        var credential = credentials.Find(accessKey, form["x-amz-security-token"])
            ?? throw new SignatureException(SignatureFault.UnknownKey, "The AWS Access Key Id you provided does not exist in our records.")
            {
                Details = [new("AWSAccessKeyId", accessKey)],
            };
        if (!string.Equals(form["x-amz-security-token"] ?? "", credential.SessionToken ?? "", StringComparison.Ordinal))
        {
            throw new SignatureException(SignatureFault.Token, "The provided token is malformed or otherwise invalid.");
        }
        return credential.ExpiresAt <= Now ? throw new SignatureException(SignatureFault.Expired, "The provided token has expired.") : credential;
    }

    private VerifiedSignature Verified(AwsCredential credential, SigningKey key) => new()
    {
        Credential = credential,
        PayloadHash = PayloadMarkers.Unsigned,
        Key = key,
        Claim = new SignatureClaim
        {
            AccessKeyId = credential.AccessKeyId, Date = Day(), Region = region, Service = "s3", SignedHeaders = [], Signature = "",
            Timestamp = Now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture),
        },
    };

    private string Day() => Now.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    private static string Required(PostForm form, string field) =>
        form[field] is { Length: > 0 } value
            ? value
            : throw S3Errors.InvalidArgument(field, null, $"Bucket POST must contain a field named '{field}'.  If it is specified, please check the order of the fields.");

    private static SignatureException Mismatch() => new(
        SignatureFault.Mismatch,
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.");
}
