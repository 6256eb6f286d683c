using System.Security.Cryptography;
using System.Text;
using Hearth.Aws.Http;

namespace Hearth.Aws.Signing;

/// <summary>The text that both sides hash. S3 encodes the path once, every other service encodes the encoded path again after normalising it.</summary>
public static class CanonicalRequest
{
    /// <summary>Builds the canonical request.</summary>
    /// <param name="method">GET, PUT, ...</param>
    /// <param name="rawPath">Path as sent.</param>
    /// <param name="query">Decoded parameters; <c>X-Amz-Signature</c> is left out.</param>
    /// <param name="signedHeaders">Lower-case names.</param>
    /// <param name="header">Values by name; null when absent.</param>
    /// <param name="payloadHash">Hex digest or one of the markers such as <c>UNSIGNED-PAYLOAD</c>.</param>
    /// <param name="singleEncoding">Whether the rules of S3 hold.</param>
    public static string Build(
        string method, string rawPath, QueryParameters query, IReadOnlyList<string> signedHeaders,
        Func<string, string?> header, string payloadHash, bool singleEncoding)
    {
        var text = new StringBuilder(512);
        text.Append(method).Append('\n');
        text.Append(singleEncoding ? PathOfS3(rawPath) : PathOfOthers(rawPath)).Append('\n');
        AppendQuery(text, query);
        text.Append('\n');
        var names = signedHeaders.Order(StringComparer.Ordinal).ToArray();
        foreach (var name in names)
        {
            text.Append(name).Append(':').Append(CollapseSpaces(header(name) ?? "")).Append('\n');
        }
        return text.Append('\n').AppendJoin(';', names).Append('\n').Append(payloadHash).ToString();
    }

    /// <summary>The text whose HMAC is the signature.</summary>
    public static string StringToSign(string timestamp, string scope, string canonicalRequest) =>
        $"{SignatureClaim.Algorithm}\n{timestamp}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonicalRequest)))}";

    /// <summary>Lower-case hex.</summary>
    public static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    private static string PathOfS3(string rawPath) =>
        PercentEncoding.TryDecode(rawPath, plusIsSpace: false, out var decoded) ? PercentEncoding.Encode(decoded, keepSlash: true) : rawPath;

    private static string PathOfOthers(string rawPath)
    {
        var kept = new List<string>();
        foreach (var segment in rawPath.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (string.Equals(segment, "..", StringComparison.Ordinal))
            {
                if (kept.Count > 0)
                {
                    kept.RemoveAt(kept.Count - 1);
                }
            }
            else if (!string.Equals(segment, ".", StringComparison.Ordinal))
            {
                kept.Add(segment);
            }
        }
        var path = "/" + string.Join('/', kept);
        return PercentEncoding.Encode(kept.Count > 0 && rawPath.EndsWith('/') ? path + "/" : path, keepSlash: true);
    }

    private static void AppendQuery(StringBuilder text, QueryParameters query)
    {
        var pairs = query
            .Where(p => !string.Equals(p.Key, "X-Amz-Signature", StringComparison.Ordinal))
            .Select(p => (Name: PercentEncoding.Encode(p.Key), Value: PercentEncoding.Encode(p.Value)))
            .OrderBy(p => p.Name, StringComparer.Ordinal).ThenBy(p => p.Value, StringComparer.Ordinal);
        var first = true;
        foreach (var (name, value) in pairs)
        {
            text.Append(first ? "" : "&").Append(name).Append('=').Append(value);
            first = false;
        }
    }

    private static string CollapseSpaces(string value)
    {
        value = value.Trim();
        while (value.Contains("  ", StringComparison.Ordinal))
        {
            value = value.Replace("  ", " ", StringComparison.Ordinal);
        }
        return value;
    }
}
