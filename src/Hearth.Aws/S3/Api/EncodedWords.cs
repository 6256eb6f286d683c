using System.Text;
using System.Text.RegularExpressions;

namespace Hearth.Aws.S3.Api;

/// <summary>
/// User metadata beyond ASCII: S3 decodes encoded words (RFC 2047) before it stores a value and answers with one
/// (Amazon S3 User Guide, user-defined object metadata).
/// </summary>
internal static partial class EncodedWords
{
    /// <summary>The text of a header value; what is no encoded word, or a broken one, stays as it is.</summary>
    public static string Decode(string value) =>
        value.Contains("=?", StringComparison.Ordinal) ? Words().Replace(value, m => Text(m) ?? m.Value) : value;

    /// <summary>A header value of ASCII only.</summary>
    public static string Encode(string text) =>
        Ascii.IsValid(text) ? text : $"=?UTF-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(text))}?=";

    private static string? Text(Match word)
    {
        try
        {
            var encoding = word.Groups["charset"].Value.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
                ? new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true)
                : Encoding.Latin1;
            var text = word.Groups["text"].Value;
            return encoding.GetString(word.Groups["form"].Value is "B" or "b" ? Convert.FromBase64String(text) : Quoted(text));
        }
        catch (Exception e) when (e is FormatException or DecoderFallbackException)
        {
            return null;
        }
    }

    private static byte[] Quoted(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '=' && i + 2 < text.Length)
            {
                bytes.Add(Convert.FromHexString(text.AsSpan(i + 1, 2))[0]);
                i += 2;
            }
            else
            {
                bytes.Add(text[i] == '_' ? (byte)' ' : (byte)text[i]);
            }
        }
        return [.. bytes];
    }

    // Space between two encoded words belongs to neither.
    [GeneratedRegex(@"=\?(?<charset>utf-8|iso-8859-1|us-ascii)\?(?<form>[BbQq])\?(?<text>[^?\s]*)\?=(?:\s+(?==\?))?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Words();
}
