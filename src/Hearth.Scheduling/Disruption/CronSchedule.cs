using System.Globalization;

namespace Hearth.Scheduling.Disruption;

/// <summary>
/// A schedule of five fields (minute, hour, day of month, month, day of week) or one of the macros <c>@hourly @daily @midnight @weekly @monthly @yearly @annually</c>, in UTC,
/// as Karpenter's budgets use them. When both days are restricted, one of them suffices.
/// </summary>
public sealed class CronSchedule
{
    private static readonly string[] Months = ["", "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    private static readonly string[] Days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    private readonly ulong _minutes;
    private readonly ulong _hours;
    private readonly ulong _daysOfMonth;
    private readonly ulong _months;
    private readonly ulong _daysOfWeek;
    private readonly bool _eitherDay;

    private CronSchedule(string text)
    {
        var fields = Expand(text).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != 5)
        {
            throw new FormatException($"schedule '{text}': five fields or a macro such as @daily were expected");
        }

        _minutes = Field(fields[0], 0, 59, []);
        _hours = Field(fields[1], 0, 23, []);
        _daysOfMonth = Field(fields[2], 1, 31, []);
        _months = Field(fields[3], 1, 12, Months);
        _daysOfWeek = Field(fields[4], 0, 6, Days);
        _eitherDay = !IsEvery(fields[2]) && !IsEvery(fields[4]);
    }

    /// <summary>Reads one.</summary>
    /// <exception cref="FormatException">Not a schedule.</exception>
    public static CronSchedule Parse(string text) => new(text.Trim());

    /// <summary>Whether the schedule hits after <paramref name="from"/>, and not after <paramref name="to"/>.</summary>
    public bool HitsBetween(DateTimeOffset from, DateTimeOffset to)
    {
        var minute = new DateTime(from.UtcTicks - (from.UtcTicks % TimeSpan.TicksPerMinute), DateTimeKind.Utc).AddMinutes(1);
        while (minute <= to.UtcDateTime)
        {
            if (!IsDay(minute))
            {
                minute = minute.Date.AddDays(1);
            }
            else if (Has(_hours, minute.Hour) && Has(_minutes, minute.Minute))
            {
                return true;
            }
            else
            {
                minute = Has(_hours, minute.Hour) ? minute.AddMinutes(1) : minute.Date.AddHours(minute.Hour + 1);
            }
        }

        return false;
    }

    private bool IsDay(DateTime day)
    {
        var (ofMonth, ofWeek) = (Has(_daysOfMonth, day.Day), Has(_daysOfWeek, (int)day.DayOfWeek));
        return Has(_months, day.Month) && (_eitherDay ? ofMonth || ofWeek : ofMonth && ofWeek);
    }

    private static bool Has(ulong set, int value) => (set & (1UL << value)) != 0;

    private static bool IsEvery(string field) => field is "*" or "?" || field.StartsWith("*/1", StringComparison.Ordinal) && field.Length == 3;

    private static string Expand(string text) => text switch
    {
        "@yearly" or "@annually" => "0 0 1 1 *",
        "@monthly" => "0 0 1 * *",
        "@weekly" => "0 0 * * 0",
        "@daily" or "@midnight" => "0 0 * * *",
        "@hourly" => "0 * * * *",
        _ => text,
    };

    private static ulong Field(string text, int least, int most, string[] names)
    {
        var set = 0UL;
        foreach (var part in text.Split(','))
        {
            var step = part.Split('/');
            var range = step[0] is "*" or "?" ? [least, most] : step[0].Split('-').Select(p => Value(p, least, most, names, text)).ToArray();
            var width = step.Length == 1 ? 1 : step.Length == 2 ? Value(step[1], 1, most, [], text) : throw Fail(text);
            var last = range.Length == 2 ? range[1] : step.Length == 2 ? most : range[0];
            if (range.Length > 2 || last < range[0])
            {
                throw Fail(text);
            }

            for (var value = range[0]; value <= last; value += width)
            {
                set |= 1UL << value;
            }
        }

        return set;
    }

    private static int Value(string text, int least, int most, string[] names, string field)
    {
        var named = Array.FindIndex(names, n => n.Length > 0 && string.Equals(n, text, StringComparison.OrdinalIgnoreCase));
        return named >= 0 ? named
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most ? value
            : throw Fail(field);
    }

    private static FormatException Fail(string field) => new($"schedule: the field '{field}' cannot be read");
}
