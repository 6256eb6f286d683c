using System.Globalization;
using System.Text;

namespace Hearth.Engine.Formatting;

/// <summary>The tables of <c>DataFrame.show()</c>, character for character.</summary>
public static class ShowText
{
    /// <summary>A table.</summary>
    /// <param name="names">Column names.</param>
    /// <param name="rows">Cells as text.</param>
    /// <param name="truncate">Longest value; 0 prints all, left-aligned. Names stay whole.</param>
    /// <param name="limit">Rows asked for.</param>
    /// <param name="more">Whether there are more rows.</param>
    public static string Table(IReadOnlyList<string> names, IReadOnlyList<string[]> rows, int truncate, int limit, bool more)
    {
        // Spark cuts values, never names.
        string[] header = [.. names.Select(ValueText.Escape)];
        string[][] cells = [.. rows.Select(r => r.Select(c => Cut(ValueText.Escape(c), truncate)).ToArray())];
        int[] widths = [.. header.Select((h, i) => Math.Max(3, cells.Select(r => ValueText.Width(r[i])).Append(ValueText.Width(h)).Max()))];
        StringBuilder text = new();
        string ruler = "+" + string.Concat(widths.Select(w => new string('-', w) + "+")) + "\n";
        text.Append(ruler);
        Line(text, header, widths, truncate > 0);
        text.Append(ruler);
        foreach (string[] row in cells)
        {
            Line(text, row, widths, truncate > 0);
        }

        text.Append(ruler);
        return text.Append(Footer(limit, more)).ToString();
    }

    /// <summary>Records one below the other.</summary>
    public static string Vertical(IReadOnlyList<string> names, IReadOnlyList<string[]> rows, int truncate, int limit, bool more)
    {
        if (rows.Count == 0)
        {
            return "(0 rows)\n";
        }

        string[] header = [.. names.Select(ValueText.Escape)];
        string[][] cells = [.. rows.Select(r => r.Select(c => Cut(ValueText.Escape(c), truncate)).ToArray())];
        int nameWidth = Math.Max(3, header.Max(ValueText.Width)), valueWidth = Math.Max(3, cells.Max(r => r.Max(ValueText.Width)));
        StringBuilder text = new();
        for (int i = 0; i < cells.Length; i++)
        {
            text.Append(string.Create(CultureInfo.InvariantCulture, $"-RECORD {i}").PadRight(nameWidth + valueWidth + 5, '-')).Append('\n');
            for (int j = 0; j < header.Length; j++)
            {
                text.Append(' ').Append(Pad(header[j], nameWidth, right: false)).Append(" | ").Append(Pad(cells[i][j], valueWidth, right: false)).Append(" \n");
            }
        }

        return text.Append(Footer(limit, more)).ToString();
    }

    private static string Footer(int limit, bool more) => more ? string.Create(CultureInfo.InvariantCulture, $"only showing top {limit} {(limit == 1 ? "row" : "rows")}\n") : "";

    private static void Line(StringBuilder text, string[] cells, int[] widths, bool right)
    {
        text.Append('|');
        for (int i = 0; i < cells.Length; i++)
        {
            text.Append(Pad(cells[i], widths[i], right)).Append('|');
        }

        text.Append('\n');
    }

    private static string Pad(string text, int width, bool right)
    {
        string blanks = new(' ', Math.Max(0, width - ValueText.Width(text)));
        return right ? blanks + text : text + blanks;
    }

    private static string Cut(string text, int truncate) =>
        truncate <= 0 || text.Length <= truncate ? text : truncate < 4 ? text[..truncate] : text[..(truncate - 3)] + "...";

    /// <summary>The text of <c>printSchema()</c>.</summary>
    public static string Tree(Types.StructType schema)
    {
        StringBuilder text = new("root\n");
        Fields(text, schema, " ");
        return text.ToString();
    }

    private static void Fields(StringBuilder text, Types.StructType type, string prefix)
    {
        foreach (Types.StructField field in type.Fields)
        {
            text.Append(prefix).Append("|-- ").Append(field.Name).Append(": ").Append(field.Type.TreeName).Append(" (nullable = ").Append(field.Nullable ? "true" : "false").Append(")\n");
            Nested(text, field.Type, prefix + "|    ");
        }
    }

    private static void Nested(StringBuilder text, Types.SparkType type, string prefix)
    {
        switch (type)
        {
            case Types.StructType s:
                Fields(text, s, prefix);
                break;
            case Types.ArrayType a:
                text.Append(prefix).Append("|-- element: ").Append(a.Element.TreeName).Append(" (containsNull = ").Append(a.ContainsNull ? "true" : "false").Append(")\n");
                Nested(text, a.Element, prefix + "|    ");
                break;
            case Types.MapType m:
                text.Append(prefix).Append("|-- key: ").Append(m.Key.TreeName).Append('\n');
                Nested(text, m.Key, prefix + "|    ");
                text.Append(prefix).Append("|-- value: ").Append(m.Value.TreeName).Append(" (valueContainsNull = ").Append(m.ValueContainsNull ? "true" : "false").Append(")\n");
                Nested(text, m.Value, prefix + "|    ");
                break;
            default:
                break;
        }
    }
}
