using System.Globalization;
using System.Numerics;

namespace Hearth.Engine.Functions;

/// <summary>java.util.Formatter directives and java.text.DecimalFormat patterns over values given as text.</summary>
internal static class JavaFormat
{
    /// <summary>One directive: flags, width, precision and kind (<c>05d</c>, <c>-10s</c>, <c>,.2f</c>).</summary>
    public static string Apply(string value, string directive)
    {
        char kind = directive[^1];
        string flags = new(directive.TakeWhile(c => c is '-' or '+' or ' ' or ',' or '(' or '#' or '0').ToArray());
        string[] numbers = directive[flags.Length..^1].Split('.');
        int width = numbers[0].Length == 0 ? 0 : int.Parse(numbers[0], CultureInfo.InvariantCulture);
        int precision = numbers.Length > 1 ? int.Parse(numbers[1], CultureInfo.InvariantCulture) : -1;
        string text = Body(value, kind, flags, precision);
        bool left = flags.Contains('-', StringComparison.Ordinal), zeros = flags.Contains('0', StringComparison.Ordinal) && kind is not ('s' or 'S');
        if (zeros && text.Length < width)
        {
            int sign = text.Length > 0 && text[0] is '-' or '+' or ' ' ? 1 : 0;
            text = text[..sign] + new string('0', width - text.Length) + text[sign..];
        }

        return left ? text.PadRight(width) : text.PadLeft(width);
    }

    private static string Body(string value, char kind, string flags, int precision)
    {
        switch (kind)
        {
            case 'd':
                return Sign(BigInteger.Parse(value, CultureInfo.InvariantCulture).ToString(flags.Contains(',', StringComparison.Ordinal) ? "#,##0" : "0", CultureInfo.InvariantCulture), flags);
            case 'x' or 'X':
                string hex = long.Parse(value, CultureInfo.InvariantCulture) is var n && n is < 0 and >= int.MinValue ? ((int)n).ToString("x", CultureInfo.InvariantCulture) : n.ToString("x", CultureInfo.InvariantCulture);
                return kind == 'X' ? hex.ToUpperInvariant() : hex;
            case 'o':
                return Convert.ToString(long.Parse(value, CultureInfo.InvariantCulture), 8);
            case 'c':
                return long.TryParse(value, CultureInfo.InvariantCulture, out long code) ? char.ConvertFromUtf32((int)code) : value;
            case 'b' or 'B':
                return value is "true" or "false" ? value : "true";
            case 'f':
                return Sign(Fixed(value, precision < 0 ? 6 : precision, flags.Contains(',', StringComparison.Ordinal), MidpointRounding.AwayFromZero), flags);
            case 'e' or 'E':
                double d = double.Parse(value, CultureInfo.InvariantCulture);
                return d.ToString($"0{(precision == 0 ? "" : "." + new string('0', precision < 0 ? 6 : precision))}{kind}+00", CultureInfo.InvariantCulture);
            case 'g':
                return double.Parse(value, CultureInfo.InvariantCulture).ToString($"G{(precision < 0 ? 6 : precision)}", CultureInfo.InvariantCulture);
            default:
                string text = precision >= 0 && precision < value.Length ? value[..precision] : value;
                return kind == 'S' ? text.ToUpperInvariant() : text;
        }
    }

    private static string Sign(string text, string flags) =>
        text.StartsWith('-') ? text : flags.Contains('+', StringComparison.Ordinal) ? "+" + text : flags.Contains(' ', StringComparison.Ordinal) ? " " + text : text;

    /// <summary>format_number(x, d): grouped, HALF_EVEN; null for a negative d.</summary>
    public static string? Grouped(string value, int digits) => digits < 0 ? null : Fixed(value, digits, grouped: true, MidpointRounding.ToEven);

    private static string Fixed(string value, int digits, bool grouped, MidpointRounding rounding)
    {
        if (!decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number))
        {
            return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double wide) && double.IsFinite(wide)
                ? wide.ToString((grouped ? "N" : "F") + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
                : value;
        }

        number = digits <= 28 ? Math.Round(number, digits, rounding) : number;
        return number.ToString((grouped ? "N" : "F") + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    /// <summary>format_number(x, pattern): DecimalFormat with HALF_EVEN.</summary>
    public static string Pattern(string value, string pattern)
    {
        if (!decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number))
        {
            return value;
        }

        int dot = pattern.IndexOf('.', StringComparison.Ordinal);
        int digits = dot < 0 ? 0 : pattern[(dot + 1)..].Count(c => c is '0' or '#');
        return Math.Round(number, digits, MidpointRounding.ToEven).ToString(pattern, CultureInfo.InvariantCulture);
    }
}
