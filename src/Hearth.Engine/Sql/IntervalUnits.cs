using System.Globalization;
using Hearth.Engine.Types;

namespace Hearth.Engine.Sql;

/// <summary>Interval literals.</summary>
internal static class IntervalUnits
{
    private static readonly string[] DayTimeUnits = ["day", "hour", "minute", "second"];

    /// <summary>The singular unit, or null.</summary>
    public static string? FieldOf(string word)
    {
        string unit = word.ToLowerInvariant();
        unit = unit.EndsWith('s') ? unit[..^1] : unit;
        return unit is "year" or "month" or "week" or "day" or "hour" or "minute" or "second" or "millisecond" or "microsecond" ? unit : null;
    }

    /// <summary>The ANSI interval type from one unit to another.</summary>
    public static SparkType TypeOf(string start, string end)
    {
        if (start is "year" or "month")
        {
            return new YearMonthType(start == "year" ? 0 : 1, end == "year" ? 0 : 1);
        }

        return new DayTimeType(DayTimeIndex(start), DayTimeIndex(end));
    }

    private static int DayTimeIndex(string unit) => unit == "week" ? 0 : unit is "millisecond" or "microsecond" ? 3 : Array.IndexOf(DayTimeUnits, unit);

    /// <summary>Adds up unit amounts, for example 1 year 2 months.</summary>
    /// <returns>Null when an amount is not a number.</returns>
    public static LiteralExpr? FromAmounts(IReadOnlyList<(string Amount, string Unit)> amounts, bool negative)
    {
        decimal months = 0, micros = 0, days = 0;
        foreach ((string text, string unit) in amounts)
        {
            if (!decimal.TryParse(text.Trim(), NumberStyles.Number, CultureInfo.InvariantCulture, out decimal amount) || (amount % 1 != 0 && unit != "second"))
            {
                return null;
            }

            amount = negative ? -amount : amount;
            if (Math.Abs(amount) > long.MaxValue)
            {
                return null;
            }

            months += unit == "year" ? amount * 12 : unit == "month" ? amount : 0;
            days += unit == "week" ? amount * 7 : unit == "day" ? amount : 0;
            micros += decimal.Truncate(amount * unit switch { "hour" => 3_600_000_000m, "minute" => 60_000_000m, "second" => 1_000_000m, "millisecond" => 1000m, "microsecond" => 1m, _ => 0m });
        }

        string[] units = [.. amounts.Select(a => a.Unit)];
        bool yearMonth = units.Any(u => u is "year" or "month"), dayTime = units.Any(u => u is not ("year" or "month"));
        SparkType type = yearMonth && dayTime ? SparkType.CalendarInterval : yearMonth
            ? new YearMonthType(units.Contains("year", StringComparer.Ordinal) ? 0 : 1, units.Contains("month", StringComparer.Ordinal) ? 1 : 0)
            : new DayTimeType(units.Min(DayTimeIndex), units.Max(DayTimeIndex));
        return months is < int.MinValue or > int.MaxValue || days is < int.MinValue or > int.MaxValue || micros is < long.MinValue or > long.MaxValue || !Fits(type, days, micros)
            ? null
            : new LiteralExpr(new SparkInterval((int)months, (int)days, (long)micros), type);
    }

    // A day-time interval is a number of microseconds.
    private static bool Fits(SparkType type, decimal days, decimal micros) => type is not DayTimeType || (days * 86_400_000_000m) + micros is >= long.MinValue and <= long.MaxValue;

    /// <summary>Reads <c>'1-2' YEAR TO MONTH</c> and <c>'1 02:03:04.5' DAY TO SECOND</c>.</summary>
    public static LiteralExpr? FromRange(string text, string start, string end, bool negative)
    {
        text = text.Trim();
        if (text.StartsWith('-') || text.StartsWith('+'))
        {
            negative ^= text[0] == '-';
            text = text[1..].Trim();
        }

        if (start is "year" or "month")
        {
            string[] parts = text.Split('-');
            return parts.Length == 2 && end == "month" ? FromAmounts([(parts[0], "year"), (parts[1], "month")], negative) : null;
        }

        int first = DayTimeIndex(start), last = DayTimeIndex(end);
        string[] fields = text.Split([' ', ':', 'T'], StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != last - first + 1)
        {
            return null;
        }

        LiteralExpr? value = FromAmounts([.. fields.Select((field, i) => (field, DayTimeUnits[first + i]))], negative);
        return value is null ? null : value with { Type = new DayTimeType(first, last) };
    }

    /// <summary>Reads the string form <c>'1 year 2 days'</c>, with or without the word interval.</summary>
    public static LiteralExpr? FromText(string text, bool negative)
    {
        string[] words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length > 0 && words[0].Equals("interval", StringComparison.OrdinalIgnoreCase))
        {
            words = words[1..];
        }

        List<(string, string)> amounts = [];
        for (int i = 0; i + 1 < words.Length; i += 2)
        {
            if (FieldOf(words[i + 1]) is not { } unit)
            {
                return null;
            }

            amounts.Add((words[i], unit));
        }

        return words.Length == 0 || words.Length % 2 != 0 ? null : FromAmounts(amounts, negative);
    }
}
