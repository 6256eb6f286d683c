using System.Globalization;

namespace Hearth.Engine.Formatting;

/// <summary>Floating point numbers as java.lang.Double.toString and Float.toString print them (JDK 19 and later: shortest digits).</summary>
public static class JavaText
{
    public static string OfDouble(double value) => double.IsFinite(value) ? Shape(value.ToString("R", CultureInfo.InvariantCulture), double.IsNegative(value), value == 0) : Special(value);

    public static string OfFloat(float value) => float.IsFinite(value) ? Shape(value.ToString("R", CultureInfo.InvariantCulture), float.IsNegative(value), value == 0) : Special(value);

    private static string Special(double value) => double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";

    // `shortest` is .NET's round-trip text: plain or with an exponent. Its digits and exponent are laid out again by Java's rule:
    // plain from 1e-3 to below 1e7, otherwise d.dddE±n.
    private static string Shape(string shortest, bool negative, bool zero)
    {
        if (zero)
        {
            return negative ? "-0.0" : "0.0";
        }

        (string digits, int exponent) = Decompose(shortest.TrimStart('-'));
        string text = exponent is >= -3 and < 7 ? Plain(digits, exponent) : $"{digits[0]}.{(digits.Length > 1 ? digits[1..] : "0")}E{exponent.ToString(CultureInfo.InvariantCulture)}";
        return negative ? "-" + text : text;
    }

    private static (string Digits, int Exponent) Decompose(string text)
    {
        int e = text.IndexOf('E', StringComparison.Ordinal);
        int exponent = e < 0 ? 0 : int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string mantissa = e < 0 ? text : text[..e];
        int dot = mantissa.IndexOf('.', StringComparison.Ordinal);
        int integral = dot < 0 ? mantissa.Length : dot;
        string digits = dot < 0 ? mantissa : mantissa.Remove(dot, 1);
        int leading = digits.Length - digits.TrimStart('0').Length;
        digits = digits[leading..].TrimEnd('0');
        return (digits.Length == 0 ? "0" : digits, exponent + integral - 1 - leading);
    }

    private static string Plain(string digits, int exponent)
    {
        if (exponent < 0)
        {
            return "0." + new string('0', -exponent - 1) + digits;
        }

        return digits.Length <= exponent + 1
            ? digits + new string('0', exponent + 1 - digits.Length) + ".0"
            : $"{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }
}
