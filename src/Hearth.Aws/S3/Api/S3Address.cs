using System.Text;
using Hearth.Aws.Http;

namespace Hearth.Aws.S3.Api;

/// <summary>Bucket and key of a request.</summary>
/// <param name="Bucket">Empty for the service itself.</param>
/// <param name="Key">Empty for the bucket itself.</param>
internal readonly record struct S3Address(string Bucket, string Key)
{
    private const int LongestKey = 1024;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads path style (<c>/bucket/key</c>) and virtual-host style (<c>bucket.s3.region.host/key</c>, <c>bucket.localhost/key</c>).</summary>
    public static S3Address Of(AwsRequest request)
    {
        var path = request.RawPath[1..];
        var bucket = BucketOfHost(request);
        if (bucket.Length == 0)
        {
            var slash = path.IndexOf('/');
            bucket = Decode(slash < 0 ? path : path[..slash]);
            path = slash < 0 ? "" : path[(slash + 1)..];
        }
        var key = Decode(path);
        Check(key);
        return new S3Address(bucket, key);
    }

    /// <summary>Refuses keys that cannot be: of more than 1024 bytes, or with U+0000.</summary>
    public static void Check(string key)
    {
        if (Length(key) > LongestKey)
        {
            throw new AwsException(400, "KeyTooLongError", "Your key is too long");
        }
        if (key.Contains('\0'))
        {
            throw S3Errors.InvalidArgument("key", key.Replace('\0', '\ufffd'), "A key that contains the character U+0000 cannot be stored as a file.");
        }
    }

    private static int Length(string key)
    {
        try
        {
            return Strict.GetByteCount(key);
        }
        catch (EncoderFallbackException)
        {
            throw new AwsException(400, "InvalidURI", "Couldn't parse the specified URI: the key is not Unicode text.");
        }
    }

    /// <summary>The bucket of virtual-host style, or empty.</summary>
    public static string BucketOfHost(AwsRequest request) => FromHost(request.Header("Host") ?? "");

    private static string FromHost(string host)
    {
        var colon = host.LastIndexOf(':');
        host = (colon > 0 && !host.EndsWith(']') ? host[..colon] : host).ToLowerInvariant();
        if (System.Net.IPAddress.TryParse(host.Trim('[', ']'), out _))
        {
            return "";
        }
        var s3 = host.IndexOf(".s3.", StringComparison.Ordinal);
        if (s3 < 0)
        {
            s3 = host.IndexOf(".s3-", StringComparison.Ordinal);
        }
        if (s3 > 0)
        {
            return host[..s3];
        }
        return host.EndsWith(".localhost", StringComparison.Ordinal) && !host.StartsWith("s3.", StringComparison.Ordinal) ? host[..^".localhost".Length] : "";
    }

    private static string Decode(string text) => PercentEncoding.TryDecode(text, plusIsSpace: false, out var decoded)
        ? decoded
        : throw new AwsException(400, "InvalidURI", "Couldn't parse the specified URI: it is not UTF-8 text.");
}
