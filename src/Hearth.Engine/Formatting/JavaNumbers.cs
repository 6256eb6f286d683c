using System.Globalization;

namespace Hearth.Engine.Formatting;

/// <summary>Numbers read and printed as Java does.</summary>
public static class JavaNumbers
{
    /// <summary>Double.parseDouble with Spark's additions: blanks around, <c>inf</c>, <c>infinity</c>, <c>nan</c> in any case, a suffix d or f.</summary>
    public static bool TryParseDouble(string text, out double value)
    {
        string s = text.Trim();
        if (s.Length > 1 && s[^1] is 'd' or 'D' or 'f' or 'F' && (char.IsAsciiDigit(s[^2]) || s[^2] == '.'))
        {
            s = s[..^1];
        }

        if (s.Length > 0 && (char.IsAsciiDigit(s[^1]) || s[^1] == '.') && !s.Contains('_', StringComparison.Ordinal))
        {
            return double.TryParse(s, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value);
        }

        value = s.ToLowerInvariant() switch
        {
            "inf" or "+inf" or "infinity" or "+infinity" => double.PositiveInfinity,
            "-inf" or "-infinity" => double.NegativeInfinity,
            "nan" => double.NaN,
            _ => 0,
        };
        return value != 0;
    }

    /// <summary>BigDecimal.toString: plain, but scientific when the exponent is below -6 (<c>0E-10</c>).</summary>
    public static string DecimalText(string plain)
    {
        int dot = plain.IndexOf('.', StringComparison.Ordinal);
        int scale = dot < 0 ? 0 : plain.Length - dot - 1;
        string digits = plain.Replace(".", "", StringComparison.Ordinal).TrimStart('-').TrimStart('0');
        int adjusted = (digits.Length == 0 ? 0 : digits.Length - 1) - scale;
        if (adjusted >= -6)
        {
            return plain;
        }

        string sign = plain.StartsWith('-') ? "-" : "";
        digits = digits.Length == 0 ? "0" : digits;
        string mantissa = digits.Length == 1 ? digits : $"{digits[0]}.{digits[1..]}";
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{mantissa}E{adjusted}");
    }
}
