using System.Globalization;
using Hearth.Engine.Types;

namespace Hearth.Engine.Formatting;

/// <summary>Intervals as Spark prints them.</summary>
public static class IntervalText
{
    private static readonly string[] DayTime = ["DAY", "HOUR", "MINUTE", "SECOND"];

    /// <summary>The SQL form: <c>INTERVAL '1-2' YEAR TO MONTH</c>, <c>INTERVAL '1 02:03:04.5' DAY TO SECOND</c>; calendar intervals as words.</summary>
    public static string Of(SparkInterval value, SparkType type) => type switch
    {
        YearMonthType t => YearMonth(value.Months, t),
        DayTimeType t => DayTimeText((value.Days * 86_400_000_000L) + value.Micros, t),
        _ => Words(value),
    };

    private static string YearMonth(int months, YearMonthType type)
    {
        string sign = months < 0 ? "-" : "";
        long m = Math.Abs((long)months);
        return (type.Start, type.End) switch
        {
            (0, 0) => $"INTERVAL '{sign}{m / 12}' YEAR",
            (1, 1) => $"INTERVAL '{sign}{m}' MONTH",
            _ => $"INTERVAL '{sign}{m / 12}-{m % 12}' YEAR TO MONTH",
        };
    }

    private static string DayTimeText(long micros, DayTimeType type)
    {
        string sign = micros < 0 ? "-" : "";
        ulong rest = micros < 0 ? (ulong)-(micros + 1) + 1 : (ulong)micros;
        ulong[] amounts = new ulong[4];
        ulong[] units = [86_400_000_000, 3_600_000_000, 60_000_000, 1_000_000];
        for (int i = type.Start; i < 4; i++)
        {
            amounts[i] = rest / units[i];
            rest %= units[i];
        }

        string fraction = rest == 0 || type.End < 3 ? "" : "." + rest.ToString("000000", CultureInfo.InvariantCulture).TrimEnd('0');
        List<string> parts = [];
        for (int i = type.Start; i <= type.End; i++)
        {
            parts.Add(i == type.Start && (i == 0 || type.End == type.Start) ? amounts[i].ToString(i == 0 ? "0" : "00", CultureInfo.InvariantCulture) : amounts[i].ToString("00", CultureInfo.InvariantCulture));
        }

        string text = type.Start == 0 && parts.Count > 1 ? $"{parts[0]} {string.Join(':', parts.Skip(1))}" : string.Join(':', parts);
        string range = type.Start == type.End ? DayTime[type.Start] : $"{DayTime[type.Start]} TO {DayTime[type.End]}";
        return $"INTERVAL '{sign}{text}{fraction}' {range}";
    }

    private static string Words(SparkInterval value)
    {
        List<string> words = [];
        void Add(long amount, string unit)
        {
            if (amount != 0)
            {
                words.Add(string.Create(CultureInfo.InvariantCulture, $"{amount} {unit}"));
            }
        }

        Add(value.Months / 12, "years");
        Add(value.Months % 12, "months");
        Add(value.Days, "days");
        Add(value.Micros / 3_600_000_000, "hours");
        Add(value.Micros / 60_000_000 % 60, "minutes");
        long seconds = value.Micros % 60_000_000;
        if (seconds != 0)
        {
            decimal amount = seconds / 1_000_000m;
            words.Add($"{amount.ToString("0.######", CultureInfo.InvariantCulture)} seconds");
        }

        return words.Count == 0 ? "0 seconds" : string.Join(' ', words);
    }
}
