using System.Text;

namespace Hearth.Engine.Functions;

/// <summary>One CSV record as Spark reads and writes it: quote <c>"</c>, escape <c>\</c>.</summary>
internal static class CsvText
{
    /// <summary>What stands for NULL in a list of fields: an empty field that is not quoted.</summary>
    public const string Null = "\0";

    /// <summary>The fields of a record of from_csv: blanks around fields do not count.</summary>
    public static List<string> Split(string record, string separator) => Split(record, separator, '"', '\\', "", trim: true);

    /// <summary>The fields of a line of a file.</summary>
    /// <param name="record">The line.</param>
    /// <param name="spec">Separator, quote, escape, text of NULL, and "trim", separated by U+0001.</param>
    public static List<string> Fields(string record, string spec)
    {
        string[] parts = spec.Split('\u0001');
        return Split(record, parts[0], parts[1].Length == 0 ? null : parts[1][0], parts[2].Length == 0 ? null : parts[2][0], parts[3], parts[4].Length > 0);
    }

    private static List<string> Split(string record, string separator, char? quote, char? escape, string nullText, bool trim)
    {
        List<string> fields = [];
        for (int at = 0; ;)
        {
            (string field, int end) = Next(record, at, separator, quote, escape, nullText, trim);
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

    private static (string Field, int End) Next(string record, int at, string separator, char? quote, char? escape, string nullText, bool trim)
    {
        int start = at;
        while (trim && start < record.Length && record[start] == ' ')
        {
            start++;
        }

        if (start >= record.Length || record[start] != quote)
        {
            int end = record.IndexOf(separator, at, StringComparison.Ordinal);
            end = end < 0 ? record.Length : end;
            string plain = trim ? record[at..end].Trim(' ') : record[at..end];
            return (plain.Length == 0 || plain == nullText ? Null : plain, end);
        }

        StringBuilder value = new();
        int i = start + 1;
        for (; i < record.Length && (record[i] != quote || (escape == quote && i + 1 < record.Length && record[i + 1] == quote)); i++)
        {
            if (record[i] == escape && i + 1 < record.Length && (record[i + 1] == quote || record[i + 1] == escape))
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
