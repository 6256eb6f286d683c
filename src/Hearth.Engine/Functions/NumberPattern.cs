using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Hearth.Engine.Types;

namespace Hearth.Engine.Functions;

/// <summary>
/// A number format of to_char and to_number: <c>0 9</c> digits, <c>. D</c> the point, <c>, G</c> grouping, <c>$</c>, and <c>S MI PR</c> for the sign
/// (Spark's "Number Pattern" page).
/// </summary>
internal sealed class NumberPattern
{
    private readonly string _digits;
    private readonly string _fraction;
    private readonly bool _dollar;
    private readonly char _sign;
    private readonly bool _signFirst;

    private NumberPattern(string format)
    {
        string rest = format.ToUpperInvariant();
        if (rest.EndsWith("MI", StringComparison.Ordinal) || rest.EndsWith("PR", StringComparison.Ordinal))
        {
            _sign = rest[^2];
            rest = rest[..^2];
        }
        else if (rest.EndsWith('S') || rest.StartsWith('S'))
        {
            _sign = 'S';
            _signFirst = rest[0] == 'S';
            rest = _signFirst ? rest[1..] : rest[..^1];
        }
        else if (rest.StartsWith("MI", StringComparison.Ordinal))
        {
            (_sign, _signFirst, rest) = ('M', true, rest[2..]);
        }

        _dollar = rest.StartsWith('$');
        rest = _dollar ? rest[1..] : rest;
        int point = rest.IndexOfAny(['.', 'D']);
        _digits = (point < 0 ? rest : rest[..point]).Replace('G', ',');
        _fraction = point < 0 ? "" : rest[(point + 1)..];
        if (_digits.AsSpan().ContainsAnyExcept("09,") || _fraction.AsSpan().ContainsAnyExcept("09") || (_digits.Length + _fraction.Length == 0))
        {
            throw new EngineException("INVALID_FORMAT.UNEXPECTED_TOKEN", $"The format is invalid: '{format}'. Found an unexpected character; the structure of the format string must match: [MI|S] [$] [0|9|G|,]* [.|D] [0|9]* [$] [PR|MI|S].");
        }

        Type = new DecimalType(Math.Max(1, _digits.Count(c => c != ',') + _fraction.Length), _fraction.Length);
    }

    private static readonly ConcurrentDictionary<string, NumberPattern> Known = new(StringComparer.Ordinal);

    /// <summary>Digits before and after the point as the format has them.</summary>
    public DecimalType Type { get; }

    /// <summary>Reads a format.</summary>
    /// <exception cref="EngineException">INVALID_FORMAT.</exception>
    public static NumberPattern Of(string format) => Known.GetOrAdd(format, static f => new NumberPattern(f));

    /// <summary>The digits of a text that has exactly this form, or null.</summary>
    public string? Parse(string text)
    {
        string rest = text.Trim();
        bool negative = false;
        if (_sign == 'P')
        {
            negative = rest.StartsWith('<') && rest.EndsWith('>');
            rest = negative ? rest[1..^1] : rest;
        }
        else if (_sign != '\0' && rest.Length > 0)
        {
            char sign = _signFirst ? rest[0] : rest[^1];
            negative = sign == '-';
            bool signed = negative || (sign == '+' && _sign == 'S');
            rest = signed ? _signFirst ? rest[1..] : rest[..^1] : rest;
        }

        if (_dollar)
        {
            if (!rest.StartsWith('$'))
            {
                return null;
            }

            rest = rest[1..];
        }

        int point = rest.IndexOf('.', StringComparison.Ordinal);
        string whole = point < 0 ? rest : rest[..point], fraction = point < 0 ? "" : rest[(point + 1)..];
        if (fraction.Length > _fraction.Length || !Matches(whole) || fraction.AsSpan().ContainsAnyExceptInRange('0', '9') || (whole.Length == 0 && fraction.Length == 0))
        {
            return null;
        }

        string digits = whole.Replace(",", "", StringComparison.Ordinal);
        return $"{(negative ? "-" : "")}{(digits.Length == 0 ? "0" : digits)}.{fraction.PadRight(Math.Max(1, _fraction.Length), '0')}";
    }

    // From the right: a separator stands where the format has one, and a zero of the format must be there as a digit.
    private bool Matches(string whole)
    {
        int at = whole.Length - 1, place = _digits.Length - 1;
        for (; at >= 0; at--, place--)
        {
            if (place < 0 || (_digits[place] == ',' ? whole[at] != ',' : !char.IsAsciiDigit(whole[at])))
            {
                return false;
            }
        }

        return !_digits.AsSpan(0, place + 1).Contains('0') && !whole.StartsWith(',');
    }

    /// <summary>A decimal's digits in this form; number signs when it does not fit.</summary>
    public string Format(string number)
    {
        bool negative = number.StartsWith('-');
        string plain = negative ? number[1..] : number;
        int point = plain.IndexOf('.', StringComparison.Ordinal);
        string whole = (point < 0 ? plain : plain[..point]).TrimStart('0'), fraction = point < 0 ? "" : plain[(point + 1)..].TrimEnd('0');
        if (fraction.Length > _fraction.Length)
        {
            throw Binding.Errors.Unsupported($"to_char() of {number}, which has more fraction digits than its format", hint: "round() the number first");
        }

        if (whole.Length > _digits.Count(c => c != ','))
        {
            return new string([.. $"{(_dollar ? "$" : "")}{_digits}{(_fraction.Length > 0 ? "." : "")}{_fraction}".Select(c => c is '0' or '9' ? '#' : c)]);
        }

        whole = whole.Length == 0 && _digits.Length > 0 ? "0" : whole;
        string text = $"{(_dollar ? "$" : "")}{Whole(whole)}{(_fraction.Length > 0 ? "." : "")}{fraction.PadRight(_fraction.Length, '0')}";
        // The sign stands before the first digit; a format without one shows none.
        string body = text.TrimStart(' '), lead = text[..^body.Length];
        return lead + (_sign, _signFirst) switch
        {
            ('S', true) => (negative ? "-" : "+") + body,
            ('S', false) => body + (negative ? "-" : "+"),
            ('M', true) => (negative ? "-" : " ") + body,
            ('M', false) => body + (negative ? "-" : " "),
            ('P', _) => negative ? $"<{body}>" : body + "  ",
            _ => body,
        };
    }

    private string Whole(string digits)
    {
        StringBuilder text = new();
        int missing = _digits.Count(c => c != ',') - digits.Length, at = 0, seen = 0;
        bool started = false;
        foreach (char place in _digits)
        {
            if (place == ',')
            {
                text.Append(started ? ',' : ' ');
            }
            else if (seen++ < missing)
            {
                started |= place == '0';
                text.Append(started ? '0' : ' ');
            }
            else
            {
                started = true;
                text.Append(digits[at++]);
            }
        }

        return text.ToString();
    }
}
