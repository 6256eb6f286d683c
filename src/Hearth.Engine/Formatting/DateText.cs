using System.Globalization;

namespace Hearth.Engine.Formatting;

/// <summary>Dates and timestamps as Spark prints them.</summary>
public static class DateText
{
    private const long MicrosPerDay = 86_400_000_000;

    /// <summary><c>yyyy-MM-dd</c> of days since 1970-01-01; years beyond 9999 with a plus sign.</summary>
    public static string OfDate(int days)
    {
        (long year, int month, int day) = Civil(days);
        return $"{Year(year)}-{month:00}-{day:00}";
    }

    /// <summary><c>yyyy-MM-dd HH:mm:ss[.ffffff]</c>, fraction without trailing zeros, of local microseconds.</summary>
    public static string OfLocal(long micros)
    {
        long days = Math.DivRem(micros, MicrosPerDay, out long rest);
        if (rest < 0)
        {
            rest += MicrosPerDay;
            days--;
        }

        (long year, int month, int day) = Civil(days);
        long seconds = rest / 1_000_000, fraction = rest % 1_000_000;
        string text = string.Create(CultureInfo.InvariantCulture, $"{Year(year)}-{month:00}-{day:00} {seconds / 3600:00}:{seconds / 60 % 60:00}:{seconds % 60:00}");
        return fraction == 0 ? text : text + "." + fraction.ToString("000000", CultureInfo.InvariantCulture).TrimEnd('0');
    }

    /// <summary>An instant in a zone.</summary>
    public static string OfInstant(long micros, TimeZoneInfo zone) => OfLocal(micros + OffsetMicros(micros, zone));

    /// <summary>Offset of a zone at an instant, microseconds.</summary>
    public static long OffsetMicros(long micros, TimeZoneInfo zone)
    {
        long ticks = DateTime.UnixEpoch.Ticks + Math.Clamp(micros, -62_000_000_000_000_000, 253_000_000_000_000_000) * 10;
        return zone.GetUtcOffset(new DateTime(Math.Clamp(ticks, 0, DateTime.MaxValue.Ticks), DateTimeKind.Utc)).Ticks / 10;
    }

    /// <summary>Proleptic Gregorian date of a day number (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").</summary>
    public static (long Year, int Month, int Day) Civil(long days)
    {
        long z = days + 719_468;
        long era = (z >= 0 ? z : z - 146_096) / 146_097;
        long dayOfEra = z - (era * 146_097);
        long yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        long dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        long shifted = ((5 * dayOfYear) + 2) / 153;
        int month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
        return (yearOfEra + (era * 400) + (month <= 2 ? 1 : 0), month, (int)(dayOfYear - (((153 * shifted) + 2) / 5) + 1));
    }

    /// <summary>Day number of a proleptic Gregorian date.</summary>
    public static long DayNumber(long year, int month, int day)
    {
        long y = month <= 2 ? year - 1 : year;
        long era = (y >= 0 ? y : y - 399) / 400;
        long yearOfEra = y - (era * 400);
        long dayOfYear = (((153 * (month > 2 ? month - 3 : month + 9)) + 2) / 5) + day - 1;
        return (era * 146_097) + (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear - 719_468;
    }

    private static string Year(long year) => year switch
    {
        > 9999 => "+" + year.ToString(CultureInfo.InvariantCulture),
        < 0 => "-" + (-year).ToString("0000", CultureInfo.InvariantCulture),
        _ => year.ToString("0000", CultureInfo.InvariantCulture),
    };
}
