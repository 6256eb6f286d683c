using System.Globalization;
using Hearth.Engine.Types;

namespace Hearth.Engine.Sources;

/// <summary>CSV read line by line, so that it is known which records are bad: too few or too many fields, or a field that its type does not fit.</summary>
internal static class CsvRecords
{
    public static FileSource Of(FileListing listing, CsvFormat format, BadRecords records, string[] names, SparkType[] types)
    {
        if (format.TrimLeft != format.TrimRight || format.Encoding != "utf-8")
        {
            throw Binding.Errors.Unsupported("CSV modes and corrupt record columns together with one-sided trimming or another encoding than UTF-8");
        }

        if (format.MultiLine)
        {
            throw Binding.Errors.Unsupported("CSV modes and corrupt record columns together with multiLine");
        }

        int[] data = [.. Enumerable.Range(0, names.Length).Where(i => !records.IsCorruptColumn(names[i]))];
        string spec = DuckTypes.Literal(string.Join('\u0001', format.Separator, format.Quote?.ToString() ?? "", format.Escape, format.NullValue, format.TrimLeft && format.TrimRight ? "trim" : ""));
        string fields = string.Join(", ", data.Select((column, i) => string.Create(CultureInfo.InvariantCulture, $"nullif(list_extract(p, {i + 1}), chr(0)) AS f{column}")));
        string bad = string.Join(" OR ", data.Where(i => types[i] != SparkType.String).Select(i => string.Create(CultureInfo.InvariantCulture, $"(f{i} IS NOT NULL AND {CsvSource.Column($"f{i}", types[i], format)} IS NULL)")).Prepend($"len(p) <> {data.Length.ToString(CultureInfo.InvariantCulture)}"));
        string from = $"(SELECT * FROM (SELECT *, ({bad}) AS bad FROM (SELECT *, {fields} FROM (SELECT *, hearth_csv_fields(line, {spec}) AS p FROM {BadRecords.Lines(listing, format.Header)} l) a) b) c WHERE {records.Condition})";
        string[] columns = [.. names.Select((name, i) => records.IsCorruptColumn(name) ? "CASE WHEN bad THEN line END" : CsvSource.Column(string.Create(CultureInfo.InvariantCulture, $"f{i}"), types[i], format))];
        return new FileSource(from, [.. names.Select((n, i) => new StructField(n, types[i]))], columns);
    }
}
