using System.Globalization;
using Hearth.Aws.Http;
using Hearth.Aws.S3.Checksums;
using Hearth.Aws.S3.Storage;

namespace Hearth.Aws.S3.Api;

/// <summary>Metadata of objects as request and response headers.</summary>
internal static class ObjectHeaders
{
    private const string UserPrefix = "x-amz-meta-";
    private const int MostUserBytes = 2048;
    private static readonly string[] System = ["Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Language", "Expires"];

    private static readonly (string Parameter, string Header)[] Overrides =
    [
        ("response-content-type", "Content-Type"), ("response-content-language", "Content-Language"), ("response-expires", "Expires"),
        ("response-cache-control", "Cache-Control"), ("response-content-disposition", "Content-Disposition"),
        ("response-content-encoding", "Content-Encoding"),
    ];

    private static readonly (string Header, string Feature)[] Unsupported =
    [
        ("x-amz-server-side-encryption-customer-algorithm", "encryption with customer keys (SSE-C)"),
        ("x-amz-server-side-encryption-aws-kms-key-id", "encryption with KMS keys (SSE-KMS)"),
        ("x-amz-object-lock-mode", "object lock"), ("x-amz-object-lock-legal-hold", "object lock"),
        ("x-amz-website-redirect-location", "website redirects"), ("x-amz-grant-read", "access control lists"),
        ("x-amz-grant-full-control", "access control lists"), ("x-amz-grant-write-acp", "access control lists"),
        ("x-amz-grant-read-acp", "access control lists"), ("x-amz-write-offset-bytes", "appending to objects"),
    ];

    /// <summary>Refuses what would be promised but not kept.</summary>
    public static void RefuseUnsupported(S3Call call)
    {
        foreach (var (header, feature) in Unsupported)
        {
            if (call.Header(header) is not null)
            {
                throw AwsException.NotImplemented($"{feature} in S3 (header {header})", "Leave the header out.");
            }
        }
        if (call.Header("x-amz-server-side-encryption") is { } encryption and not "AES256")
        {
            throw AwsException.NotImplemented($"server-side encryption '{encryption}'", "Leave it out: objects are plain files on this machine's disk.");
        }
        if (call.Header("x-amz-storage-class") is { } storageClass and not "STANDARD")
        {
            throw new AwsException(400, "InvalidStorageClass", $"The storage class '{storageClass}' does not exist here; there is only STANDARD.");
        }
        if (call.Header("x-amz-acl") is { } acl and not ("private" or "bucket-owner-full-control" or "bucket-owner-read"))
        {
            throw new AwsException(400, "AccessControlListNotSupported", $"The bucket does not allow ACLs (canned ACL '{acl}').");
        }
    }

    /// <summary>Metadata that a request gives to an object.</summary>
    public static ObjectMetadata FromRequest(S3Call call)
    {
        var user = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var size = 0;
        foreach (var (name, value) in call.Request.Http.Request.Headers)
        {
            if (name.StartsWith(UserPrefix, StringComparison.OrdinalIgnoreCase))
            {
                user[name[UserPrefix.Length..].ToLowerInvariant()] = value.ToString();
                size += name.Length - UserPrefix.Length + value.ToString().Length;
            }
        }
        if (size > MostUserBytes)
        {
            throw new AwsException(400, "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size");
        }
        var system = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in System)
        {
            var value = call.Header(name);
            if (string.Equals(name, "Content-Encoding", StringComparison.Ordinal) && value is not null)
            {
                value = string.Join(',', value.Split(',', StringSplitOptions.TrimEntries).Where(v => v is not ("aws-chunked" or "")));
            }
            if (!string.IsNullOrEmpty(value))
            {
                system[name] = value;
            }
        }
        return new ObjectMetadata
        {
            ContentType = call.Header("Content-Type"),
            Headers = system,
            UserMetadata = user,
            Tags = Tagging.FromHeader(call.Header("x-amz-tagging")),
        };
    }

    /// <summary>Headers of GET and HEAD, without those of the range.</summary>
    public static void Write(S3Call call, ObjectInfo info, bool whole)
    {
        var headers = call.Response.Headers;
        var facts = info.Metadata;
        headers.ETag = ETags.Quoted(info.ETag);
        headers.LastModified = info.LastModified.UtcDateTime.ToString("r", CultureInfo.InvariantCulture);
        headers.AcceptRanges = "bytes";
        headers.ContentType = facts.ContentType ?? "binary/octet-stream";
        foreach (var (name, value) in facts.Headers)
        {
            headers[name] = value;
        }
        foreach (var (name, value) in facts.UserMetadata)
        {
            headers[UserPrefix + name] = value;
        }
        if (facts.Tags.Count > 0)
        {
            headers["x-amz-tagging-count"] = facts.Tags.Count.ToString(CultureInfo.InvariantCulture);
        }
        if (whole && string.Equals(call.Header("x-amz-checksum-mode"), "ENABLED", StringComparison.OrdinalIgnoreCase))
        {
            WriteChecksum(call, facts);
        }
        foreach (var (parameter, header) in Overrides)
        {
            if (call.Query[parameter] is { Length: > 0 } value)
            {
                headers[header] = value;
            }
        }
    }

    /// <summary>Checksum headers of an object.</summary>
    public static void WriteChecksum(S3Call call, ObjectMetadata facts)
    {
        if (facts is { ChecksumAlgorithm: { } algorithm, Checksum: { } checksum })
        {
            call.Response.Headers[algorithm.Header()] = checksum;
            call.Response.Headers["x-amz-checksum-type"] = facts.ChecksumType;
        }
    }
}
