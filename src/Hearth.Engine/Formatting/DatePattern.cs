using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Hearth.Engine.Formatting;

/// <summary>Java's date patterns as Spark 3 takes them (Spark documentation, "Datetime Patterns for Formatting and Parsing").</summary>
public sealed class DatePattern
{
    private static readonly ConcurrentDictionary<string, DatePattern> Known = new(StringComparer.Ordinal);
    private static readonly string[] Months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
    private static readonly string[] Days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

    private readonly List<(char Letter, int Count, string Text)> _parts = [];

    private DatePattern(string pattern)
    {
        for (int i = 0; i < pattern.Length;)
        {
            char c = pattern[i];
            if (c == '\'')
            {
                i = Quoted(pattern, i);
            }
            else if (char.IsAsciiLetter(c))
            {
                int count = 1;
                while (i + count < pattern.Length && pattern[i + count] == c)
                {
                    count++;
                }

                if (!"yuMLdDHhkKmsSaEQqzZXxVG".Contains(c, StringComparison.Ordinal))
                {
                    throw new EngineException("INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION", $"Spark >= 3.0 does not recognise the pattern letter '{c}' in '{pattern}'.", ErrorKind.IllegalArgumentException);
                }

                _parts.Add((c, count, ""));
                i += count;
            }
            else
            {
                if (c is '[' or ']')
                {
                    throw new EngineException("UNSUPPORTED_FEATURE", $"The embedded engine does not run optional sections in date patterns ('{pattern}').", ErrorKind.UnsupportedOperationException, "run it with `--engine spark`");
                }

                _parts.Add(('\0', 1, c.ToString()));
                i++;
            }
        }
    }

    /// <summary>The pattern.</summary>
    /// <exception cref="EngineException">Spark refuses it, or this engine does not know it.</exception>
    public static DatePattern Of(string pattern) => Known.TryGetValue(pattern, out DatePattern? known) ? known : Known.GetOrAdd(pattern, p => new DatePattern(p));

    /// <summary>The strftime form that prints the same, or null when there is none for some letter.</summary>
    public static string? Strftime(string pattern)
    {
        StringBuilder text = new();
        foreach ((char letter, int count, string literal) in Of(pattern)._parts)
        {
            string? code = (letter, count) switch
            {
                ('\0', _) => literal.Replace("%", "%%", StringComparison.Ordinal),
                ('y', 4) => "%Y",
                ('M', 2) => "%m",
                ('M', 3) => "%b",
                ('M', 4) => "%B",
                ('d', 2) => "%d",
                ('H', 2) => "%H",
                ('m', 2) => "%M",
                ('s', 2) => "%S",
                ('E', <= 3) => "%a",
                ('E', 4) => "%A",
                _ => null,
            };
            if (code is null)
            {
                return null;
            }

            text.Append(code);
        }

        return text.ToString();
    }

    private int Quoted(string pattern, int i)
    {
        if (i + 1 < pattern.Length && pattern[i + 1] == '\'')
        {
            _parts.Add(('\0', 1, "'"));
            return i + 2;
        }

        int end = pattern.IndexOf('\'', i + 1);
        end = end < 0 ? pattern.Length : end;
        _parts.Add(('\0', 1, pattern[(i + 1)..end]));
        return end + 1;
    }

    /// <summary>Prints local microseconds.</summary>
    public string Format(long micros, TimeSpan offset, string zone)
    {
        long day = Math.DivRem(micros, 86_400_000_000, out long rest);
        if (rest < 0)
        {
            rest += 86_400_000_000;
            day--;
        }

        (long year, int month, int dayOfMonth) = DateText.Civil(day);
        int hour = (int)(rest / 3_600_000_000), minute = (int)(rest / 60_000_000 % 60), second = (int)(rest / 1_000_000 % 60), fraction = (int)(rest % 1_000_000);
        StringBuilder text = new();
        foreach ((char letter, int count, string literal) in _parts)
        {
            _ = letter switch
            {
                '\0' => text.Append(literal),
                'y' or 'u' => count == 2 ? Number(text, year % 100, 2) : Number(text, year, count),
                'M' or 'L' => count switch { 1 or 2 => Number(text, month, count), 3 => text.Append(Months[month - 1].AsSpan(0, 3)), _ => text.Append(Months[month - 1]) },
                'd' => Number(text, dayOfMonth, count),
                'D' => Number(text, day - DateText.DayNumber(year, 1, 1) + 1, count),
                'H' => Number(text, hour, count),
                'k' => Number(text, hour == 0 ? 24 : hour, count),
                'h' => Number(text, hour % 12 == 0 ? 12 : hour % 12, count),
                'K' => Number(text, hour % 12, count),
                'm' => Number(text, minute, count),
                's' => Number(text, second, count),
                'S' => text.Append(fraction.ToString("000000", CultureInfo.InvariantCulture).PadRight(9, '0').AsSpan(0, Math.Min(count, 9))),
                'a' => text.Append(hour < 12 ? "AM" : "PM"),
                'E' => text.Append(count < 4 ? Weekday(day)[..3] : Weekday(day)),
                'Q' or 'q' => count < 3 ? Number(text, ((month - 1) / 3) + 1, count) : text.Append(CultureInfo.InvariantCulture, $"Q{((month - 1) / 3) + 1}"),
                'G' => text.Append(year > 0 ? "AD" : "BC"),
                'V' => text.Append(zone),
                _ => text.Append(Offset(letter, count, offset, zone)),
            };
        }

        return text.ToString();
    }

    private static string Weekday(long day) => Days[(int)(((day + 3) % 7 + 7) % 7)];

    private static StringBuilder Number(StringBuilder text, long value, int width) => text.Append(value.ToString(new string('0', width), CultureInfo.InvariantCulture));

    private static string Offset(char letter, int count, TimeSpan offset, string zone)
    {
        if (letter == 'z')
        {
            return zone;
        }

        if (letter == 'X' && offset == TimeSpan.Zero)
        {
            return "Z";
        }

        string sign = offset < TimeSpan.Zero ? "-" : "+";
        string colon = (letter is 'X' or 'x' && count is 3 or 5) ? ":" : "";
        bool short1 = letter is 'X' or 'x' && count == 1 && offset.Minutes == 0;
        return letter == 'Z' && count == 4
            ? "GMT" + (offset == TimeSpan.Zero ? "" : $"{sign}{offset:hh\\:mm}")
            : $"{sign}{offset:hh}{(short1 ? "" : colon + offset.ToString("mm", CultureInfo.InvariantCulture))}";
    }

    /// <summary>Reads a whole text; missing parts are those of 1970-01-01 00:00:00. Null when it does not match.</summary>
    /// <param name="text">The text.</param>
    /// <param name="offset">Offset in the text, or null.</param>
    public long? Parse(string text, out TimeSpan? offset)
    {
        offset = null;
        long year = 1970;
        int month = 1, day = 1, hour = 0, minute = 0, second = 0, fraction = 0, dayOfYear = 0, at = 0;
        bool? afternoon = null;
        for (int i = 0; i < _parts.Count; i++)
        {
            (char letter, int count, string literal) = _parts[i];
            long value = 0;
            switch (letter)
            {
                case '\0':
                    if (string.CompareOrdinal(text, at, literal, 0, literal.Length) != 0)
                    {
                        return null;
                    }

                    at += literal.Length;
                    continue;
                case 'a':
                    if (at + 2 > text.Length || text[at..(at + 2)].ToUpperInvariant() is not ("AM" or "PM"))
                    {
                        return null;
                    }

                    afternoon = char.ToUpperInvariant(text[at]) == 'P';
                    at += 2;
                    continue;
                case 'M' or 'L' or 'E' when count >= 3:
                    int name = Name(text, ref at, letter == 'E' ? Days : Months, count);
                    if (name < 0)
                    {
                        return null;
                    }

                    month = letter == 'E' ? month : name + 1;
                    continue;
                case 'X' or 'x' or 'Z' or 'z' or 'V':
                    int end = at;
                    while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] is '+' or '-' or ':' or '/' or '_'))
                    {
                        end++;
                    }

                    if (Zones.Find(text[at..end] is ['+' or '-', _, _, _, _] four ? four.Insert(3, ":") : text[at..end]) is not { } zone)
                    {
                        return null;
                    }

                    offset = zone.BaseUtcOffset;
                    at = end;
                    continue;
                case 'S':
                    if (!Digits(text, ref at, 1, count, out value, out int used))
                    {
                        return null;
                    }

                    fraction = (int)(value * Math.Pow(10, 6 - used));
                    continue;
                default:
                    bool adjacent = i + 1 < _parts.Count && _parts[i + 1].Letter != '\0';
                    int most = adjacent || count == 2 ? count : letter is 'y' or 'u' ? 10 : letter == 'D' ? 3 : 2;
                    if (!Digits(text, ref at, count, Math.Max(most, count), out value, out _))
                    {
                        return null;
                    }

                    break;
            }

            switch (letter)
            {
                case 'y' or 'u':
                    year = count == 2 ? 2000 + value : value;
                    break;
                case 'M' or 'L':
                    month = (int)value;
                    break;
                case 'd':
                    day = (int)value;
                    break;
                case 'D':
                    dayOfYear = (int)value;
                    break;
                case 'H' or 'K':
                    hour = (int)value;
                    break;
                case 'k' or 'h':
                    hour = (int)value % (letter == 'k' ? 24 : 12);
                    break;
                case 'm':
                    minute = (int)value;
                    break;
                default:
                    second = (int)value;
                    break;
            }
        }

        hour += afternoon == true && hour < 12 ? 12 : 0;
        if (at != text.Length || month is < 1 or > 12 || day < 1 || day > DateTimeReader.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
        {
            return null;
        }

        long number = dayOfYear > 0 ? DateText.DayNumber(year, 1, 1) + dayOfYear - 1 : DateText.DayNumber(year, month, day);
        return (((number * 86_400) + (hour * 3600L) + (minute * 60L) + second) * 1_000_000) + fraction;
    }

    private static int Name(string text, ref int at, string[] names, int count)
    {
        for (int i = 0; i < names.Length; i++)
        {
            string name = count == 3 ? names[i][..3] : names[i];
            if (string.Compare(text, at, name, 0, name.Length, StringComparison.Ordinal) == 0)
            {
                at += name.Length;
                return i;
            }
        }

        return -1;
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
