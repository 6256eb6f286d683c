using System.Text;

namespace Hearth.Aws.Http;

/// <summary>Percent encoding as AWS signatures need it: unreserved characters of RFC 3986 stay, hex digits are upper case.</summary>
public static class PercentEncoding
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Encodes UTF-8 bytes of a text.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="keepSlash">Whether <c>/</c> stays as it is (paths).</param>
    public static string Encode(string text, bool keepSlash = false)
    {
        if (IsPlain(text, keepSlash))
        {
            return text;
        }
        var result = new StringBuilder(text.Length * 2);
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            if (IsUnreserved((char)b) || (keepSlash && b == '/'))
            {
                result.Append((char)b);
            }
            else
            {
                result.Append('%').Append(HexDigit(b >> 4)).Append(HexDigit(b & 15));
            }
        }
        return result.ToString();
    }

    /// <summary>Decodes <c>%XX</c>; a stray percent sign stays as it is.</summary>
    /// <param name="text">Encoded text.</param>
    /// <param name="plusIsSpace">Whether <c>+</c> means a space (forms and query strings).</param>
    /// <param name="decoded">The text, or the input when the result is false.</param>
    /// <returns>False when the bytes are not UTF-8.</returns>
    public static bool TryDecode(string text, bool plusIsSpace, out string decoded)
    {
        decoded = text;
        if (!text.Contains('%') && !(plusIsSpace && text.Contains('+')))
        {
            return true;
        }
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        var count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length && Hex(text[i + 1]) is >= 0 and var high && Hex(text[i + 2]) is >= 0 and var low)
            {
                bytes[count++] = (byte)((high << 4) | low);
                i += 2;
            }
            else if (text[i] == '+' && plusIsSpace)
            {
                bytes[count++] = (byte)' ';
            }
            else
            {
                var width = char.IsHighSurrogate(text[i]) && i + 1 < text.Length ? 2 : 1;
                count += Encoding.UTF8.GetBytes(text.AsSpan(i, width), bytes.AsSpan(count));
                i += width - 1;
            }
        }
        try
        {
            decoded = Strict.GetString(bytes, 0, count);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    private static bool IsPlain(string text, bool keepSlash)
    {
        foreach (var c in text)
        {
            if (!IsUnreserved(c) && !(keepSlash && c == '/'))
            {
                return false;
            }
        }
        return true;
    }

    private static bool IsUnreserved(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '~';

    private static char HexDigit(int value) => (char)(value < 10 ? '0' + value : 'A' + value - 10);

    private static int Hex(char c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= 'a' and <= 'f' => c - 'a' + 10,
        >= 'A' and <= 'F' => c - 'A' + 10,
        _ => -1,
    };
}
