using System.Globalization;

namespace Hearth.Kube.Quantities;

/// <summary>The text form of quantities: <c>&lt;number&gt;&lt;suffix&gt;</c> (apimachinery, <c>resource/quantity.go</c> grammar).</summary>
internal static class QuantityText
{
    private const decimal Nano = 0.000000001m;
    private const decimal Limit = 9223372036854775807m; // 2^63-1: larger numbers are capped, as upstream does

    private static readonly (string Suffix, decimal Scale)[] Binary =
    [
        ("Ei", 1152921504606846976m), ("Pi", 1125899906842624m), ("Ti", 1099511627776m), ("Gi", 1073741824m), ("Mi", 1048576m), ("Ki", 1024m),
    ];

    private static readonly (string Suffix, decimal Scale)[] Decimal =
    [
        ("E", 1e18m), ("P", 1e15m), ("T", 1e12m), ("G", 1e9m), ("M", 1e6m), ("k", 1e3m), ("", 1m), ("m", 1e-3m), ("u", 1e-6m), ("n", 1e-9m),
    ];

    public static bool TryParse(string? text, out Quantity quantity)
    {
        quantity = default;
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        var end = NumberEnd(text);
        var digits = text.AsSpan(0, end);
        if (!decimal.TryParse(digits, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        if (!TryScale(text[end..], out var scale, out var format))
        {
            return false;
        }

        quantity = new Quantity(Round(number, scale), format);
        return true;
    }

    public static string Format(decimal value, QuantityFormat format)
    {
        if (value == 0)
        {
            return "0";
        }

        // Binary suffixes cannot write fractions of a unit, nor are they used below 1024: upstream falls back to decimal.
        if (format == QuantityFormat.BinarySI && decimal.Truncate(value) == value && Math.Abs(value) >= 1024)
        {
            foreach (var (suffix, scale) in Binary)
            {
                if (value % scale == 0)
                {
                    return Number(value / scale) + suffix;
                }
            }

            return Number(value);
        }

        foreach (var (suffix, scale) in Decimal)
        {
            if (value % scale == 0)
            {
                return Number(value / scale) + (format == QuantityFormat.DecimalExponent ? Exponent(scale) : suffix);
            }
        }

        return Number(value);
    }

    private static string Exponent(decimal scale)
    {
        var exponent = (int)Math.Round(Math.Log10((double)scale));
        return exponent == 0 ? "" : "e" + exponent.ToString(CultureInfo.InvariantCulture);
    }

    private static string Number(decimal value) => value.ToString("0.#########", CultureInfo.InvariantCulture);

    private static int NumberEnd(string text)
    {
        var i = text[0] is '+' or '-' ? 1 : 0;
        while (i < text.Length && (char.IsAsciiDigit(text[i]) || text[i] == '.'))
        {
            i++;
        }

        return i;
    }

    private static bool TryScale(string suffix, out decimal scale, out QuantityFormat format)
    {
        scale = 1;
        format = QuantityFormat.DecimalSI;
        foreach (var (name, value) in Decimal)
        {
            if (string.Equals(name, suffix, StringComparison.Ordinal))
            {
                scale = value;
                return true;
            }
        }

        format = QuantityFormat.BinarySI;
        foreach (var (name, value) in Binary)
        {
            if (string.Equals(name, suffix, StringComparison.Ordinal))
            {
                scale = value;
                return true;
            }
        }

        format = QuantityFormat.DecimalExponent;
        if (suffix.Length < 2 || suffix[0] is not ('e' or 'E')
            || !int.TryParse(suffix.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent))
        {
            return false;
        }

        exponent = Math.Clamp(exponent, -18, 18);
        for (var i = 0; i < Math.Abs(exponent); i++)
        {
            scale = exponent > 0 ? scale * 10 : scale / 10;
        }

        return true;
    }

    private static decimal Round(decimal number, decimal scale)
    {
        // Cap before multiplying: the product of a long number and a large suffix would overflow decimal.
        if (number != 0 && scale > 1 && Math.Abs(number) > Limit / scale)
        {
            return number > 0 ? Limit : -Limit;
        }

        var value = number * scale;
        var steps = value / Nano;
        return decimal.Truncate(steps) == steps ? value : (value > 0 ? decimal.Ceiling(steps) : decimal.Floor(steps)) * Nano;
    }
}
