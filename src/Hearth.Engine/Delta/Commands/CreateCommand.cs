using System.Text.Json.Nodes;
using Hearth.Engine.Delta.Log;
using Hearth.Engine.Delta.Write;
using Hearth.Engine.Types;

namespace Hearth.Engine.Delta.Commands;

/// <summary>Makes a table without rows, or gives one new metadata.</summary>
internal sealed class CreateCommand(DeltaTable table)
{
    private static readonly HashSet<string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        "delta.appendOnly", "delta.checkpointInterval", "delta.logRetentionDuration", "delta.deletedFileRetentionDuration", "delta.enableExpiredLogCleanup", "delta.dataSkippingNumIndexedCols",
        "delta.checkpoint.writeStatsAsJson", "delta.checkpoint.writeStatsAsStruct", "delta.isolationLevel", "delta.checkpointPolicy", "delta.parquet.compression.codec",
        "delta.compatibility.symlinkFormatManifest.enabled", "delta.autoOptimize.autoCompact", "delta.autoOptimize.optimizeWrite", "delta.targetFileSize", "delta.tuneFileSizesForRewrites", "delta.randomizeFilePrefixes",
        "delta.minReaderVersion", "delta.minWriterVersion", "delta.setTransactionRetentionDuration", "delta.enableFullRetentionRollback", "delta.sampleRetentionDuration",
    };

    // Off they are nothing; on they need a feature that this engine does not write.
    private static readonly HashSet<string> Features = new(StringComparer.OrdinalIgnoreCase)
    {
        "delta.enableChangeDataFeed", "delta.enableDeletionVectors", "delta.enableInCommitTimestamps", "delta.enableRowTracking", "delta.enableIcebergCompatV1", "delta.enableIcebergCompatV2", "delta.enableTypeWidening",
    };

    /// <summary>Metadata of a new table.</summary>
    /// <exception cref="EngineException">A column, partition column or property is not possible.</exception>
    public static Metadata NewMetadata(DeltaTable table, StructType schema, Seq<string> partitions, IReadOnlyDictionary<string, string> properties, string? description)
    {
        SchemaText.Check(schema);
        foreach (string partition in partitions)
        {
            int index = schema.IndexOf(partition);
            if (index < 0)
            {
                throw new EngineException("DELTA_PARTITION_COLUMN_NOT_FOUND", $"Partition column {partition} not found in schema {schema.SimpleName}.");
            }

            if (!schema.Fields[index].Type.IsAtomic || schema.Fields[index].Type == SparkType.Binary)
            {
                throw new EngineException("DELTA_INVALID_PARTITION_COLUMN_TYPE", $"Using column {partition} of type {schema.Fields[index].Type.SimpleName} as a partition column is not supported.");
            }
        }

        if (partitions.Count == schema.Fields.Count)
        {
            throw new EngineException("DELTA_CANNOT_USE_ALL_COLUMNS_FOR_PARTITION", "Cannot use all columns for partition columns.");
        }

        Seq<string> named = partitions.Map(p => schema.Fields[schema.IndexOf(p)].Name);
        Dictionary<string, string> stored = Stored(properties);
        return new Metadata(Guid.NewGuid().ToString(), null, description, SchemaText.Of(schema), named, stored, table.Session.Time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    /// <summary>Properties as the log keeps them.</summary>
    /// <exception cref="EngineException">A <c>delta.</c> property is unknown, or stands for a feature that this engine does not write.</exception>
    public static Dictionary<string, string> Stored(IReadOnlyDictionary<string, string> properties)
    {
        Dictionary<string, string> stored = new(StringComparer.Ordinal);
        foreach ((string key, string value) in properties)
        {
            bool on = value.Equals("true", StringComparison.OrdinalIgnoreCase);
            if (key.StartsWith("delta.feature.", StringComparison.OrdinalIgnoreCase) || (Features.Contains(key) && on) || (key.Equals("delta.columnMapping.mode", StringComparison.OrdinalIgnoreCase) && !value.Equals("none", StringComparison.OrdinalIgnoreCase))
                || (key.Equals("delta.checkpointPolicy", StringComparison.OrdinalIgnoreCase) && !value.Equals("classic", StringComparison.OrdinalIgnoreCase)) || (key.Equals("delta.randomizeFilePrefixes", StringComparison.OrdinalIgnoreCase) && on))
            {
                throw DeltaErrors.Unsupported($"the Delta table property {key} = {value}");
            }

            bool known = Known.Contains(key) || Features.Contains(key) || key.StartsWith("delta.constraints.", StringComparison.OrdinalIgnoreCase) || key.Equals("delta.columnMapping.mode", StringComparison.OrdinalIgnoreCase) || key.Equals("delta.columnMapping.maxColumnId", StringComparison.OrdinalIgnoreCase);
            if (key.StartsWith("delta.", StringComparison.OrdinalIgnoreCase) && !known)
            {
                throw new EngineException("DELTA_UNKNOWN_CONFIGURATION", $"Unknown configuration was specified: {key}.", hint: "keys that begin with delta. are Delta's own");
            }

            if (key.StartsWith("delta.constraints.", StringComparison.OrdinalIgnoreCase))
            {
                throw new EngineException("DELTA_ADD_CONSTRAINTS", "Please use ALTER TABLE ADD CONSTRAINT to add CHECK constraints.");
            }

            if (!key.Equals("delta.minReaderVersion", StringComparison.OrdinalIgnoreCase) && !key.Equals("delta.minWriterVersion", StringComparison.OrdinalIgnoreCase))
            {
                stored[key] = value;
            }
        }

        return stored;
    }

    /// <summary>What a commit needs so that the table has this metadata.</summary>
    public static IEnumerable<DeltaAction> MetadataActions(Snapshot state, Metadata metadata)
    {
        TableProtocol before = state.ProtocolOrNull ?? TableProtocol.Plain, after = Log.Features.Raise(before, metadata);
        if (state.ProtocolOrNull is null || after != before)
        {
            yield return after;
        }

        if (!ReferenceEquals(state.MetadataOrNull, metadata))
        {
            yield return metadata;
        }
    }

    /// <summary>Operation parameters of CREATE and REPLACE.</summary>
    public static IEnumerable<(string Key, string Value)> Parameters(Metadata metadata) =>
    [
        ("isManaged", "false"),
        ("description", metadata.Description ?? ""),
        ("partitionBy", Operation.List(metadata.PartitionColumns)),
        ("properties", new JsonObject(metadata.Configuration.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)JsonValue.Create(p.Value)))).ToJsonString()),
    ];

    /// <summary>CREATE TABLE with columns; on a table that is there it must say the same, with <paramref name="replace"/> it is emptied.</summary>
    public void Run(StructType? schema, Seq<string> partitions, IReadOnlyDictionary<string, string> properties, string? description, bool replace)
    {
        Snapshot? existing = table.Log.Latest();
        if (existing is not null && !replace)
        {
            Match(existing.Metadata, schema, partitions);
            return;
        }

        if (schema is null || schema.Fields.Count == 0)
        {
            throw existing is null && schema is null
                ? new EngineException("DELTA_CREATE_EXTERNAL_TABLE_WITHOUT_TXN_LOG", $"You are trying to create a table from {table.Location.Uri} using Delta, but there is no transaction log present.", hint: "give the columns, or write data there first")
                : new EngineException("DELTA_SCHEMA_NOT_SET", "Table schema is not set. Write data into it or use CREATE TABLE with a schema.");
        }

        Metadata fresh = NewMetadata(table, schema, partitions, properties, description);
        Metadata metadata = existing is null ? fresh : fresh with { Id = existing.Metadata.Id, CreatedTime = existing.Metadata.CreatedTime };
        long now = table.Session.Time.GetUtcNow().ToUnixTimeMilliseconds();
        Snapshot state = existing ?? Snapshot.Empty;
        Transaction transaction = new(table, state) { ReadsAll = existing is not null, BlindAppend = existing is null };
        transaction.Commit(Operation.Of(existing is null ? "CREATE TABLE" : "REPLACE TABLE", Parameters(metadata)), [.. MetadataActions(state, metadata), .. state.Sorted.Select(f => f.Remove(now, dataChange: true))]);
    }

    private void Match(Metadata metadata, StructType? schema, Seq<string> partitions)
    {
        if (schema is not null && schema.Fields.Count > 0 && !SchemaText.SameType(schema, metadata.Schema))
        {
            throw new EngineException("DELTA_CREATE_TABLE_SCHEME_MISMATCH", $"The specified schema does not match the existing schema at {table.Location.Uri}. Specified: {schema.SimpleName}; existing: {metadata.Schema.SimpleName}.");
        }

        if (schema is not null && schema.Fields.Count > 0 && !partitions.SequenceEqual(metadata.PartitionColumns, StringComparer.OrdinalIgnoreCase))
        {
            throw new EngineException("DELTA_CREATE_TABLE_WITH_DIFFERENT_PARTITIONING", $"The specified partitioning does not match the existing partitioning at {table.Location.Uri}. Specified: [{string.Join(", ", partitions)}]; existing: [{string.Join(", ", metadata.PartitionColumns)}].");
        }
    }
}
