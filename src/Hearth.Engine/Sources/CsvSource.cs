using System.Globalization;
using Hearth.Engine.Binding;
using Hearth.Engine.Duck;
using Hearth.Engine.Printing;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Sources;

/// <summary>CSV files with Spark's rules: all columns text first, empty fields NULL, then casts that give NULL where they fail (PERMISSIVE).</summary>
internal static class CsvSource
{
    public static FileSource Of(FileRelation files, FileListing listing, Func<DuckConnection> connect, TimeZoneInfo zone)
    {
        CsvFormat format = CsvFormat.Of(files.Options, zone);
        string[] names = files.Schema is { } schema ? [.. schema.Fields.Select(f => f.Name)] : Header(listing, format);
        string[] physical = [.. names.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"f{i}"))];
        string from = Reader(listing, format, physical);
        SparkType[] types = files.Schema is not null ? [.. files.Schema.Fields.Select(f => f.Type)]
            : files.Options.Flag("inferSchema") ? Infer(connect, from, physical, names, format)
            : [.. names.Select(_ => (SparkType)SparkType.String)];
        if (BadRecords.Of(files.Options) is var records && records.NeedsLines(names))
        {
            return CsvRecords.Of(listing, format, records, names, types);
        }

        string[] columns = [.. physical.Select((p, i) => Column(p, types[i], format))];
        return new FileSource(from, [.. names.Select((n, i) => new StructField(n, types[i]))], columns);
    }

    /// <summary>
    /// Lines of up to 16 MiB; a longer one is an error. The buffer is DuckDB's own default: left out, it would be 16 times the longest line, more than a
    /// small session has memory.
    /// </summary>
    public const string LineLimits = "max_line_size=16777216, buffer_size=33554432";

    /// <summary>The value of a field from its text; NULL when the type does not fit.</summary>
    public static string Column(string physical, SparkType type, CsvFormat format)
    {
        string value = (format.TrimLeft, format.TrimRight) switch { (true, true) => $"trim({physical})", (true, false) => $"ltrim({physical})", (false, true) => $"rtrim({physical})", _ => physical };
        value = format.NullValue.Length == 0 ? value : $"nullif({value}, {DuckTypes.Literal(format.NullValue)})";
        if (type == SparkType.String)
        {
            return value;
        }

        // As Java's parsers of numbers and Scala's of truth values: no blanks, no fraction of a whole number, nothing but true and false.
        if (type.IsIntegral)
        {
            return $"CASE WHEN regexp_full_match({value}, '[+-]?[0-9]+') THEN {CastSql.Print(value, SparkType.String, type, format.Zone)} END";
        }

        if (type == SparkType.Boolean)
        {
            return $"CASE lower({value}) WHEN 'true' THEN true WHEN 'false' THEN false END";
        }

        if (!type.IsAtomic)
        {
            throw new EngineException("UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE", $"The CSV datasource doesn't support type {Errors.TypeOf(type)}.");
        }

        return format.Times.Read(value, type) ?? CastSql.Print(value, SparkType.String, type, format.Zone);
    }

    private static string Reader(FileListing listing, CsvFormat format, string[] columns)
    {
        string fields = string.Join(", ", columns.Select(c => $"'{c}': 'VARCHAR'"));
        string quote = format.Quote is { } q ? DuckTypes.Literal(q.ToString()) : "''";
        // An unquoted empty field is NULL, and so is what is nullValue, quoted or not.
        string nulls = format.NullValue.Length == 0 ? "nullstr='', allow_quoted_nulls=true" : $"nullstr=[{DuckTypes.Literal(format.NullValue)}, ''], allow_quoted_nulls=false";
        return $"read_csv({FileScans.FileList(listing)}, auto_detect=false, header={(format.Header ? "true" : "false")}, delim={DuckTypes.Literal(format.Separator)}, quote={quote}, "
            + $"escape={(format.Quote is null ? "''" : DuckTypes.Literal(format.Escape))}, {nulls}, null_padding=true, strict_mode=false, "
            // A line that cannot be read is an error: nothing is left out silently.
            + $"ignore_errors=false, encoding='{format.Encoding}'{(format.MultiLine ? ", parallel=false" : "")}, columns={{{fields}}}, {FileScans.Hive(listing)}"
            + $"{(format.Comment is { } comment ? $", comment={DuckTypes.Literal(comment)}" : "")}, {LineLimits})";
    }

    /// <summary>Column names: of the first line, or _c0, _c1, ...</summary>
    private static string[] Header(FileListing listing, CsvFormat format)
    {
        foreach (string file in listing.Files)
        {
            if (CsvLines.First(file, format) is { } fields)
            {
                return format.Header
                    ? Distinct([.. fields.Select((f, i) => f.Length == 0 ? string.Create(CultureInfo.InvariantCulture, $"_c{i}") : f)])
                    : [.. fields.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"_c{i}"))];
            }
        }

        throw new EngineException("UNABLE_TO_INFER_SCHEMA", "Unable to infer schema for CSV. It must be specified manually.");
    }

    // Spark adds the position to names that repeat.
    private static string[] Distinct(string[] names) => [.. names.Select((name, i) =>
        names.Count(n => string.Equals(n, name, StringComparison.OrdinalIgnoreCase)) > 1 ? string.Create(CultureInfo.InvariantCulture, $"{name}{i}") : name)];

    /// <summary>The narrowest type of all values: int, bigint, double, date, timestamp, boolean, string.</summary>
    private static SparkType[] Infer(Func<DuckConnection> connect, string from, string[] physical, string[] names, CsvFormat format)
    {
        if (names.Length == 0)
        {
            return [];
        }

        string Date(string p) => format.DateFormat is null ? $"length({p}) = 10 AND hearth_to_date({p}) IS NOT NULL" : $"{format.Times.Read(p, SparkType.Date)} IS NOT NULL";
        string Time(string p) => format.TimestampFormat is null ? $"length({p}) >= 10 AND hearth_to_timestamp_ntz({p}) IS NOT NULL" : $"{format.Times.Read(p, SparkType.Timestamp)} IS NOT NULL";
        const string Whole = "'[+-]?[0-9]+'";
        SparkType[] candidates = [SparkType.Int, SparkType.Long, SparkType.DefaultDecimal, SparkType.Double, SparkType.Date, SparkType.Timestamp, SparkType.Boolean];
        IEnumerable<string> tests = physical.SelectMany(p => (string[])
        [
            $"coalesce(bool_and(regexp_full_match({p}, {Whole}) AND hearth_to_int({p}) IS NOT NULL) FILTER (WHERE {p} IS NOT NULL), true)",
            $"coalesce(bool_and(regexp_full_match({p}, {Whole}) AND hearth_to_long({p}) IS NOT NULL) FILTER (WHERE {p} IS NOT NULL), true)",
            // Whole numbers beyond BIGINT are decimals of as many digits as the longest has.
            $"coalesce(bool_and(regexp_full_match({p}, {Whole}) AND length(ltrim({p}, '+-0')) <= 38) FILTER (WHERE {p} IS NOT NULL), true)",
            $"coalesce(bool_and(hearth_to_double({p}) IS NOT NULL) FILTER (WHERE {p} IS NOT NULL), true)",
            $"coalesce(bool_and({Date(p)}) FILTER (WHERE {p} IS NOT NULL), true)",
            $"coalesce(bool_and({Time(p)}) FILTER (WHERE {p} IS NOT NULL), true)",
            $"coalesce(bool_and(lower({p}) IN ('true', 'false')) FILTER (WHERE {p} IS NOT NULL), true)",
            $"count({p}) = 0",
            $"coalesce(max(length(ltrim({p}, '+-0'))), 1)",
        ]);
        using DuckConnection connection = connect();
        using DuckResult result = connection.Query($"SELECT {string.Join(", ", tests)} FROM {from}");
        _ = result.NextChunk();
        SparkType[] types = new SparkType[names.Length];
        for (int i = 0; i < names.Length; i++)
        {
            int at = i * (candidates.Length + 2);
            bool empty = result.Value(0, at + candidates.Length) is true;
            int fits = Enumerable.Range(0, candidates.Length).FirstOrDefault(t => result.Value(0, at + t) is true, -1);
            types[i] = empty || fits < 0 ? SparkType.String
                : candidates[fits] is DecimalType ? new DecimalType(Convert.ToInt32(result.Value(0, at + candidates.Length + 1), CultureInfo.InvariantCulture), 0)
                : candidates[fits];
        }

        return types;
    }
}

/// <summary>Options of CSV with Spark's names and defaults.</summary>
internal sealed record CsvFormat(bool Header, string Separator, char? Quote, string Escape, string NullValue, bool MultiLine, bool TrimLeft, bool TrimRight, string Encoding, string? Comment, string? DateFormat, string? TimestampFormat, string? TimestampNtzFormat, TimeZoneInfo Zone)
{
    public TimeFormats Times => new(DateFormat, TimestampFormat, TimestampNtzFormat, Zone);

    public static CsvFormat Of(Options options, TimeZoneInfo zone)
    {
        string separator = options.Get("sep") ?? options.Get("delimiter") ?? ",";
        string quote = options.Get("quote") ?? "\"";
        return new CsvFormat(
            options.Flag("header"),
            separator switch { "\\t" => "\t", _ => separator },
            quote.Length == 0 ? null : quote[0],
            options.Get("escape") ?? "\\",
            options.Get("nullValue") ?? "",
            options.Flag("multiLine"),
            options.Flag("ignoreLeadingWhiteSpace"),
            options.Flag("ignoreTrailingWhiteSpace"),
            (options.Get("encoding") ?? options.Get("charset") ?? "UTF-8").ToUpperInvariant() switch { "UTF-8" or "UTF8" or "US-ASCII" => "utf-8", "ISO-8859-1" or "LATIN1" => "latin-1", var other => throw Errors.Unsupported($"CSV files in {other}", hint: "UTF-8 and ISO-8859-1 are read") },
            options.Get("comment"),
            options.Get("dateFormat"),
            options.Get("timestampFormat"),
            options.Get("timestampNTZFormat"),
            options.Get("timeZone") is { } id ? Formatting.Zones.Require(id) : zone);
    }
}

/// <summary>Reads the first record of a CSV file.</summary>
internal static class CsvLines
{
    /// <summary>Fields of the first record, or null for an empty file.</summary>
    public static string[]? First(string file, CsvFormat format)
    {
        using StreamReader reader = file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
            ? new StreamReader(new System.IO.Compression.GZipStream(File.OpenRead(file), System.IO.Compression.CompressionMode.Decompress))
            : new StreamReader(file);
        string? line = reader.ReadLine();
        while (line is not null && (line.Length == 0 || (format.Comment is { } comment && line.StartsWith(comment, StringComparison.Ordinal))))
        {
            line = reader.ReadLine();
        }

        return line is null ? null : Split(line, format);
    }

    private static string[] Split(string line, CsvFormat format)
    {
        List<string> fields = [];
        System.Text.StringBuilder field = new();
        bool quoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == format.Quote)
            {
                bool doubled = quoted && i + 1 < line.Length && line[i + 1] == format.Quote;
                field.Append(doubled ? line[i].ToString() : "");
                i += doubled ? 1 : 0;
                quoted = doubled ? quoted : !quoted;
            }
            else if (!quoted && string.CompareOrdinal(line, i, format.Separator, 0, format.Separator.Length) == 0)
            {
                fields.Add(field.ToString());
                field.Clear();
                i += format.Separator.Length - 1;
            }
            else
            {
                field.Append(line[i]);
            }
        }

        fields.Add(field.ToString());
        return [.. fields];
    }
}
