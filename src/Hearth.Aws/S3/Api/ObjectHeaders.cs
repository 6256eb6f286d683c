using System.Globalization;
using System.Text;
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
        ("x-amz-object-lock-retain-until-date", "object lock"), ("x-amz-website-redirect-location", "website redirects"),
        ("x-amz-write-offset-bytes", "appending to objects"),
    ];

    private static readonly string[] Grants = ["x-amz-grant-full-control", "x-amz-grant-read", "x-amz-grant-write", "x-amz-grant-read-acp", "x-amz-grant-write-acp"];

    /// <summary>Refuses what would be promised but not kept.</summary>
    /// <param name="field">Values by header name.</param>
    public static void RefuseUnsupported(Func<string, string?> field)
    {
        foreach (var (header, feature) in Unsupported)
        {
            if (field(header) is not null)
            {
                throw AwsException.NotImplemented($"{feature} in S3 (header {header})", "Leave the header out.");
            }
        }
        if (Array.Find(Grants, header => field(header) is not null) is { } grant)
        {
            throw S3Errors.AclNotSupported($"header {grant}");
        }
        if (field("x-amz-server-side-encryption") is { } encryption and not "AES256")
        {
            throw AwsException.NotImplemented($"server-side encryption '{encryption}'", "Leave it out: objects are plain files on this machine's disk.");
        }
        if (field("x-amz-storage-class") is { } storageClass and not "STANDARD")
        {
            throw new AwsException(400, "InvalidStorageClass", $"The storage class '{storageClass}' does not exist here; there is only STANDARD.");
        }
        if (field("x-amz-acl") is { } acl && !AclOperations.IsPrivate(acl))
        {
            throw S3Errors.AclNotSupported($"canned ACL '{acl}'");
        }
    }

    /// <summary>Metadata that a request gives to an object.</summary>
    public static ObjectMetadata FromRequest(S3Call call) => From(
        call.Request.Http.Request.Headers.Select(h => KeyValuePair.Create(h.Key, h.Value.ToString())), Tagging.FromHeader(call.Header("x-amz-tagging")));

    /// <summary>Metadata from headers, or from the fields of a form.</summary>
    /// <param name="fields">All of them; names in any case.</param>
    /// <param name="tags">Tags of the object.</param>
    public static ObjectMetadata From(IEnumerable<KeyValuePair<string, string>> fields, IReadOnlyDictionary<string, string> tags)
    {
        var user = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var system = new SortedDictionary<string, string>(StringComparer.Ordinal);
        string? contentType = null;
        foreach (var (name, value) in fields)
        {
            if (name.StartsWith(UserPrefix, StringComparison.OrdinalIgnoreCase))
            {
                user[name[UserPrefix.Length..].ToLowerInvariant()] = EncodedWords.Decode(Printable(name, value));
            }
            else if (string.Equals(name, "Content-Type", StringComparison.OrdinalIgnoreCase))
            {
                contentType = Printable(name, value);
            }
            else if (Array.Find(System, s => string.Equals(s, name, StringComparison.OrdinalIgnoreCase)) is { } known && Printable(name, value) is var text)
            {
                text = string.Equals(known, "Content-Encoding", StringComparison.Ordinal) ? WithoutChunks(text) : text;
                if (text.Length > 0)
                {
                    system[known] = text;
                }
            }
        }
        if (user.Sum(p => Encoding.UTF8.GetByteCount(p.Key) + Encoding.UTF8.GetByteCount(p.Value)) > MostUserBytes)
        {
            throw new AwsException(400, "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size")
            {
                Details = [new("MaxSizeAllowed", MostUserBytes.ToString(CultureInfo.InvariantCulture))],
            };
        }
        return new ObjectMetadata { ContentType = contentType, Headers = system, UserMetadata = user, Tags = tags };
    }

    /// <summary>Headers of GET and HEAD, without those of the range.</summary>
    public static void Write(S3Call call, ObjectInfo info)
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
            headers[UserPrefix + name] = EncodedWords.Encode(value);
        }
        if (facts.Tags.Count > 0)
        {
            headers["x-amz-tagging-count"] = facts.Tags.Count.ToString(CultureInfo.InvariantCulture);
        }
        foreach (var (parameter, header) in Overrides)
        {
            if (call.Query[parameter] is { Length: > 0 } value)
            {
                headers[header] = Printable(parameter, value);
            }
        }
    }

    /// <summary>Checksum headers of an object, or of one of its parts, when the request asks for them.</summary>
    /// <param name="call">The request.</param>
    /// <param name="facts">The object's.</param>
    /// <param name="part">Number of a part; null for the whole object.</param>
    public static void WriteAskedChecksum(S3Call call, ObjectMetadata facts, int? part)
    {
        if (string.Equals(call.Header("x-amz-checksum-mode"), "ENABLED", StringComparison.OrdinalIgnoreCase))
        {
            WriteChecksum(call, part is { } number && facts.PartSizes is not null ? facts with { Checksum = facts.PartChecksums?[number - 1] } : facts, facts.ChecksumType);
        }
    }

    /// <summary>Checksum headers of an object.</summary>
    public static void WriteChecksum(S3Call call, ObjectMetadata facts, string? type = null)
    {
        if (facts is { ChecksumAlgorithm: { } algorithm, Checksum: { } checksum })
        {
            call.Response.Headers[algorithm.Header()] = checksum;
            call.Response.Headers["x-amz-checksum-type"] = type ?? facts.ChecksumType;
        }
    }

    // The coding of the transfer is not the object's.
    private static string WithoutChunks(string coding) =>
        string.Join(", ", coding.Split(',', StringSplitOptions.TrimEntries).Where(v => v is not ("aws-chunked" or "")));

    private static string Printable(string name, string value) => value.Any(c => c is < ' ' and not '\t' or '\u007f')
        ? throw S3Errors.InvalidArgument(name, null, $"The value of {name} holds a control character, which no header can.")
        : value;
}
