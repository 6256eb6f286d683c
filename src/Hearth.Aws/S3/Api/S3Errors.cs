using System.Globalization;
using Hearth.Aws.Http;

namespace Hearth.Aws.S3.Api;

/// <summary>Errors of S3 (Amazon S3 API Reference, error responses).</summary>
internal static class S3Errors
{
    public static AwsException NoSuchBucket(string bucket) =>
        new(404, "NoSuchBucket", "The specified bucket does not exist") { Details = [new("BucketName", bucket)] };

    public static AwsException NoSuchKey(string key) =>
        new(404, "NoSuchKey", "The specified key does not exist.") { Details = [new("Key", key)] };

    public static AwsException NoSuchUpload(string id) => new(
        404, "NoSuchUpload", "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.")
    {
        Details = [new("UploadId", id)],
    };

    public static AwsException AccessDenied(string who, string action, string resource, string because) =>
        new(403, "AccessDenied", $"User: {who} is not authorized to perform: {action} on resource: \"{resource}\"{(because.Length == 0 ? "" : " ")}{because}");

    public static AwsException PreconditionFailed(string condition) =>
        new(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold") { Details = [new("Condition", condition)] };

    public static AwsException InvalidArgument(string name, string? value, string message) =>
        new(400, "InvalidArgument", message) { Details = [new("ArgumentName", name), new("ArgumentValue", value ?? "")] };

    public static AwsException InvalidRequest(string message) => new(400, "InvalidRequest", message);

    public static AwsException MalformedXml() =>
        new(400, "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema");

    public static AwsException InvalidRange(string range, long size) => new(416, "InvalidRange", "The requested range is not satisfiable")
    {
        Details = [new("RangeRequested", range), new("ActualObjectSize", size.ToString(CultureInfo.InvariantCulture))],
        Headers = [new("Content-Range", FormattableString.Invariant($"bytes */{size}"))],
    };

    public static AwsException MethodNotAllowed(string method, string operation) =>
        new(405, "MethodNotAllowed", $"The specified method is not allowed against this resource: {operation}.") { Details = [new("Method", method)] };

    public static AwsException BucketAlreadyExists(string bucket) => new(
        409, "BucketAlreadyExists",
        "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Select a different name and try again.")
    {
        Details = [new("BucketName", bucket)],
    };

    public static AwsException AclNotSupported(string what) =>
        new(400, "AccessControlListNotSupported", $"The bucket does not allow ACLs ({what}): objects belong to the bucket's owner.");

    public static AwsException BadDigest(string what) =>
        new(400, "BadDigest", $"The {what} you specified did not match the calculated checksum.");
}
