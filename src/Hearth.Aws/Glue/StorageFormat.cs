using Hearth.Aws.Tables;

namespace Hearth.Aws.Glue;

/// <summary>How Hive, Glue's crawlers and Athena name a data source: input format, output format and SerDe.</summary>
/// <param name="Input">Class of the input format.</param>
/// <param name="Output">Class of the output format.</param>
/// <param name="Serde">Class of the SerDe.</param>
internal sealed record StorageFormat(string Input, string Output, string Serde)
{
    private const string Hive = "org.apache.hadoop.hive";
    private const string TextInput = "org.apache.hadoop.mapred.TextInputFormat";
    private const string TextOutput = $"{Hive}.ql.io.HiveIgnoreKeyTextOutputFormat";
    private const string SymlinkInput = $"{Hive}.ql.io.SymlinkTextInputFormat";
    private const string LazySimple = $"{Hive}.serde2.lazy.LazySimpleSerDe";
    private const string OpenCsv = $"{Hive}.serde2.OpenCSVSerde";
    private static readonly StorageFormat Parquet = new($"{Hive}.ql.io.parquet.MapredParquetInputFormat", $"{Hive}.ql.io.parquet.MapredParquetOutputFormat", $"{Hive}.ql.io.parquet.serde.ParquetHiveSerDe");
    private static readonly StorageFormat Orc = new($"{Hive}.ql.io.orc.OrcInputFormat", $"{Hive}.ql.io.orc.OrcOutputFormat", $"{Hive}.ql.io.orc.OrcSerde");
    private static readonly StorageFormat Json = new(TextInput, TextOutput, "org.openx.data.jsonserde.JsonSerDe");
    private static readonly StorageFormat Csv = new(TextInput, TextOutput, OpenCsv);
    private static readonly StorageFormat Delimited = new(TextInput, TextOutput, LazySimple);

    // Spark writes this for data sources that Hive does not know; Delta is one.
    private static readonly StorageFormat Other = new("org.apache.hadoop.mapred.SequenceFileInputFormat", $"{Hive}.ql.io.HiveSequenceFileOutputFormat", LazySimple);

    /// <summary>The classes of a table that Spark made.</summary>
    public static StorageFormat Of(CatalogTable table)
    {
        var plain = table.Format switch
        {
            "parquet" => Parquet,
            "orc" => Orc,
            "json" => Json,
            "csv" => table.Options.TryGetValue("quote", out var quote) && quote.Length == 0 ? Delimited : Csv,
            "text" => Delimited,
            _ => Other,
        };
        return table.IsSymlink ? plain with { Input = SymlinkInput, Output = TextOutput } : plain;
    }

    /// <summary>SerDe parameters of a table that Spark made.</summary>
    public static Dictionary<string, string> SerdeParameters(CatalogTable table)
    {
        var parameters = table.Options.Where(o => o.Key != CatalogTable.SymlinkOption && !o.Key.Equals("path", StringComparison.OrdinalIgnoreCase)).ToDictionary(StringComparer.Ordinal);
        if (table.Format is "csv")
        {
            var quoted = Of(table).Serde == OpenCsv;
            parameters[quoted ? "separatorChar" : "field.delim"] = table.Options.GetValueOrDefault("sep") ?? table.Options.GetValueOrDefault("delimiter") ?? ",";
        }

        if (table.Format is not ("csv" or "json" or "text"))
        {
            parameters["serialization.format"] = "1";
        }

        if (table.Format is "delta")
        {
            parameters["path"] = table.Location;
        }

        return parameters;
    }

    /// <summary>Spark's name and options of the data source that a client described; null when it said nothing of it.</summary>
    public static (string Format, Dictionary<string, string> Options)? Read(string? input, string? serde, IReadOnlyDictionary<string, string> serdeParameters, IReadOnlyDictionary<string, string> parameters)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Last(input) is "SymlinkTextInputFormat")
        {
            options[CatalogTable.SymlinkOption] = "true";
        }

        if (parameters.GetValueOrDefault("spark.sql.sources.provider")?.ToLowerInvariant() is { Length: > 0 } provider)
        {
            foreach (var (key, value) in serdeParameters.Where(p => p.Key is not ("path" or "serialization.format")))
            {
                options[key] = value;
            }

            return (provider, options);
        }

        if (parameters.GetValueOrDefault("table_type") is { } type && options.Count == 0)
        {
            return type.ToLowerInvariant() is var name && name is "delta" or "iceberg" or "hudi" ? (name, options) : Classes(input, serde, serdeParameters, parameters, options);
        }

        return Classes(input, serde, serdeParameters, parameters, options);
    }

    private static (string, Dictionary<string, string>)? Classes(
        string? input, string? serde, IReadOnlyDictionary<string, string> serdeParameters, IReadOnlyDictionary<string, string> parameters, Dictionary<string, string> options)
    {
        void Set(string option, string? value)
        {
            if (value is not null)
            {
                options[option] = value;
            }
        }

        switch (Last(serde))
        {
            case "ParquetHiveSerDe":
                return ("parquet", options);
            case "OrcSerde":
                return ("orc", options);
            case "AvroSerDe":
                return ("avro", options);
            case "JsonSerDe":
                return ("json", options);
            case "OpenCSVSerde":
                Set("sep", serdeParameters.GetValueOrDefault("separatorChar") ?? ",");
                Set("quote", serdeParameters.GetValueOrDefault("quoteChar") ?? "\"");
                Set("escape", serdeParameters.GetValueOrDefault("escapeChar") ?? "\\");
                Set("header", HasHeader(parameters));
                return ("csv", options);
            case "LazySimpleSerDe" when Last(input) is null or "TextInputFormat" or "SymlinkTextInputFormat":
                Set("sep", serdeParameters.GetValueOrDefault("field.delim") ?? serdeParameters.GetValueOrDefault("serialization.format") ?? "\u0001");
                options["quote"] = "";
                options["nullValue"] = "\\N";
                Set("header", HasHeader(parameters));
                return ("csv", options);
            default:
                return parameters.GetValueOrDefault("classification")?.ToLowerInvariant() is { Length: > 0 } classification ? (classification, options)
                    : Last(input) is "MapredParquetInputFormat" ? ("parquet", options)
                    : null;
        }
    }

    private static string? HasHeader(IReadOnlyDictionary<string, string> parameters) => parameters.GetValueOrDefault("skip.header.line.count") is "1" ? "true" : null;

    private static string? Last(string? name) => name is null ? null : name[(name.LastIndexOf('.') + 1)..];
}
