using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hearth.Engine.Duck;
using Hearth.Engine.Formatting;
using static Hearth.Engine.Functions.ManagedLibrary;

namespace Hearth.Engine.Functions;

/// <summary>Text functions of our own.</summary>
internal static class ManagedText
{
    public static void Register(ManagedFunctions f)
    {
        f.Add<string, TextCodec, string, TextCodec>("hearth_json_string", (string s, out string r) => Give($"\"{JsonEncodedText.Encode(s, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"", out r));
        f.Add<string, TextCodec, string, TextCodec>("hearth_soundex", (string s, out string r) => Give(Soundex(s), out r));
        f.Add<string, TextCodec, string, TextCodec>("hearth_luhn", (string s, out string r) => Give(Luhn(s) ? "true" : "false", out r));
        f.Add<string, TextCodec, string, TextCodec, int, IntCodec>("hearth_levenshtein", (string a, string b, out int r) => Give(Levenshtein(a, b), out r));
        f.AddText("hearth_mask", 5, Mask);
        f.AddText("hearth_format", 3, a => a[0] is null ? null : JavaFormat.Apply(a[0]!, a[1]!));
        f.AddText("hearth_format_number", 2, a => a[0] is null || a[1] is null ? null : JavaFormat.Grouped(a[0]!, int.Parse(a[1]!, CultureInfo.InvariantCulture)));
        f.AddText("hearth_format_pattern", 2, a => a[0] is null || a[1] is null ? null : JavaFormat.Pattern(a[0]!, a[1]!));
        f.AddText("hearth_conv", 4, a => a.Any(v => v is null) ? null : Conv(a[0]!, int.Parse(a[1]!, CultureInfo.InvariantCulture), int.Parse(a[2]!, CultureInfo.InvariantCulture), a[3] == "strict"));
        f.AddText("hearth_parse_url", 3, a => a[0] is null || a[1] is null ? null : ParseUrl(a[0]!, a[1]!, a[2]));
        f.Add<byte[], BlobCodec, int, IntCodec, string, TextCodec>("hearth_sha2", (byte[] b, int bits, out string r) => bits switch
        {
            384 => Give(Convert.ToHexStringLower(SHA384.HashData(b)), out r),
            512 => Give(Convert.ToHexStringLower(SHA512.HashData(b)), out r),
            0 or 256 => Give(Convert.ToHexStringLower(SHA256.HashData(b)), out r),
            _ => Nothing(out r),
        });
        f.Add<byte[], BlobCodec, long, LongCodec>("hearth_crc32", (byte[] b, out long r) => Give(Crc32(b), out r));
        f.Add<long, LongCodec, int, IntCodec, string, TextCodec, long, LongCodec>("hearth_shift", (long v, int n, string kind, out long r) => Give(Shift(v, n, kind), out r));
        f.Add<double, DoubleCodec, int, IntCodec, bool, BoolCodec, double, DoubleCodec>("hearth_round", (double v, int n, bool up, out double r) => Give(Round(v, n, up), out r));
        Regexes(f);
    }

    private static void Regexes(ManagedFunctions f)
    {
        f.Add<string, TextCodec, string, TextCodec, bool, BoolCodec>("hearth_regexp_like", (string s, string p, out bool r) => Give(JavaRegex.Of(p).IsMatch(s), out r));
        f.Add<string, TextCodec, string, TextCodec, string, TextCodec, string, TextCodec>("hearth_regexp_replace", (string s, string p, string by, out string r) => Give(JavaRegex.Of(p).Replace(s, JavaRegex.Replacement(by)), out r));
        f.Add<string, TextCodec, string, TextCodec, string, TextCodec, string, TextCodec>("hearth_regexp_extract", (string s, string p, string group, out string r) =>
        {
            Match match = JavaRegex.Of(p).Match(s);
            return Give(match.Success ? Group(match, group).Value : "", out r);
        });
        f.Add<string, TextCodec, string, TextCodec, long, LongCodec>("hearth_regexp_instr", (string s, string p, out long r) => Give(JavaRegex.Of(p).Match(s) is { Success: true } m ? m.Index + 1 : 0L, out r));
        f.AddTextList("hearth_regexp_extract_all", 3, a => [.. JavaRegex.Of(a[1]).Matches(a[0]).Select(m => Group(m, a[2]).Value)]);
        f.AddTextList("hearth_split", 3, a => Split(a[0], a[1], int.Parse(a[2], CultureInfo.InvariantCulture)));
    }

    private static Group Group(Match match, string index) => int.Parse(index, CultureInfo.InvariantCulture) is var n && n >= 0 && n < match.Groups.Count
        ? match.Groups[n]
        : throw new EngineException("INVALID_PARAMETER_VALUE.REGEX_GROUP_INDEX", $"The value of parameter(s) `idx` is invalid: Expects group index between 0 and {match.Groups.Count - 1}, but got {index}.", ErrorKind.SparkRuntimeException);

    private static List<string> Split(string text, string pattern, int limit)
    {
        List<string> parts = [];
        int start = 0;
        foreach (Match match in JavaRegex.Of(pattern).Matches(text))
        {
            // Java: no empty part before a match of length 0 at the start.
            bool empty = match.Length == 0 && (match.Index == 0 || match.Index == text.Length);
            if (empty || (limit > 0 && parts.Count == limit - 1))
            {
                continue;
            }

            parts.Add(text[start..match.Index]);
            start = match.Index + match.Length;
        }

        parts.Add(text[start..]);
        return parts;
    }

    private static string Soundex(string text)
    {
        const string Codes = "01230127022455012623017202";
        if (text.Length == 0 || !char.IsAsciiLetter(text[0]))
        {
            return text;
        }

        StringBuilder result = new();
        char last = '0';
        foreach (char c in text.ToUpperInvariant())
        {
            if (!char.IsAsciiLetter(c))
            {
                last = '0';
                continue;
            }

            char code = Codes[c - 'A'];
            if (result.Length == 0)
            {
                result.Append(c);
                last = code;
            }
            else if (code != '7')
            {
                if (code != '0' && code != last && result.Length < 4)
                {
                    result.Append(code);
                }

                last = code;
            }
        }

        return result.ToString().PadRight(4, '0');
    }

    private static bool Luhn(string text)
    {
        if (text.Length == 0 || !text.All(char.IsAsciiDigit))
        {
            return false;
        }

        int sum = 0;
        for (int i = 0; i < text.Length; i++)
        {
            int digit = text[text.Length - 1 - i] - '0';
            int doubled = i % 2 == 1 ? digit * 2 : digit;
            sum += doubled > 9 ? doubled - 9 : doubled;
        }

        return sum % 10 == 0;
    }

    private static int Levenshtein(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }

    private static string? Mask(string?[] a)
    {
        if (a[0] is null)
        {
            return null;
        }

        StringBuilder text = new(a[0]!.Length);
        foreach (char c in a[0]!)
        {
            string? by = char.IsUpper(c) ? a[1] : char.IsLower(c) ? a[2] : char.IsDigit(c) ? a[3] : a[4];
            text.Append(string.IsNullOrEmpty(by) ? c : by[0]);
        }

        return text.ToString();
    }

    // Unsigned 64-bit; a negative target base gives a signed result.
    private static string? Conv(string text, int from, int to, bool strict)
    {
        if (Math.Abs(from) is < 2 or > 36 || Math.Abs(to) is < 2 or > 36 || text.Trim().Length == 0)
        {
            return null;
        }

        text = text.Trim();
        bool negative = text[0] == '-';
        BigInteger value = 0;
        foreach (char c in text[(negative ? 1 : 0)..].ToUpperInvariant())
        {
            int digit = char.IsAsciiDigit(c) ? c - '0' : c is >= 'A' and <= 'Z' ? c - 'A' + 10 : 99;
            if (digit >= Math.Abs(from))
            {
                break;
            }

            value = (value * Math.Abs(from)) + digit;
            if (value > ulong.MaxValue)
            {
                value = strict ? throw new EngineException("ARITHMETIC_OVERFLOW", "Overflow in function conv(). If necessary set \"spark.sql.ansi.enabled\" to \"false\" to bypass this error.", ErrorKind.SparkRuntimeException) : ulong.MaxValue;
            }
        }

        ulong bits = (ulong)value;
        bits = negative && to > 0 ? (long)bits < 0 ? ulong.MaxValue : (ulong)(-(long)bits) : bits;
        bool sign = to < 0 && (negative || (long)bits < 0);
        ulong rest = to < 0 && !negative && (long)bits < 0 ? (ulong)-(long)bits : bits;
        StringBuilder digits = new();
        do
        {
            digits.Insert(0, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[(int)(rest % (ulong)Math.Abs(to))]);
            rest /= (ulong)Math.Abs(to);
        }
        while (rest > 0);
        return (sign ? "-" : "") + digits;
    }

    private static string? ParseUrl(string url, string part, string? key)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || url.Contains(' ', StringComparison.Ordinal))
        {
            return null;
        }

        string? query = uri.Query.Length > 1 ? uri.Query[1..] : null;
        return part switch
        {
            "HOST" => uri.Host.Length == 0 ? null : uri.Host,
            "PATH" => uri.OriginalString.Contains(uri.Host + "/", StringComparison.Ordinal) ? uri.AbsolutePath : "",
            "QUERY" when key is null => query,
            "QUERY" => query?.Split('&').Select(p => p.Split('=', 2)).FirstOrDefault(p => p[0] == key)?.ElementAtOrDefault(1),
            "REF" => uri.Fragment.Length > 1 ? uri.Fragment[1..] : null,
            "PROTOCOL" => uri.Scheme,
            "FILE" => uri.PathAndQuery,
            "AUTHORITY" => uri.UserInfo.Length > 0 ? $"{uri.UserInfo}@{uri.Authority}" : uri.Authority,
            "USERINFO" => uri.UserInfo.Length == 0 ? null : uri.UserInfo,
            _ => null,
        };
    }

    private static long Crc32(byte[] bytes)
    {
        uint crc = 0xFFFFFFFF;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int i = 0; i < 8; i++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
        }

        return crc ^ 0xFFFFFFFF;
    }

    private static long Shift(long value, int count, string kind) => kind switch
    {
        "<<64" => value << (count & 63),
        ">>64" => value >> (count & 63),
        ">>>64" => value >>> (count & 63),
        "<<32" => (int)value << (count & 31),
        ">>32" => (int)value >> (count & 31),
        _ => (int)value >>> (count & 31),
    };

    private static readonly double[] Powers = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8];

    // Through the shortest decimal text, as BigDecimal.valueOf does.
    private static double Round(double value, int digits, bool up)
    {
        // Far from a tie the decimal detour changes nothing.
        if (digits is >= 0 and <= 8 && Math.Abs(value) < 1e6)
        {
            double factor10 = Powers[digits], scaled = Math.Abs(value) * factor10, rest = scaled - Math.Floor(scaled);
            if (Math.Abs(rest - 0.5) > 1e-4)
            {
                return Math.CopySign((rest > 0.5 ? Math.Floor(scaled) + 1 : Math.Floor(scaled)) / factor10, value);
            }
        }

        if (!double.IsFinite(value) || digits > 30 || !decimal.TryParse(JavaText.OfDouble(value), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal exact))
        {
            return value;
        }

        MidpointRounding mode = up ? MidpointRounding.AwayFromZero : MidpointRounding.ToEven;
        if (digits >= 0)
        {
            return digits >= 28 ? value : (double)Math.Round(exact, digits, mode);
        }

        decimal factor = -digits > 28 ? 0 : (decimal)Math.Pow(10, -digits);
        return factor == 0 ? 0 : (double)(Math.Round(exact / factor, 0, mode) * factor);
    }
}
