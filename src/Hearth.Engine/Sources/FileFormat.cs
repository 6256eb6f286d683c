using System.Globalization;
using Hearth.Engine.Plans;
using Hearth.Engine.Printing;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Sources;

/// <summary>How DuckDB's COPY writes a format, and how Spark names its files.</summary>
/// <param name="Name">parquet, csv, json, text.</param>
/// <param name="CopyOptions">Options of COPY.</param>
/// <param name="Extension">For example <c>.snappy.parquet</c>.</param>
internal sealed record FileFormat(string Name, string CopyOptions, string Extension)
{
    private Options Options { get; init; } = Options.None;

    /// <summary>One text line a row: JSON and text are written as single-column files without quoting.</summary>
    public bool RowAsLine => Name is "json" or "text";

    /// <exception cref="EngineException">The compression is unknown.</exception>
    public static FileFormat Of(string format, Options options, Func<string, string?> conf)
    {
        string? compression = (options.Get("compression") ?? options.Get("codec") ?? (format == "parquet" ? conf("spark.sql.parquet.compression.codec") : null))?.ToLowerInvariant();
        FileFormat made = format switch
        {
            "parquet" => Parquet(compression ?? "snappy"),
            "csv" => Csv(options, compression),
            _ => Lines(format, compression),
        };
        return made with { Options = options };
    }

    private static FileFormat Parquet(string compression)
    {
        (string codec, string extension) = compression switch
        {
            "snappy" => ("snappy", ".snappy.parquet"),
            "gzip" => ("gzip", ".gz.parquet"),
            "zstd" => ("zstd", ".zstd.parquet"),
            "lz4" or "lz4_raw" => ("lz4_raw", ".lz4hadoop.parquet"),
            "brotli" => ("brotli", ".br.parquet"),
            "none" or "uncompressed" => ("uncompressed", ".parquet"),
            _ => throw Unknown(compression),
        };
        return new FileFormat("parquet", $"FORMAT parquet, COMPRESSION {codec}", extension);
    }

    private static FileFormat Csv(Options options, string? compression)
    {
        string quote = options.Get("quote") ?? "\"";
        string escape = quote.Length == 0 ? "" : options.Get("escape") ?? "\\";
        string separator = options.Get("sep") ?? options.Get("delimiter") ?? ",";
        (string gzip, string suffix) = Gzip(compression);
        return new FileFormat(
            "csv",
            $"FORMAT csv, HEADER {(options.Flag("header") ? "true" : "false")}, DELIMITER {DuckTypes.Literal(separator == "\\t" ? "\t" : separator)}, QUOTE {DuckTypes.Literal(quote)}, ESCAPE {DuckTypes.Literal(escape)}, NULLSTR {DuckTypes.Literal(options.Get("nullValue") ?? "")}{(options.Flag("quoteAll") ? ", FORCE_QUOTE *" : "")}{gzip}",
            ".csv" + suffix);
    }

    private static FileFormat Lines(string format, string? compression)
    {
        (string gzip, string suffix) = Gzip(compression);
        return new FileFormat(format, $"FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\u0001', NULLSTR ''{gzip}", (format == "json" ? ".json" : ".txt") + suffix);
    }

    private static (string Option, string Suffix) Gzip(string? compression) => compression switch
    {
        null or "none" or "uncompressed" => ("", ""),
        "gzip" => (", COMPRESSION gzip", ".gz"),
        "zstd" => (", COMPRESSION zstd", ".zst"),
        _ => throw Unknown(compression),
    };

    private static EngineException Unknown(string compression) =>
        new("CODEC_NOT_AVAILABLE", $"The codec {compression} is not available. Available codecs are snappy, gzip, zstd, lz4, brotli, uncompressed.", ErrorKind.IllegalArgumentException);

    /// <summary>A column as it goes into the file.</summary>
    public string Column(string value, SparkType type, TimeZoneInfo zone) => Name switch
    {
        // Spark writes timestamps of CSV files with the zone's offset.
        "csv" when type.IsTimestamp || type == SparkType.Date => TimeFormats.Of(Options, zone).Write(value, type),
        "csv" when type == SparkType.String && (Options.Flag("ignoreLeadingWhiteSpace", true) || Options.Flag("ignoreTrailingWhiteSpace", true)) => Trimmed(value),
        "csv" => CastSql.Print(value, type, SparkType.String, zone),
        _ => value,
    };

    // Spark's writer leaves out the blanks around a text unless it is told not to.
    private string Trimmed(string value)
    {
        const string Blanks = "chr(32) || chr(9) || chr(10) || chr(11) || chr(12) || chr(13)";
        bool left = Options.Flag("ignoreLeadingWhiteSpace", true), right = Options.Flag("ignoreTrailingWhiteSpace", true);
        return $"{(left && right ? "trim" : left ? "ltrim" : "rtrim")}({value}, {Blanks})";
    }

    /// <summary>A whole row as one line.</summary>
    public string Line(BoundPlan plan, Seq<string> partitions, TimeZoneInfo zone)
    {
        List<(string Name, string Value, SparkType Type)> columns = [];
        for (int i = 0; i < plan.Output.Count; i++)
        {
            if (!partitions.Any(p => string.Equals(p, plan.Output[i].Name, StringComparison.OrdinalIgnoreCase)))
            {
                columns.Add((plan.Output[i].Name, string.Create(CultureInfo.InvariantCulture, $"c{i}"), plan.Output[i].Type));
            }
        }

        return Name == "text" ? $"coalesce({columns[0].Value}, '') AS line" : $"{JsonSql.Object(columns, Json(zone))} AS line";
    }

    private JsonForm Json(TimeZoneInfo zone)
    {
        TimeFormats times = TimeFormats.Of(Options, zone);
        return new JsonForm(zone, !Options.Flag("ignoreNullFields", true), (value, type) => times.PatternOf(type) is null && times.Zone == zone ? null : times.Write(value, type));
    }
}
