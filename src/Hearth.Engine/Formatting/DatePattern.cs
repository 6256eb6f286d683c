using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Hearth.Engine.Formatting;

/// <summary>Java's date patterns as Spark 3 takes them (Spark documentation, "Datetime Patterns for Formatting and Parsing").</summary>
public sealed partial class DatePattern
{
    private static readonly ConcurrentDictionary<string, DatePattern> Known = new(StringComparer.Ordinal);
    private static readonly string[] Months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
    private static readonly string[] Days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

    private readonly List<(char Letter, int Count, string Text)> _parts = [];
    private readonly string _pattern;

    private DatePattern(string pattern)
    {
        _pattern = pattern;
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

                if (count > Longest(c) || (c == 'V' && count != 2))
                {
                    throw Unknown(pattern, c);
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

    // How often a letter may repeat; 0 for those that Spark 3 does not know. Sources: Java's DateTimeFormatterBuilder, Spark's DateTimeFormatterHelper.
    private static int Longest(char letter) => letter switch
    {
        'y' or 'u' => 6,
        'M' or 'L' or 'E' or 'Q' or 'q' or 'G' or 'z' => 4,
        'd' or 'H' or 'h' or 'k' or 'K' or 'm' or 's' or 'V' => 2,
        'D' => 3,
        'S' => 9,
        'Z' or 'X' or 'x' => 5,
        'a' => 1,
        _ => 0,
    };

    private static EngineException Unknown(string pattern, char letter) => new(
        "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION",
        $"You may get a different result due to the upgrading to Spark >= 3.0: Fail to recognize '{pattern}' pattern in the DateTimeFormatter (the letter '{letter}').",
        ErrorKind.SparkUpgradeException);

    /// <summary>Spark reads no text by names of days and quarters, though it prints them.</summary>
    /// <exception cref="EngineException">The pattern has such a letter.</exception>
    public void CheckReading()
    {
        foreach ((char letter, _, _) in _parts)
        {
            if (letter is 'E' or 'Q' or 'q')
            {
                throw Unknown(_pattern, letter);
            }

            if (letter == 'G')
            {
                throw new EngineException("UNSUPPORTED_FEATURE", $"The embedded engine does not read eras ('{_pattern}').", ErrorKind.UnsupportedOperationException, "run it with `--engine spark`");
            }
        }
    }

    /// <summary>Whether Java's old formatter prints the same by this pattern.</summary>
    public bool SameInLegacy => _parts.All(p => p.Letter is '\0' or 'y' or 'd' or 'H' or 'h' or 'k' or 'K' or 'm' or 's' or 'D' or 'a' || (p.Letter == 'M' && p.Count <= 4) || (p.Letter == 'E' && p.Count <= 4) || (p.Letter == 'S' && p.Count == 3));

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
}
