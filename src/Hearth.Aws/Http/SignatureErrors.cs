using Hearth.Aws.Signing;

namespace Hearth.Aws.Http;

/// <summary>Requests that are not believed, in the words of each protocol (AWS common errors; S3 error responses).</summary>
internal static class SignatureErrors
{
    /// <summary>Translates.</summary>
    public static AwsException Translate(SignatureException error, AwsProtocol protocol, bool presigned, string region)
    {
        var (status, code) = protocol switch
        {
            AwsProtocol.RestXml => OfS3(error, presigned),
            AwsProtocol.Query or AwsProtocol.Ec2Query => OfQuery(error.Fault),
            _ => OfJson(error.Fault, protocol),
        };
        return new AwsException(status, code, error.Message)
        {
            Details = protocol == AwsProtocol.RestXml ? error.Details : [],
            Headers = protocol == AwsProtocol.RestXml ? [new("x-amz-bucket-region", region)] : [],
        };
    }

    private static (int Status, string Code) OfS3(SignatureException error, bool presigned) => error.Fault switch
    {
        SignatureFault.Missing or SignatureFault.UnsignedHeader => (403, "AccessDenied"),
        SignatureFault.Malformed or SignatureFault.Region => (400, presigned ? "AuthorizationQueryParametersError" : "AuthorizationHeaderMalformed"),
        SignatureFault.Algorithm => (400, "InvalidRequest"),
        SignatureFault.UnknownKey => (403, "InvalidAccessKeyId"),
        SignatureFault.Token => (400, "InvalidToken"),
        SignatureFault.Expired => presigned ? (403, "AccessDenied") : (400, "ExpiredToken"),
        SignatureFault.Skewed => (403, "RequestTimeTooSkewed"),
        SignatureFault.Payload => (400, "XAmzContentSHA256Mismatch"),
        _ => (403, "SignatureDoesNotMatch"),
    };

    private static (int Status, string Code) OfQuery(SignatureFault fault) => fault switch
    {
        SignatureFault.Missing => (403, "MissingAuthenticationToken"),
        SignatureFault.Malformed or SignatureFault.Algorithm => (400, "IncompleteSignature"),
        SignatureFault.UnknownKey or SignatureFault.Token => (403, "InvalidClientTokenId"),
        SignatureFault.Expired => (403, "ExpiredToken"),
        _ => (403, "SignatureDoesNotMatch"),
    };

    private static (int Status, string Code) OfJson(SignatureFault fault, AwsProtocol protocol) =>
        (protocol == AwsProtocol.JsonRpc ? 400 : 403, fault switch
        {
            SignatureFault.Missing => "MissingAuthenticationTokenException",
            SignatureFault.Malformed or SignatureFault.Algorithm => "IncompleteSignatureException",
            SignatureFault.UnknownKey or SignatureFault.Token => "UnrecognizedClientException",
            SignatureFault.Expired => "ExpiredTokenException",
            _ => "InvalidSignatureException",
        });
}
