using System.Text;

namespace Hearth.Engine.Functions;

/// <summary>One CSV record as Spark reads and writes it: quote <c>"</c>, escape <c>\</c>.</summary>
internal static class CsvText
{
    /// <summary>What stands for NULL in a list of fields: an empty field that is not quoted.</summary>
    public const string Null = "\0";

    public static List<string> Split(string record, string separator)
    {
        List<string> fields = [];
        for (int at = 0; ;)
        {
            (string field, int end) = Next(record, at, separator);
            fields.Add(field);
            if (end >= record.Length)
            {
                return fields;
            }

            at = end + separator.Length;
            if (at >= record.Length)
            {
                fields.Add(Null);
                return fields;
            }
        }
    }

    private static (string Field, int End) Next(string record, int at, string separator)
    {
        int start = at;
        while (start < record.Length && record[start] == ' ')
        {
            start++;
        }

        if (start >= record.Length || record[start] != '"')
        {
            int end = record.IndexOf(separator, at, StringComparison.Ordinal);
            end = end < 0 ? record.Length : end;
            string plain = record[at..end].Trim(' ');
            return (plain.Length == 0 ? Null : plain, end);
        }

        StringBuilder value = new();
        int i = start + 1;
        for (; i < record.Length && record[i] != '"'; i++)
        {
            if (record[i] == '\\' && i + 1 < record.Length && record[i + 1] is '"' or '\\')
            {
                i++;
            }

            value.Append(record[i]);
        }

        int next = record.IndexOf(separator, Math.Min(i + 1, record.Length), StringComparison.Ordinal);
        return (value.ToString(), next < 0 ? record.Length : next);
    }

    /// <summary>A field, quoted when it must be.</summary>
    public static string Field(string text, string separator) =>
        text.Length == 0 ? "\"\""
        : text.Contains(separator, StringComparison.Ordinal) || text.AsSpan().IndexOfAny('"', '\n', '\r') >= 0 || text[0] == ' ' || text[^1] == ' '
            ? $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""
            : text;
}
