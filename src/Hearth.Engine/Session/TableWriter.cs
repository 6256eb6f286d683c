using Hearth.Engine.Binding;
using Hearth.Engine.Catalog;
using Hearth.Engine.Delta.Commands;
using Hearth.Engine.Plans;
using Hearth.Engine.Sources;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Session;

/// <summary>CREATE TABLE, INSERT and saveAsTable over directories of files.</summary>
internal sealed class TableWriter(EngineSession session)
{
    private readonly SessionEnvironment _environment = new(session);
    private readonly DeltaTableWriter _delta = new(session);

    /// <summary>CREATE TABLE [AS].</summary>
    public StatementResult Create(CreateTable create, CancellationToken cancellationToken)
    {
        if (_delta.Makes(create))
        {
            return _delta.Create(create, cancellationToken);
        }

        if (create.MustExist)
        {
            throw Errors.Unsupported("REPLACE TABLE of a table that is no Delta table");
        }

        (string database, string name) = new StatementRunner(session).Qualify(create.Name);
        TableInfo? existing = session.Catalog.Find(database, name);
        if (existing is not null && !create.Replace)
        {
            return create.IfNotExists ? StatementResult.Nothing : throw Exists(database, name);
        }

        string format = create.Format ?? session.Conf.Get("spark.sql.sources.default") ?? "parquet";
        string location = create.Location ?? create.Options.Get("path") ?? DefaultLocation(database, name);
        bool external = create.Location is not null || create.Options.Get("path") is not null;
        StructType? schema = create.Columns;
        if (create.Query is null && schema is null)
        {
            schema = session.SchemaOf(new FileRelation(format, [location], null, create.Options));
        }

        if (create.Query is not null)
        {
            BoundPlan plan = session.Analyze(create.Query);
            WriteRequest request = new(format, SaveMode.Overwrite, location, null, create.PartitionedBy, create.Options);
            Fill(existing, Entry(database, name, format, plan.Schema, create, location, external), plan, request, cancellationToken);
            return StatementResult.Nothing;
        }

        session.Catalog.Save(Entry(database, name, format, schema!, create, location, external));
        return StatementResult.Nothing;
    }

    // Files and columns of a table change in one step: whoever looks, also after a kill, finds the old ones together or the new ones together.
    private long Fill(TableInfo? existing, TableInfo next, BoundPlan plan, WriteRequest request, CancellationToken cancellationToken)
    {
        string location = session.LocalPath(next.Location);
        if (existing is null)
        {
            long made = session.WriteFiles(plan, location, request, cancellationToken);
            session.Catalog.Save(next);
            return made;
        }

        string mark = $"_hearth-{Guid.NewGuid():N}";
        session.Catalog.Announce(existing, next, mark);
        long rows = session.WriteFiles(plan, location, request with { Mark = mark }, cancellationToken);
        session.Catalog.Save(next);
        File.Delete(Path.Combine(location, mark));
        return rows;
    }

    private TableInfo Entry(string database, string name, string format, StructType schema, CreateTable create, string location, bool external)
    {
        foreach (string partition in create.PartitionedBy)
        {
            if (schema.IndexOf(partition) < 0)
            {
                throw new EngineException("COLUMN_NOT_DEFINED_IN_TABLE", $"The partition column `{partition}` is not defined in the table. Columns: {string.Join(", ", schema.Fields.Select(f => f.Name))}.");
            }
        }

        StructField[] data = [.. schema.Fields.Where(f => !create.PartitionedBy.Any(p => Same(p, f.Name)))];
        StructField[] partitions = [.. create.PartitionedBy.Select(p => schema.Fields[schema.IndexOf(p)])];
        return new TableInfo(
            database, name, external ? "EXTERNAL" : "MANAGED", format, new StructType([.. data.Concat(partitions).Select(f => f with { Nullable = true })]), create.PartitionedBy, location,
            create.Comment, create.Options.All.ToDictionary(StringComparer.OrdinalIgnoreCase), create.Properties.All.ToDictionary(StringComparer.Ordinal), null, session.Catalog.Now);
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    public static EngineException Exists(string database, string name) => new(
        "TABLE_OR_VIEW_ALREADY_EXISTS", $"Cannot create table or view `{database}`.`{name}` because it already exists. Choose a different name, drop or replace the existing object, or add the IF NOT EXISTS clause to tolerate pre-existing objects.");

    public string DefaultLocation(string database, string name)
    {
        string warehouse = session.Conf.Get(EngineOptions.WarehouseKey)!;
        string? own = session.Catalog.FindDatabase(database)?.Location;
        string directory = own ?? (database == FileCatalog.DefaultDatabase ? warehouse : $"{warehouse}/{database}.db");
        return $"{(directory.Contains(':', StringComparison.Ordinal) ? directory : Path.GetFullPath(directory))}/{name}";
    }

    /// <summary>INSERT.</summary>
    public StatementResult Insert(InsertInto insert, CancellationToken cancellationToken)
    {
        if (_delta.Insert(insert, cancellationToken) is { } done)
        {
            return done;
        }

        TableInfo table = Require(insert.Table);
        BoundPlan plan = session.Analyze(Arrange(insert, table));
        SaveMode mode = insert.Overwrite ? SaveMode.Overwrite : SaveMode.Append;
        Append(table, plan, mode, Options.None, insert.Partition.Count > 0 && insert.Overwrite, insert.IsByPosition, cancellationToken);
        return StatementResult.Nothing;
    }

    private TableInfo Require(Seq<string> name) => _environment.Find(name) is { } table
        ? table.Kind == "VIEW" ? throw new EngineException("UNSUPPORTED_INSERT.NOT_ALLOWED", $"The view `{table.Name}` cannot be written.") : table
        : throw Errors.TableNotFound(name, _environment.RelationNames, null);

    // The query's columns in the order of the table: partition values given as constants are added where they belong.
    public Relation Arrange(InsertInto insert, TableInfo table)
    {
        Dictionary<string, Expr> fixedValues = insert.Partition.Where(p => p.Value is not null).ToDictionary(p => p.Key, p => p.Value!, StringComparer.OrdinalIgnoreCase);
        string[] wanted = [.. insert.Columns.Count > 0 ? insert.Columns : table.Schema.Fields.Select(f => f.Name).Where(n => !fixedValues.ContainsKey(n))];
        StructType given = session.SchemaOf(insert.Query);
        if (insert.ByName)
        {
            wanted = [.. given.Fields.Select(f => f.Name)];
        }

        if (given.Fields.Count != wanted.Length)
        {
            string subclass = given.Fields.Count > wanted.Length ? "TOO_MANY_DATA_COLUMNS" : "NOT_ENOUGH_DATA_COLUMNS";
            throw new EngineException(table.Format == "delta" ? "DELTA_INSERT_COLUMN_ARITY_MISMATCH" : $"INSERT_COLUMN_ARITY_MISMATCH.{subclass}", $"Cannot write to `{table.Database}`.`{table.Name}`, the reason is that {(given.Fields.Count > wanted.Length ? "there are too many data columns" : "there are not enough data columns")}: table columns: {string.Join(", ", wanted)}; data columns: {string.Join(", ", given.Fields.Select(f => f.Name))}.");
        }

        foreach (string name in wanted)
        {
            _ = table.Schema.IndexOf(name) >= 0 ? true : throw Errors.UnresolvedColumn([name], table.Schema.Fields.Select(f => f.Name), null);
        }

        Relation named = new NameColumns(insert.Query, wanted.ToSeq());
        return new Project(named, table.Schema.Fields.Map(field =>
        {
            Expr value = fixedValues.TryGetValue(field.Name, out Expr? constant) ? Fixed(constant, field)
                : wanted.Contains(field.Name, StringComparer.OrdinalIgnoreCase) ? new ColumnName([field.Name])
                : new LiteralExpr(null, field.Type);
            return (Expr)new AliasExpr(value, [field.Name]);
        }));
    }

    // PARTITION (d = '2024-01-01'): a constant partition value is cast to the column's type, whatever its own; one that does not fit is an error.
    private static Expr Fixed(Expr constant, StructField field)
    {
        Expr cast = new CastExpr(constant, field.Type, Try: false), bad = new CallExpr("and", [new CallExpr("isnull", [cast]), new CallExpr("isnotnull", [constant])]);
        return constant is LiteralExpr { Value: null } || field.Type == SparkType.String ? cast
            : new CallExpr("if", [bad, new CallExpr("raise_error", [new LiteralExpr($"The value of the partition column {field.Name} is no {field.Type.SimpleName}.", SparkType.String)]), cast]);
    }

    private void Append(TableInfo table, BoundPlan plan, SaveMode mode, Options options, bool partitionsOnly, bool byPosition, CancellationToken cancellationToken)
    {
        List<BoundExpr> values = [];
        foreach ((BoundAttribute column, StructField field) in plan.Output.Zip(table.Schema.Fields))
        {
            values.Add(StoreAssignment.Assign(new BoundColumn(column), field, $"the table `{table.Database}`.`{table.Name}`", byPosition));
        }

        long next = plan.Output.Select(a => a.Id).DefaultIfEmpty().Max() + 1_000_000;
        BoundProject typed = new(plan, values.ToSeq(), values.Select((v, i) => new BoundAttribute(next + i, table.Schema.Fields[i].Name, v.Type, true, [])).ToSeq());
        Dictionary<string, string> merged = new(table.Options, StringComparer.OrdinalIgnoreCase);
        foreach ((string key, string value) in options.All)
        {
            merged[key] = value;
        }

        // INSERT OVERWRITE .. PARTITION (p = 1) replaces only what it names.
        if (partitionsOnly)
        {
            merged["partitionOverwriteMode"] = "dynamic";
        }

        session.WriteFiles(typed, session.LocalPath(table.Location), new WriteRequest(table.Format, mode, table.Location, null, table.PartitionedBy, new Options(merged)), cancellationToken);
    }

    /// <summary>saveAsTable and insertInto.</summary>
    public long Write(Relation relation, Seq<string> name, WriteRequest request, CancellationToken cancellationToken)
    {
        (string database, string table) = new StatementRunner(session).Qualify(name);
        TableInfo? existing = session.Catalog.Find(database, table);
        if (existing is not null && request.Mode == SaveMode.Ignore)
        {
            return 0;
        }

        if (existing is not null && request.Mode == SaveMode.ErrorIfExists && !request.ByPosition)
        {
            throw Exists(database, table);
        }

        if (existing is { Format: "delta" } || (existing is null && request.Format == "delta"))
        {
            return _delta.WriteTable(relation, existing, (database, table), request, cancellationToken);
        }

        BoundPlan plan = session.Analyze(relation);
        if (existing is not null && (request.ByPosition || request.Mode == SaveMode.Append))
        {
            SaveMode mode = request.Mode == SaveMode.Overwrite ? SaveMode.Overwrite : SaveMode.Append;
            Relation source = request.ByPosition ? relation : new Project(relation, existing.Schema.Fields.Map(f => (Expr)new ColumnName([f.Name])));
            BoundPlan arranged = session.Analyze(source);
            if (arranged.Output.Count != existing.Schema.Fields.Count)
            {
                throw new EngineException("INSERT_COLUMN_ARITY_MISMATCH.NOT_ENOUGH_DATA_COLUMNS", $"Cannot write to `{database}`.`{table}`: it has {existing.Schema.Fields.Count} columns, the data {arranged.Output.Count}.");
            }

            Append(existing, arranged, mode, request.Options, partitionsOnly: false, request.ByPosition, cancellationToken);
            return 0;
        }

        string format = request.Format ?? session.Conf.Get("spark.sql.sources.default") ?? "parquet";
        string location = request.Options.Get("path") ?? request.Path ?? DefaultLocation(database, table);
        CreateTable create = new(name, null, format, request.PartitionBy, null, null, request.Options, Options.None, null, Replace: true, IfNotExists: false);
        TableInfo next = Entry(database, table, format, plan.Schema, create, location, request.Options.Get("path") is not null || request.Path is not null);
        return Fill(existing, next, plan, request with { Mode = SaveMode.Overwrite, Format = format }, cancellationToken);
    }

    /// <summary>TRUNCATE TABLE.</summary>
    public StatementResult Truncate(TruncateTable truncate, CancellationToken cancellationToken)
    {
        if (_delta.Truncate(truncate, cancellationToken))
        {
            return StatementResult.Nothing;
        }

        TableInfo table = Require(truncate.Name);
        string location = session.LocalPath(table.Location);
        if (Directory.Exists(location))
        {
            string empty = DirectoryCommit.StageOf(location);
            Directory.CreateDirectory(empty);
            DirectoryCommit.Replace(empty, location);
        }

        return StatementResult.Nothing;
    }

    /// <summary>Partition directories (<c>a=1/b=2</c>), sorted.</summary>
    public IEnumerable<string> Partitions(TableInfo table)
    {
        if (table.PartitionedBy.Count == 0)
        {
            throw new EngineException("INVALID_PARTITION_OPERATION.PARTITION_SCHEMA_IS_EMPTY", $"The partition command is invalid: table `{table.Database}`.`{table.Name}` is not partitioned.");
        }

        if (table.Format == "delta")
        {
            return _delta.Partitions(table);
        }

        string root = session.LocalPath(table.Location);
        return Directory.Exists(root)
            ? Directory.EnumerateFiles(root, "part-*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(root, Path.GetDirectoryName(f)!).Replace(Path.DirectorySeparatorChar, '/')).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            : [];
    }
}
