using System.Globalization;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Sources;

/// <summary>Text files: one column, called <c>value</c> unless the schema says otherwise; a row a line, or with <c>wholetext</c> a row a file.</summary>
internal static class TextSource
{
    private const string Default = "value";

    public static FileSource Of(FileRelation files, FileListing listing)
    {
        StructField field = Column(files, listing);
        string rows = files.Options.Flag("wholetext") ? "content" : $"unnest({Lines(files.Options.Get("lineSep"))})";
        string named = listing.Named ? $", filename AS {DuckTypes.Quote(FileListing.NameColumn)}" : "";
        string partitions = string.Concat(listing.Partitions.Select(p => $", {Partition(p.Name)} AS {DuckTypes.Quote(p.Name)}"));
        return new FileSource($"(SELECT {rows} AS {DuckTypes.Quote(field.Name)}{named}{partitions} FROM read_text({FileScans.FileList(listing)}) WHERE size > 0) lines", files.Schema?.Fields ?? [field], [.. (files.Schema?.Fields ?? [field]).Select(f => DuckTypes.Quote(f.Name))]);
    }

    private static StructField Column(FileRelation files, FileListing listing)
    {
        StructField[] own = [.. files.Schema?.Fields.Where(f => !listing.Partitions.Any(p => string.Equals(p.Name, f.Name, StringComparison.OrdinalIgnoreCase))) ?? [new StructField(Default, SparkType.String)]];
        return own switch
        {
            [var one] when one.Type == SparkType.String => one,
            [var one] => throw new EngineException("UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE", $"The Text datasource doesn't support the column `{one.Name}` of the type {Binding.Errors.TypeOf(one.Type)}."),
            _ => throw new EngineException("_LEGACY_ERROR_TEMP_1310", $"Text data source supports only a single column, and you have {own.Length.ToString(CultureInfo.InvariantCulture)} columns."),
        };
    }

    // A line ends at \n, \r\n or \r, or at what lineSep says; the last end begins no further line, and empty lines are rows.
    private static string Lines(string? separator)
    {
        string content = separator is null ? "replace(replace(content, chr(13) || chr(10), chr(10)), chr(13), chr(10))" : "content";
        string end = separator is null ? "chr(10)" : DuckTypes.Literal(separator);
        return $"string_split(CASE WHEN ends_with({content}, {end}) THEN left({content}, length({content}) - length({end})) ELSE {content} END, {end})";
    }

    private static string Partition(string name)
    {
        string pattern = DuckTypes.Literal($"/{System.Text.RegularExpressions.Regex.Escape(PartitionPath.Escape(name))}=([^/]*)/");
        return $"nullif(url_decode(regexp_extract(filename, {pattern}, 1)), '{FileListing.DefaultPartition}')";
    }
}
