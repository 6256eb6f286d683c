namespace Hearth.Engine.Formatting;

/// <summary>Reading by pattern: as java.time does since Spark 3, and as the old SimpleDateFormat did.</summary>
public sealed partial class DatePattern
{
    /// <summary>What a text said so far; what it leaves out is of 1970-01-01 00:00:00.</summary>
    private sealed class Fields
    {
        public long Year { get; set; } = 1970;

        public int? Month { get; set; }

        public int? Day { get; set; }

        public int? DayOfYear { get; set; }

        public int Hour { get; set; }

        public int Minute { get; set; }

        public int Second { get; set; }

        public int Micros { get; set; }

        public bool? Afternoon { get; set; }

        public TimeZoneInfo? Zone { get; set; }

        public long? Local()
        {
            int month = Month ?? 1, day = Day ?? 1, hour = Hour + (Afternoon == true && Hour < 12 ? 12 : 0);
            if (Year is < -290_000 or > 290_000 || month is < 1 or > 12 || day < 1 || day > DateTimeReader.DaysInMonth(Year, month) || hour > 23 || Minute > 59 || Second > 59)
            {
                return null;
            }

            long number = DateText.DayNumber(Year, month, day);
            if (DayOfYear is { } ordinal)
            {
                number = DateText.DayNumber(Year, 1, 1) + ordinal - 1;
                (long year, int ownMonth, int ownDay) = DateText.Civil(number);
                if (ordinal < 1 || year != Year || (Month is not null && month != ownMonth) || (Day is not null && day != ownDay))
                {
                    return null;
                }
            }

            return (((number * 86_400) + (hour * 3600L) + (Minute * 60L) + Second) * 1_000_000) + Micros;
        }
    }

    /// <summary>Reads a whole text; missing parts are those of 1970-01-01 00:00:00. Null when it does not match.</summary>
    /// <param name="text">The text.</param>
    /// <param name="zone">Zone in the text, or null.</param>
    public long? Parse(string text, out TimeZoneInfo? zone)
    {
        CheckReading();
        Fields fields = new();
        int at = 0;
        bool read = true;
        for (int i = 0; i < _parts.Count && read; i++)
        {
            (char letter, int count, _) = _parts[i];
            bool adjacent = i + 1 < _parts.Count && _parts[i + 1].Letter != '\0';
            int most = adjacent || count == 2 ? count : letter is 'y' or 'u' ? 10 : letter == 'D' ? 3 : 2;
            read = Part(_parts[i], text, ref at, fields, letter == 'S' ? 1 : count, letter == 'S' ? count : Math.Max(most, count), legacy: false);
        }

        zone = fields.Zone;
        return read && at == text.Length ? fields.Local() : null;
    }

    /// <summary>Reads as SimpleDateFormat did, not lenient: numbers of any length, blanks before them, anything after the last part. Null when it does not match.</summary>
    /// <param name="text">The text.</param>
    /// <param name="zone">Zone in the text, or null.</param>
    public long? ParseLegacy(string text, out TimeZoneInfo? zone)
    {
        Fields fields = new();
        int at = 0;
        bool read = true;
        for (int i = 0; i < _parts.Count && read; i++)
        {
            (char letter, int count, _) = _parts[i];
            while (letter is not ('\0' or 'a') && at < text.Length && text[at] is ' ' or '\t')
            {
                at++;
            }

            // Digits that meet the next number at once are counted; others run on.
            bool adjacent = i + 1 < _parts.Count && _parts[i + 1].Letter is not ('\0' or 'a' or 'z' or 'Z' or 'X');
            read = Part(_parts[i], text, ref at, fields, 1, adjacent ? count : 9, legacy: true);
        }

        zone = fields.Zone;
        return read ? fields.Local() : null;
    }

    private static bool Part((char Letter, int Count, string Text) part, string text, ref int at, Fields fields, int least, int most, bool legacy)
    {
        switch (part.Letter)
        {
            case '\0':
                bool same = string.CompareOrdinal(text, at, part.Text, 0, part.Text.Length) == 0;
                at += part.Text.Length;
                return same && at <= text.Length;
            case 'a':
                return HalfDay(text, ref at, fields);
            case 'M' or 'L' or 'E' when part.Count >= 3:
                return Name(part, text, ref at, fields, legacy);
            case 'X' or 'x' or 'Z' or 'z' or 'V':
                return ZoneName(text, ref at, fields);
            default:
                if (!Digits(text, ref at, least, most, out long value, out int used))
                {
                    return false;
                }

                Number(part, value, used, fields, legacy);
                return true;
        }
    }

    private static void Number((char Letter, int Count, string Text) part, long value, int used, Fields fields, bool legacy)
    {
        switch (part.Letter)
        {
            case 'y' or 'u':
                fields.Year = part.Count == 2 && used == 2 ? Century(value, legacy) : value;
                break;
            case 'M' or 'L':
                fields.Month = (int)value;
                break;
            case 'd':
                fields.Day = (int)value;
                break;
            case 'D':
                fields.DayOfYear = (int)value;
                break;
            case 'H' or 'K':
                fields.Hour = (int)value;
                break;
            case 'k' or 'h':
                fields.Hour = (int)value % (part.Letter == 'k' ? 24 : 12);
                break;
            case 'm':
                fields.Minute = (int)value;
                break;
            case 'S':
                // The old parser read milliseconds, whatever the number of digits.
                fields.Micros = legacy ? (int)Math.Min(value * 1000, 999_999) : (int)(value * Math.Pow(10, 6 - used));
                break;
            default:
                fields.Second = (int)value;
                break;
        }
    }

    // java.time: 2000 to 2099. SimpleDateFormat: within 80 years before and 20 after now.
    private static long Century(long value, bool legacy)
    {
        int latest = TimeProvider.System.GetUtcNow().Year + 20;
        return 2000 + value - (legacy && 2000 + value > latest ? 100 : 0);
    }

    private static bool HalfDay(string text, ref int at, Fields fields)
    {
        if (at + 2 > text.Length || text[at..(at + 2)].ToUpperInvariant() is not ("AM" or "PM"))
        {
            return false;
        }

        fields.Afternoon = char.ToUpperInvariant(text[at]) == 'P';
        at += 2;
        return true;
    }

    private static bool ZoneName(string text, ref int at, Fields fields)
    {
        int end = at;
        while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] is '+' or '-' or ':' or '/' or '_'))
        {
            end++;
        }

        fields.Zone = Zones.Find(text[at..end] is ['+' or '-', _, _, _, _] four ? four.Insert(3, ":") : text[at..end]);
        at = end;
        return fields.Zone is not null;
    }

    private static bool Name((char Letter, int Count, string Text) part, string text, ref int at, Fields fields, bool legacy)
    {
        string[] names = part.Letter == 'E' ? Days : Months;
        // The old parser took the long and the short form, in any case.
        int[] lengths = legacy ? [int.MaxValue, 3] : [part.Count == 3 ? 3 : int.MaxValue];
        foreach (int length in lengths)
        {
            for (int i = 0; i < names.Length; i++)
            {
                string name = names[i][..Math.Min(length, names[i].Length)];
                if (string.Compare(text, at, name, 0, name.Length, legacy ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal) == 0)
                {
                    at += name.Length;
                    fields.Month = part.Letter == 'E' ? fields.Month : i + 1;
                    return true;
                }
            }
        }

        return false;
    }

    private static bool Digits(string text, ref int at, int min, int max, out long value, out int used)
    {
        value = 0;
        used = 0;
        while (used < max && at < text.Length && char.IsAsciiDigit(text[at]))
        {
            value = (value * 10) + (text[at++] - '0');
            used++;
        }

        return used >= min;
    }
}
