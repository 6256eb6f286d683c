using System.Globalization;

namespace Hearth.Engine.Formatting;

/// <summary>Reads dates and timestamps as Spark's CAST does (Spark's SparkDateTimeUtils.stringToDate and stringToTimestamp).</summary>
public static class DateTimeReader
{
    private const long MicrosPerSecond = 1_000_000;
    private const long MicrosPerDay = 86_400 * MicrosPerSecond;

    /// <summary>Days since 1970-01-01 of <c>yyyy[-[m]m[-[d]d]]</c>, with anything after a blank or <c>T</c>; null when it is not a date.</summary>
    public static int? Date(string text)
    {
        ReadOnlySpan<char> s = text.AsSpan().Trim(" \t\n\r\f\v\0");
        if (!DatePart(ref s, out long day, out bool full) || (s.Length > 0 && !(full && s[0] is ' ' or 'T')))
        {
            return null;
        }

        return day is >= int.MinValue and <= int.MaxValue ? (int)day : null;
    }

    /// <summary>Microseconds of a timestamp text in a zone; a zone in the text wins. Null when it is not a timestamp.</summary>
    public static long? Instant(string text, TimeZoneInfo zone)
    {
        if (Local(text, out string? zoneText) is not { } local)
        {
            return null;
        }

        if (zoneText is not null)
        {
            return Zones.Find(zoneText) is { } own ? ToInstant(local, own) : null;
        }

        return ToInstant(local, zone);
    }

    /// <summary>Local microseconds of a timestamp text; a zone in the text is dropped.</summary>
    public static long? LocalMicros(string text) => Local(text, out _);

    /// <summary>The instant of a local time; in a gap one hour later, in an overlap the earlier offset (as java.time does).</summary>
    public static long ToInstant(long localMicros, TimeZoneInfo zone)
    {
        if (ReferenceEquals(zone, TimeZoneInfo.Utc))
        {
            return localMicros;
        }

        long ticks = DateTime.UnixEpoch.Ticks + (Math.Clamp(localMicros, -62_000_000_000_000_000, 253_000_000_000_000_000) * 10);
        DateTime local = new(Math.Clamp(ticks, 0, DateTime.MaxValue.Ticks), DateTimeKind.Unspecified);
        TimeSpan offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max()
            : zone.IsInvalidTime(local) ? zone.GetUtcOffset(local.AddHours(-3))
            : zone.GetUtcOffset(local);
        return localMicros - (offset.Ticks / 10);
    }

    private static long? Local(string text, out string? zoneText)
    {
        zoneText = null;
        ReadOnlySpan<char> s = text.AsSpan().Trim(" \t\n\r\f\v\0");
        long day = 0;
        bool timeOnly = s.Length > 0 && (s[0] == 'T' || IsTimeOnly(s));
        if (timeOnly)
        {
            return null;
        }

        if (!DatePart(ref s, out day, out bool full))
        {
            return null;
        }

        if (s.Length == 0)
        {
            return InRange(day);
        }

        if (!full || s[0] is not (' ' or 'T'))
        {
            return null;
        }

        s = s[1..].TrimStart(' ');
        if (s.Length == 0)
        {
            return InRange(day);
        }

        long? time = TimePart(ref s);
        if (time is null)
        {
            return null;
        }

        s = s.Trim(' ');
        zoneText = s.Length == 0 ? null : s.ToString();
        return InRange(day) is { } start ? start + time : null;
    }

    private static long? InRange(long day) => day is > -106_751_990 and < 106_751_990 ? day * MicrosPerDay : null;

    private static bool IsTimeOnly(ReadOnlySpan<char> s) => s.IndexOf(':') is > 0 and <= 2;

    private static bool DatePart(ref ReadOnlySpan<char> s, out long day, out bool full)
    {
        day = 0;
        full = false;
        int sign = 1;
        if (s.Length > 0 && s[0] is '+' or '-')
        {
            sign = s[0] == '-' ? -1 : 1;
            s = s[1..];
        }

        int digits = Digits(s);
        if (digits is < 4 or > 7)
        {
            return false;
        }

        long year = sign * long.Parse(s[..digits], CultureInfo.InvariantCulture);
        s = s[digits..];
        int month = 1, dayOfMonth = 1;
        if (s.Length > 0 && s[0] == '-')
        {
            if (!Field(ref s, 1, 2, out month))
            {
                return false;
            }

            if (s.Length > 0 && s[0] == '-')
            {
                if (!Field(ref s, 1, 2, out dayOfMonth))
                {
                    return false;
                }

                full = true;
            }
        }

        if (month is < 1 or > 12 || dayOfMonth < 1 || dayOfMonth > DaysInMonth(year, month))
        {
            return false;
        }

        day = DateText.DayNumber(year, month, dayOfMonth);
        return true;
    }

    /// <summary>Days of a month of the proleptic Gregorian calendar.</summary>
    public static int DaysInMonth(long year, int month) =>
        month == 2 ? (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28) : month is 4 or 6 or 9 or 11 ? 30 : 31;

    private static long? TimePart(ref ReadOnlySpan<char> s)
    {
        int minute = 0, second = 0;
        long micros = 0;
        int hourDigits = Digits(s);
        if (hourDigits is < 1 or > 2)
        {
            return null;
        }

        int hour = int.Parse(s[..hourDigits], CultureInfo.InvariantCulture);
        s = s[hourDigits..];
        if (s.Length > 0 && s[0] == ':')
        {
            if (!Field(ref s, 1, 2, out minute))
            {
                return null;
            }

            if (s.Length > 0 && s[0] == ':')
            {
                if (!Field(ref s, 1, 2, out second))
                {
                    return null;
                }

                if (s.Length > 0 && s[0] == '.')
                {
                    s = s[1..];
                    int digits = Digits(s);
                    micros = digits == 0 ? 0 : long.Parse(s[..Math.Min(digits, 6)].ToString().PadRight(6, '0'), CultureInfo.InvariantCulture);
                    s = s[digits..];
                }
            }
        }

        return hour > 23 || minute > 59 || second > 59 ? null : (((hour * 3600L) + (minute * 60L) + second) * MicrosPerSecond) + micros;
    }

    // A separator, then digits.
    private static bool Field(ref ReadOnlySpan<char> s, int min, int max, out int value)
    {
        s = s[1..];
        int digits = Digits(s);
        value = 0;
        if (digits < min || digits > max)
        {
            return false;
        }

        value = int.Parse(s[..digits], CultureInfo.InvariantCulture);
        s = s[digits..];
        return true;
    }

    private static int Digits(ReadOnlySpan<char> s)
    {
        int i = 0;
        while (i < s.Length && char.IsAsciiDigit(s[i]))
        {
            i++;
        }

        return i;
    }
}
