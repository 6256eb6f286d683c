using System.Text.Json.Nodes;
using Hearth.Aws.Http;
using Hearth.Aws.Tables;

namespace Hearth.Aws.Glue;

/// <summary>
/// Tables in the shape of Glue. What a client gave when it made a table comes back as it was; columns, location, parameters and comment are those that the
/// table has now, because Spark may have changed it since. Tables that Spark made look as Spark's Hive client writes them, but a Delta table shows its columns.
/// </summary>
internal static class GlueTable
{
    private static readonly string[] OfDescriptor = ["InputFormat", "OutputFormat", "Compressed", "NumberOfBuckets", "SerdeInfo", "BucketColumns", "SortColumns", "Parameters", "SkewedInfo", "StoredAsSubDirectories", "AdditionalLocations"];
    private static readonly string[] OfTable = ["Owner", "Retention", "LastAccessTime", "LastAnalyzedTime", "ViewOriginalText", "ViewExpandedText", "TableType"];

    /// <summary>The answer's shape of a table.</summary>
    public static JsonObject Write(CatalogTable table, string catalogId)
    {
        var written = new JsonObject
        {
            ["Name"] = table.Name,
            ["DatabaseName"] = table.Database,
            ["CreateTime"] = Seconds(table.Created),
            ["UpdateTime"] = Seconds(table.Updated),
            ["Retention"] = 0,
            ["StorageDescriptor"] = Descriptor(table, table.Location, columns: true),
            ["PartitionKeys"] = Columns(table.PartitionKeys),
            ["TableType"] = table.Kind switch { "VIEW" => "VIRTUAL_VIEW", "MANAGED" => "MANAGED_TABLE", _ => "EXTERNAL_TABLE" },
            ["Parameters"] = Strings(Parameters(table)),
            ["CreatedBy"] = "hearth",
            ["IsRegisteredWithLakeFormation"] = false,
            ["CatalogId"] = catalogId,
            ["VersionId"] = "0",
            ["IsMultiDialectView"] = false,
        };
        if (table.Comment is not null)
        {
            written["Description"] = table.Comment;
        }

        if (table.ViewText is not null)
        {
            written["ViewOriginalText"] = table.ViewText;
            written["ViewExpandedText"] = table.ViewText;
        }

        Overlay(written, table.Storage, OfTable);
        return written;
    }

    /// <summary>The shape of a partition.</summary>
    public static JsonObject Write(CatalogTable table, CatalogPartition partition, string catalogId, bool columns) => new()
    {
        ["Values"] = new JsonArray([.. partition.Values.Select(v => JsonValue.Create(v))]),
        ["DatabaseName"] = table.Database,
        ["TableName"] = table.Name,
        ["CreationTime"] = Seconds(partition.Created),
        ["StorageDescriptor"] = Descriptor(table, partition.Location, columns),
        ["Parameters"] = new JsonObject(),
        ["CatalogId"] = catalogId,
    };

    /// <summary>The table that a TableInput describes.</summary>
    /// <exception cref="AwsException">InvalidInputException.</exception>
    public static CatalogTable Read(JsonMembers input, string database, string name, DateTimeOffset created)
    {
        var descriptor = input.Member("StorageDescriptor");
        var serde = descriptor?.Member("SerdeInfo");
        var parameters = input.Map("Parameters") ?? new Dictionary<string, string>(StringComparer.Ordinal);
        var view = input.Text("TableType") is "VIRTUAL_VIEW";
        var location = descriptor?.Text("Location")?.TrimEnd('/') ?? "";
        var source = view ? ("", []) : StorageFormat.Read(descriptor?.Text("InputFormat"), serde?.Text("SerializationLibrary"), serde?.Map("Parameters") ?? parameters, parameters)
            ?? throw new AwsException(400, "InvalidInputException", "The table's data source is not known: StorageDescriptor.SerdeInfo.SerializationLibrary names a SerDe (Parquet, JSON, OpenCSV, LazySimple), or Parameters has spark.sql.sources.provider, table_type or classification.");
        return new CatalogTable
        {
            Database = database,
            Name = name,
            Kind = view ? "VIEW" : "EXTERNAL",
            Format = source.Item1,
            Columns = Columns(descriptor, "Columns"),
            PartitionKeys = Columns(input, "PartitionKeys"),
            Location = location,
            Comment = input.Text("Description"),
            Options = source.Item2,
            Properties = parameters,
            ViewText = view ? input.Text("ViewOriginalText") ?? throw input.Broken("ViewOriginalText", "null", "Member must not be null") : null,
            Created = created,
            Storage = Kept(input),
        };
    }

    private static JsonObject Kept(JsonMembers input)
    {
        var kept = new JsonObject();
        Overlay(kept, input.Body, OfTable);
        if (input.Body["StorageDescriptor"] is JsonObject descriptor)
        {
            var inner = new JsonObject();
            Overlay(inner, descriptor, OfDescriptor);
            kept["StorageDescriptor"] = inner;
        }

        return kept;
    }

    private static CatalogColumn[] Columns(JsonMembers? owner, string name) =>
        [.. owner?.Items(name).Select(c => new CatalogColumn(c.Required("Name").ToLowerInvariant(), c.Text("Type") ?? "string", c.Text("Comment"))) ?? []];

    private static JsonObject Descriptor(CatalogTable table, string location, bool columns)
    {
        var format = StorageFormat.Of(table);
        var written = new JsonObject
        {
            ["Columns"] = columns ? Columns(table.Columns) : new JsonArray(),
            ["Location"] = location,
            ["InputFormat"] = table.ViewText is null ? format.Input : "",
            ["OutputFormat"] = table.ViewText is null ? format.Output : "",
            ["Compressed"] = false,
            ["NumberOfBuckets"] = -1,
            ["SerdeInfo"] = table.ViewText is null ? new JsonObject { ["SerializationLibrary"] = format.Serde, ["Parameters"] = Strings(StorageFormat.SerdeParameters(table)) } : new JsonObject(),
            ["BucketColumns"] = new JsonArray(),
            ["SortColumns"] = new JsonArray(),
            ["Parameters"] = new JsonObject(),
            ["SkewedInfo"] = new JsonObject { ["SkewedColumnNames"] = new JsonArray(), ["SkewedColumnValues"] = new JsonArray(), ["SkewedColumnValueLocationMaps"] = new JsonObject() },
            ["StoredAsSubDirectories"] = false,
        };
        Overlay(written, table.Storage?["StorageDescriptor"] as JsonObject, OfDescriptor);
        return written;
    }

    /// <summary>The table's own parameters, and what Spark and Athena write about the data source.</summary>
    public static Dictionary<string, string> Parameters(CatalogTable table)
    {
        var parameters = table.Properties.ToDictionary(StringComparer.Ordinal);
        if (table.ViewText is not null)
        {
            return parameters;
        }

        if (table.Kind is "EXTERNAL")
        {
            parameters.TryAdd("EXTERNAL", "TRUE");
        }

        if (table.Format.Length > 0)
        {
            parameters.TryAdd("classification", table.Format);
        }

        if (table.Storage is null && !table.IsSymlink)
        {
            parameters.TryAdd("spark.sql.sources.provider", table.Format);
            parameters.TryAdd("spark.sql.partitionProvider", "catalog");
        }

        if (table.Format is "delta")
        {
            parameters.TryAdd("table_type", "DELTA");
        }

        return parameters;
    }

    private static void Overlay(JsonObject target, JsonObject? from, string[] names)
    {
        foreach (var name in names)
        {
            if (from?[name] is { } value)
            {
                target[name] = value.DeepClone();
            }
        }
    }

    private static JsonArray Columns(IEnumerable<CatalogColumn> columns) => new([.. columns.Select(Column)]);

    private static JsonObject Column(CatalogColumn column)
    {
        var written = new JsonObject { ["Name"] = column.Name, ["Type"] = column.Type };
        if (column.Comment is not null)
        {
            written["Comment"] = column.Comment;
        }

        return written;
    }

    /// <summary>A map.</summary>
    public static JsonObject Strings(IEnumerable<KeyValuePair<string, string>> values) => new(values.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value)));

    /// <summary>A time as JSON 1.1 writes it.</summary>
    public static double Seconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000.0;
}
