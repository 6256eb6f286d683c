using System.Globalization;
using System.Text;

namespace Hearth.Jobs.Spark;

/// <summary>Java properties text: what <c>spark.properties</c> and <c>spark-defaults.conf</c> hold.</summary>
public static class PropertiesText
{
    /// <summary>Writes <c>key=value</c> lines, escaped so that any reader of properties gets the same text back.</summary>
    public static string Write(IEnumerable<KeyValuePair<string, string>> properties, string? comment = null)
    {
        var text = new StringBuilder();
        if (comment is not null)
        {
            text.Append('#').Append(comment).Append('\n');
        }

        foreach (var (key, value) in properties)
        {
            Escape(text, key, isKey: true);
            text.Append('=');
            Escape(text, value, isKey: false);
            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Reads properties: comments, continued lines, <c>=</c>, <c>:</c> or blanks between key and value, escapes.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Read(string text) => [.. Lines(text).Select(Pair)];

    private static IEnumerable<string> Lines(string text)
    {
        var joined = new StringBuilder();
        foreach (var raw in text.Split('\n'))
        {
            var line = raw.TrimEnd('\r').TrimStart(' ', '\t', '\f');
            if (joined.Length == 0 && (line.Length == 0 || line[0] is '#' or '!'))
            {
                continue;
            }

            var backslashes = line.Length - line.TrimEnd('\\').Length;
            if (backslashes % 2 == 1)
            {
                joined.Append(line, 0, line.Length - 1);
                continue;
            }

            yield return joined.Append(line).ToString();
            joined.Clear();
        }

        if (joined.Length > 0)
        {
            yield return joined.ToString();
        }
    }

    private static KeyValuePair<string, string> Pair(string line)
    {
        var end = 0;
        while (end < line.Length && line[end] is not ('=' or ':' or ' ' or '\t'))
        {
            end += line[end] == '\\' ? 2 : 1;
        }

        end = Math.Min(end, line.Length);
        var value = end;
        while (value < line.Length && (line[value] is ' ' or '\t'))
        {
            value++;
        }

        if (value < line.Length && (line[value] is '=' or ':'))
        {
            value++;
            while (value < line.Length && (line[value] is ' ' or '\t'))
            {
                value++;
            }
        }

        return KeyValuePair.Create(Unescape(line[..end]), Unescape(line[value..]));
    }

    private static void Escape(StringBuilder text, string value, bool isKey)
    {
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            _ = c switch
            {
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                ' ' when isKey || i == 0 => text.Append("\\ "),
                '=' or ':' or '#' or '!' when isKey => text.Append('\\').Append(c),
                < ' ' or > '~' => text.Append("\\u").Append(((int)c).ToString("X4", CultureInfo.InvariantCulture)),
                _ => text.Append(c),
            };
        }
    }

    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || ++i == text.Length)
            {
                if (i < text.Length)
                {
                    result.Append(text[i]);
                }

                continue;
            }

            if (text[i] == 'u' && i + 4 < text.Length && ushort.TryParse(text.AsSpan(i + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var code))
            {
                result.Append((char)code);
                i += 4;
                continue;
            }

            result.Append(text[i] switch { 'n' => '\n', 'r' => '\r', 't' => '\t', 'f' => '\f', var c => c });
        }

        return result.ToString();
    }
}
