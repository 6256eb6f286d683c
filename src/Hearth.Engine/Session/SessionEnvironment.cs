using Hearth.Engine.Binding;
using Hearth.Engine.Catalog;
using Hearth.Engine.Delta;
using Hearth.Engine.Plans;
using Hearth.Engine.Sources;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Session;

/// <summary>What the binder sees of a session.</summary>
internal sealed class SessionEnvironment(EngineSession session) : IBindingEnvironment
{
    public TimeZoneInfo Zone => session.Zone;

    public string CurrentDatabase => session.CurrentDatabase;

    public IEnumerable<string> RelationNames => session.TemporaryViews.Concat(session.Catalog.Tables(session.CurrentDatabase).Select(t => t.Name));

    public SparkRelease Release => session.Conf.Release;

    public string? Conf(string key) => session.Conf.Get(key);

    /// <summary>The view of the catalog that is being made: it must not name anything temporary. Null otherwise.</summary>
    public string? Persisted { get; init; }

    private EngineException TemporaryIn(string kind, Seq<string> name) => new("INVALID_TEMP_OBJ_REFERENCE", $"Cannot create the persistent object `{Persisted}` of the type VIEW because it references to the temporary object {Errors.Quote(name)} of the type {kind}.", hint: "make the temporary object persistent, or make the view temporary");

    public (BoundExpr Value, int Used)? FindVariable(Seq<string> name) => session.Variables.Resolve(name) is { } found ? Persisted is null ? found : throw TemporaryIn("VARIABLE", name) : null;

    // Functions of the catalog come after the built-in ones.
    public Functions.FunctionDefinition? FindFunction(string name) => session.Python.Find(name)
        ?? (session.Variables.Functions.TryGetValue(name, out CreateFunction? temporary) ? SqlFunctions.Define(temporary) : null)
        ?? (Release.Major >= 4 && Functions.FunctionTable.Find(name) is null && session.Catalog.FindFunction(CurrentDatabase, name.ToLowerInvariant()) is { } text ? SqlFunctions.Define((CreateFunction)SqlParser.ParseStatement(text)) : null);

    public Relation? FindView(Seq<string> name)
    {
        if (name.Count == 1 && session.TemporaryView(name[0]) is { } temporary)
        {
            return Persisted is null ? temporary : throw TemporaryIn("VIEW", name);
        }

        if (name.Count == 2 && name[0].Equals("global_temp", StringComparison.OrdinalIgnoreCase))
        {
            return session.TemporaryView($"global_temp.{name[1]}");
        }

        return Find(name) is { ViewText: { } text } view ? new StoredView(((QueryStatement)SqlParser.ParseStatement(text)).Query, view.Schema, view.Name) : null;
    }

    /// <summary>The catalog's entry, or null.</summary>
    public TableInfo? Find(Seq<string> name)
    {
        string[] parts = [.. name.Count == 3 && name[0].Equals("spark_catalog", StringComparison.OrdinalIgnoreCase) ? name.Skip(1) : name];
        return parts.Length switch
        {
            1 => session.Find(session.CurrentDatabase, parts[0].ToLowerInvariant()),
            2 => session.Find(parts[0].ToLowerInvariant(), parts[1].ToLowerInvariant()),
            _ => null,
        };
    }

    /// <summary>The Delta table that a name means: of the catalog, or <c>delta.`path`</c>; null for anything else.</summary>
    public (DeltaTable Table, Seq<string> Qualifier, AsOf? AsOf)? FindDelta(Seq<string> name)
    {
        if (Find(name) is { } table)
        {
            return table.Format == "delta" && table.ViewText is null ? (session.Delta.At(table.Location), ["spark_catalog", table.Database, table.Name], null) : null;
        }

        if (name.Count != 2 || !name[0].Equals("delta", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        (string path, AsOf? asOf) = DeltaTable.Travel(name[1], Options.None, session.Zone);
        return (session.Delta.At(path), ["delta", path], asOf);
    }

    public BoundPlan? ScanVersion(Seq<string> name, BoundExpr? version, BoundExpr? time, Binder binder)
    {
        if (FindDelta(name) is not { } found)
        {
            return Find(name) is null ? null : throw Errors.Unsupported("time travel of a table that is no Delta table");
        }

        return found.Table.Scan(found.Table.Read(AsOf(version, time)), binder, found.Qualifier);
    }

    /// <summary>A version or time given as an expression without columns.</summary>
    public AsOf AsOf(Expr? version, Expr? time)
    {
        ExpressionBinder binder = new(new Binder(this), new Scope([]));
        return AsOf(version is null ? null : binder.Bind(version).To(SparkType.Long), time is null ? null : binder.Bind(time).To(SparkType.Timestamp));
    }

    private AsOf AsOf(BoundExpr? version, BoundExpr? time)
    {
        string sql = Printing.SqlPrinter.PrintExpression(version ?? time!, session.Zone);
        object?[] row = session.Delta.Duck.Rows(version is null ? $"SELECT epoch_us({sql}), CAST({sql} AS VARCHAR)" : $"SELECT CAST({sql} AS BIGINT), CAST({sql} AS VARCHAR)")[0];
        return row[0] is long value
            ? version is null ? new AsOf(null, value, (string)row[1]!) : new AsOf(value, null, (string)row[1]!)
            : throw new EngineException("INVALID_TIME_TRAVEL_TIMESTAMP_EXPR.INPUT", "The time travel version or timestamp expression is NULL or cannot be cast.");
    }

    // delta.`path` and format("delta").load(path).
    private BoundScan ScanDelta(FileRelation files, Binder binder)
    {
        if (files.Schema is not null)
        {
            throw new EngineException("DELTA_UNSUPPORTED_SCHEMA_DURING_READ", "Delta does not support specifying the schema at read time.");
        }

        if (files.Options.Flag("readChangeFeed") || files.Options.Flag("readChangeData"))
        {
            throw Errors.Unsupported("the change data feed of Delta tables");
        }

        string given = files.Paths.Count == 1 ? files.Paths[0] : throw Errors.Unsupported($"reading {files.Paths.Count} Delta tables at once", hint: "read one path and union the others");
        (string path, AsOf? asOf) = DeltaTable.Travel(given, files.Options, session.Zone);
        return session.Delta.At(path) is var table && table.Log.Latest() is null && !Directory.Exists(table.Location.Root)
            ? throw new EngineException("DELTA_PATH_DOES_NOT_EXIST", $"{path} doesn't exist, or is not a Delta table.")
            : table.Scan(table.Read(asOf), binder, ["delta", path]);
    }

    public BoundPlan? ScanTable(Seq<string> name, Binder binder)
    {
        if (Find(name) is not { ViewText: null } table)
        {
            return null;
        }

        Seq<string> qualifier = ["spark_catalog", table.Database, table.Name];
        if (table.Format == "delta")
        {
            DeltaTable delta = session.Delta.At(table.Location);
            return delta.Scan(delta.Read(), binder, qualifier);
        }

        string location = session.LocalPath(table.Location);
        bool empty = !Directory.Exists(location) && !File.Exists(location);
        if (empty)
        {
            return new BoundEmpty(table.Schema.Fields.Map(f => binder.NewAttribute(f.Name, f.Type, true, qualifier)));
        }

        FileRelation files = new(table.Format, [table.Location], table.Schema, new Options(table.Options));
        return Files().Scan(files, binder, qualifier);
    }

    public BoundPlan ScanFiles(FileRelation files, Binder binder) => files.Format == "delta" ? ScanDelta(files, binder) : Files().Scan(files, binder);

    public BoundPlan ScanCache(string id, Binder binder)
    {
        EngineSession.CachedRows rows = session.CachedTable(id);
        return new BoundScan(
            rows.Table,
            rows.Fields.Select((_, i) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"c{i}")).ToSeq(),
            rows.Fields.Map(f => binder.NewAttribute(f.Name, f.Type, f.Nullable)))
        {
            Label = $"InMemoryTableScan {id}",
        };
    }

    public BoundPlan ScanRows(LocalRelation rows, Binder binder)
    {
        Seq<BoundAttribute> output = rows.Schema.Fields.Map(f => binder.NewAttribute(f.Name, f.Type, f.Nullable));
        if (rows.Rows.Count == 0)
        {
            return new BoundEmpty(output);
        }

        Seq<Seq<BoundExpr>> values = rows.Rows.Select(row => row.Select((v, i) => (BoundExpr)new BoundLiteral(v, rows.Schema.Fields[i].Type)).ToSeq()).ToSeq();
        return new BoundValues(values, output);
    }

    private FileScans Files() => new(() => session.Rent(), session.LocalPath, session.Conf.Get, session.ParquetSchemas, session.Delta.Duck.Run);
}
