using Hearth.Engine.Binding;
using Hearth.Engine.Delta.Log;
using Hearth.Engine.Delta.Read;
using Hearth.Engine.Delta.Write;
using Hearth.Engine.Plans;
using Hearth.Engine.Session;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Delta.Commands;

/// <summary>How rows go into a table.</summary>
/// <param name="Mode">What becomes of the rows that are there.</param>
/// <param name="PartitionBy">Partition columns of a new table; of an existing one they must be its own.</param>
/// <param name="Options">Writer options: mergeSchema, overwriteSchema, replaceWhere, partitionOverwriteMode, userMetadata, txnAppId, txnVersion.</param>
internal sealed record WriteSpec(SaveMode Mode, Seq<string> PartitionBy, Options Options)
{
    /// <summary>Columns are cast by the rules of INSERT instead of having to be of the table's type.</summary>
    public bool StoreAssignment { get; init; }

    /// <summary>With <see cref="StoreAssignment"/>: the fields of structs go by position instead of by name.</summary>
    public bool ByPosition { get; init; }

    /// <summary>Condition of the rows to replace, instead of the option replaceWhere.</summary>
    public Expr? ReplaceWhere { get; init; }

    /// <summary>Name of the operation in the history.</summary>
    public string Operation { get; init; } = "WRITE";

    /// <summary>Properties of a new table.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Comment of a new table.</summary>
    public string? Description { get; init; }

    /// <summary>The table becomes another one with the same history: properties too are new.</summary>
    public bool Replace { get; init; }

    /// <summary>Nullability and comments of the columns are kept instead of making all nullable.</summary>
    public StructType? Schema { get; init; }
}

/// <summary>Append, overwrite, replaceWhere and dynamic partition overwrite.</summary>
internal sealed class WriteCommand(DeltaTable table)
{
    private EngineSession Session => table.Session.Engine;

    /// <summary>Writes rows; makes the table when there is none.</summary>
    /// <returns>Rows written.</returns>
    public long Run(BoundPlan rows, WriteSpec spec, CancellationToken cancellationToken)
    {
        Snapshot? existing = table.Log.Latest();
        if (existing is not null && spec.Mode == SaveMode.Ignore)
        {
            return 0;
        }

        if (existing is not null && spec.Mode == SaveMode.ErrorIfExists)
        {
            throw new EngineException("DELTA_PATH_EXISTS", $"Cannot write to already existent path {table.Location.Uri} without setting OVERWRITE = 'true'.", hint: "use mode(\"append\") or mode(\"overwrite\")");
        }

        if (existing is null && Directory.Exists(table.Location.Root) && Directory.EnumerateFileSystemEntries(table.Location.Root).Any(e => Path.GetFileName(e)[0] is not ('.' or '_')))
        {
            throw new EngineException("DELTA_CREATE_TABLE_WITH_NON_EMPTY_LOCATION", $"Cannot create a Delta table at {table.Location.Uri}: the location is not empty and has no Delta log.", hint: "CONVERT TO DELTA takes Parquet files over; otherwise choose an empty directory");
        }

        Metadata metadata = existing is null ? NewMetadata(rows, spec) : Evolve(existing, rows, spec);
        return Commit(existing ?? Snapshot.Empty, metadata, Arrange(rows, metadata, spec), spec, cancellationToken);
    }

    private Metadata NewMetadata(BoundPlan rows, WriteSpec spec)
    {
        StructType schema = spec.Schema ?? new StructType(rows.Schema.Fields.Map(f => f with { Nullable = true, Type = Nullable(f.Type) }));
        Dictionary<string, string> properties = new(spec.Properties, StringComparer.Ordinal);
        foreach ((string key, string value) in spec.Options.All.Where(o => o.Key.StartsWith("delta.", StringComparison.Ordinal)))
        {
            properties[key] = value;
        }

        return CreateCommand.NewMetadata(table, schema, spec.PartitionBy, properties, spec.Description);
    }

    /// <summary>A type whose every part may be NULL.</summary>
    public static SparkType Nullable(SparkType type) => type switch
    {
        StructType s => new StructType(s.Fields.Map(f => f with { Nullable = true, Type = Nullable(f.Type) })),
        ArrayType a => new ArrayType(Nullable(a.Element)),
        MapType m => new MapType(Nullable(m.Key), Nullable(m.Value)),
        _ => type,
    };

    // The table's metadata after this write: columns that the data brings, or a new schema.
    private Metadata Evolve(Snapshot existing, BoundPlan rows, WriteSpec spec)
    {
        Metadata metadata = existing.Metadata;
        bool overwriteSchema = spec.Mode == SaveMode.Overwrite && spec.Options.Flag("overwriteSchema");
        if (overwriteSchema && (spec.ReplaceWhere is not null || spec.Options.Get("replaceWhere") is not null))
        {
            throw new EngineException("DELTA_REPLACE_WHERE_WITH_OVERWRITE_SCHEMA", "replaceWhere cannot be used together with overwriteSchema.", ErrorKind.IllegalArgumentException);
        }

        if (overwriteSchema)
        {
            Metadata fresh = NewMetadata(rows, spec);
            if (spec.Replace)
            {
                return fresh with { Id = metadata.Id, CreatedTime = metadata.CreatedTime };
            }

            return metadata.WithSchema(fresh.SchemaText) with { PartitionColumns = spec.PartitionBy.Count > 0 || !metadata.PartitionColumns.All(p => fresh.Schema.IndexOf(p) >= 0) ? fresh.PartitionColumns : metadata.PartitionColumns };
        }

        if (spec.PartitionBy.Count > 0 && !spec.PartitionBy.SequenceEqual(metadata.PartitionColumns, StringComparer.OrdinalIgnoreCase))
        {
            throw DeltaErrors.MetadataMismatch($"partition columns do not match those of the table. Given: [{string.Join(", ", spec.PartitionBy)}]; table: [{string.Join(", ", metadata.PartitionColumns)}].", "leave partitionBy out, or overwrite with option(\"overwriteSchema\", \"true\")");
        }

        StructField[] added = [.. rows.Schema.Fields.Where(f => metadata.Schema.IndexOf(f.Name) < 0)];
        bool merge = spec.Options.Get("mergeSchema") is { } option ? option.Equals("true", StringComparison.OrdinalIgnoreCase) : string.Equals(Session.Conf.Get("spark.databricks.delta.schema.autoMerge.enabled"), "true", StringComparison.OrdinalIgnoreCase);
        if (added.Length > 0 && !merge)
        {
            throw DeltaErrors.MetadataMismatch($"the data has columns that the table has not: {string.Join(", ", added.Select(f => $"{f.Name} {f.Type.SimpleName}"))}. Table schema: {metadata.Schema.SimpleName}. Data schema: {rows.Schema.SimpleName}.", "to add the columns, use option(\"mergeSchema\", \"true\")");
        }

        if (added.Length == 0)
        {
            return metadata;
        }

        SchemaText.Check(new StructType(added.ToSeq()));
        return metadata.WithSchema(SchemaText.Add(metadata.SchemaText, added.Select(f => f with { Nullable = true, Type = Nullable(f.Type) })));
    }

    /// <summary>The rows with the table's columns in their order.</summary>
    private static BoundProject Arrange(BoundPlan rows, Metadata metadata, WriteSpec spec)
    {
        if (rows.Output.GroupBy(a => a.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new EngineException("DELTA_DUPLICATE_COLUMNS_FOUND", $"Found duplicate column(s) in the data to save: {twice.Key.ToLowerInvariant()}.");
        }

        List<BoundExpr> values = [];
        foreach (StructField field in metadata.Schema.Fields)
        {
            BoundAttribute? column = rows.Output.FirstOrDefault(a => string.Equals(a.Name, field.Name, StringComparison.OrdinalIgnoreCase));
            if (column is not null && spec.ByPosition)
            {
                StoreAssignment.CheckOrder(column.Type, field);
            }

            values.Add(column is null ? new BoundLiteral(null, field.Type)
                : spec.StoreAssignment ? StoreAssignment.Assign(new BoundColumn(column), field, "the table", spec.ByPosition)
                : SchemaText.Takes(field.Type, column.Type) ? StoreAssignment.Fit(new BoundColumn(column).To(field.Type), field)
                : throw SchemaText.CannotMerge(field, column.Type));
        }

        long next = rows.Output.Select(a => a.Id).DefaultIfEmpty().Max() + 1_000_000;
        return new BoundProject(rows, values.ToSeq(), values.Select((v, i) => new BoundAttribute(next + i, metadata.Schema.Fields[i].Name, v.Type, true, [])).ToSeq());
    }

    private long Commit(Snapshot state, Metadata metadata, BoundProject rows, WriteSpec spec, CancellationToken cancellationToken)
    {
        Transaction transaction = new(table, state) { UserMetadata = spec.Options.Get("userMetadata") };
        List<DeltaAction> actions = [.. CreateCommand.MetadataActions(state, metadata)];
        if (IdempotentWrite(state, spec, out SetTransaction? mark))
        {
            return 0;
        }

        actions.AddRange(mark is null ? [] : [mark]);
        BoundPlan source = rows;
        (BoundExpr Condition, string Text)? replace = Replace(rows, spec);
        if (replace is { } condition)
        {
            BoundLiteral message = new($"[DELTA_REPLACE_WHERE_MISMATCH] Written data does not conform to partial table overwrite condition or constraint '{condition.Text}'.", SparkType.String);
            BoundExpr first = new BoundCall("CASE WHEN coalesce({0}, false) THEN {1} ELSE error({2}) END", [condition.Condition, new BoundColumn(rows.Output[0]), message], rows.Output[0].Type, true);
            BoundAttribute renamed = rows.Output[0] with { Id = rows.Output.Max(a => a.Id) + 1 };
            source = new BoundProject(rows, [first, .. rows.Output.Skip(1).Select(a => (BoundExpr)new BoundColumn(a))], [renamed, .. rows.Output.Skip(1)]);
        }

        int? partitions = rows.In is BoundRepartition { Partitions: { } n } ? n : null;
        DataFiles writer = new(table);
        WrittenFiles written = writer.Write(partitions is null ? source : new BoundRepartition(source, partitions), metadata, dataChange: true, cancellationToken);
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            IReadOnlyList<DeltaAction> removed = spec.Mode == SaveMode.Overwrite ? Removed(transaction, written, replace, spec, writer, cancellationToken) : [];
            transaction.BlindAppend = removed.Count == 0 && spec.Mode != SaveMode.Overwrite;
            actions.AddRange(removed);
            actions.AddRange(written.Files);
            transaction.Commit(Describe(state, metadata, spec, replace?.Text, written, removed), actions);
            return written.Rows;
        }
        catch
        {
            writer.Discard(written);
            throw;
        }
    }

    // txnAppId and txnVersion: a write that was done already is not done again.
    private static bool IdempotentWrite(Snapshot state, WriteSpec spec, out SetTransaction? mark)
    {
        mark = null;
        if (spec.Options.Get("txnAppId") is not { } app || !long.TryParse(spec.Options.Get("txnVersion"), out long version))
        {
            return false;
        }

        mark = new SetTransaction(app, version, null);
        return state.Transactions.TryGetValue(app, out SetTransaction? last) && last.Version >= version;
    }

    private (BoundExpr Condition, string Text)? Replace(BoundProject rows, WriteSpec spec)
    {
        string? text = spec.Options.Get("replaceWhere");
        Expr? condition = spec.ReplaceWhere ?? (text is null ? null : SqlParser.ParseExpression(text));
        if (condition is null || spec.Mode != SaveMode.Overwrite)
        {
            return null;
        }

        ExpressionBinder binder = new(new Binder(new SessionEnvironment(Session)), new Scope(rows.Output));
        return (binder.BindCondition(condition, "replaceWhere"), text ?? binder.Pretty(condition));
    }

    private List<DeltaAction> Removed(Transaction transaction, WrittenFiles written, (BoundExpr Condition, string Text)? replace, WriteSpec spec, DataFiles writer, CancellationToken cancellationToken)
    {
        Snapshot state = transaction.State;
        long now = table.Session.Time.GetUtcNow().ToUnixTimeMilliseconds();
        if (state.Version < 0)
        {
            return [];
        }

        if (replace is { } condition)
        {
            Expr expr = spec.ReplaceWhere ?? SqlParser.ParseExpression(spec.Options.Get("replaceWhere")!);
            return new DeleteCommand(table).Rows(transaction, expr, writer, cancellationToken).Actions;
        }

        string? mode = spec.Options.Get("partitionOverwriteMode") ?? Session.Conf.Get("spark.sql.sources.partitionOverwriteMode");
        if (state.Metadata.PartitionColumns.Count > 0 && string.Equals(mode, "dynamic", StringComparison.OrdinalIgnoreCase) && !spec.Options.Flag("overwriteSchema"))
        {
            HashSet<string> touched = [.. written.Files.Select(f => Key(f, state.Metadata))];
            AddFile[] replaced = [.. state.Sorted.Where(f => touched.Contains(Key(f, state.Metadata)))];
            transaction.Reads = added => [.. added.Where(f => touched.Contains(Key(f, state.Metadata)))];
            return [.. replaced.Select(f => f.Remove(now, dataChange: true))];
        }

        transaction.ReadsAll = true;
        return [.. state.Sorted.Select(f => f.Remove(now, dataChange: true))];
    }

    private static string Key(AddFile file, Metadata metadata) => string.Join('\u0001', metadata.PartitionColumns.Select(c => file.PartitionValues.GetValueOrDefault(c) is { Length: > 0 } v ? v : "\u0002"));

    private static Operation Describe(Snapshot state, Metadata metadata, WriteSpec spec, string? predicate, WrittenFiles written, IReadOnlyList<DeltaAction> removed)
    {
        List<(string, string)> parameters = [];
        if (spec.Operation == "WRITE")
        {
            parameters.Add(("mode", spec.Mode.ToString()));
        }
        else
        {
            parameters.AddRange(CreateCommand.Parameters(metadata));
        }

        if (spec.Operation == "WRITE")
        {
            parameters.Add(("partitionBy", Operation.List(state.Version < 0 ? metadata.PartitionColumns : spec.PartitionBy)));
        }

        if (predicate is not null)
        {
            parameters.Add(("predicate", Operation.List([predicate])));
        }

        RemoveFile[] gone = [.. removed.OfType<RemoveFile>()];
        List<(string, long)> metrics = [("numFiles", written.Files.Count), ("numOutputRows", written.Rows), ("numOutputBytes", written.Bytes)];
        if (spec.Mode == SaveMode.Overwrite && state.Version >= 0)
        {
            metrics.AddRange([("numRemovedFiles", gone.Length), ("numRemovedBytes", gone.Sum(r => r.Size ?? 0))]);
        }

        return Operation.Of(spec.Operation, parameters, metrics);
    }
}
