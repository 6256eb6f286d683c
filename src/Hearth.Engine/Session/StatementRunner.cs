using System.Text.RegularExpressions;
using Hearth.Engine.Binding;
using Hearth.Engine.Catalog;
using Hearth.Engine.Functions;
using Hearth.Engine.Plans;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Session;

/// <summary>Runs statements. Queries are only checked; commands run at once.</summary>
internal sealed class StatementRunner(EngineSession session)
{
    private readonly SessionEnvironment _environment = new(session);

    public StatementResult Run(Statement statement, CancellationToken cancellationToken)
    {
        switch (statement)
        {
            case QueryStatement query:
                _ = session.Analyze(query.Query);
                return new StatementResult(query.Query, IsCommand: false);
            case CreateView view:
                return CreateView(view);
            case DropRelation drop:
                return Drop(drop);
            case CreateTable { Like: { } like } table:
                return new TableWriter(session).Create(Alike(table, like), cancellationToken);
            case CreateTable table:
                return new TableWriter(session).Create(table, cancellationToken);
            case InsertInto insert:
                return new TableWriter(session).Insert(insert, cancellationToken);
            case MultiInsert many:
                foreach (InsertInto one in many.Inserts)
                {
                    _ = new TableWriter(session).Insert(one, cancellationToken);
                }

                return StatementResult.Nothing;
            case CommentOn comment:
                return Comment(comment);
            case InsertDirectory insert:
                session.Write(insert.Query, new WriteRequest(insert.Format, SaveMode.Overwrite, insert.Path, null, [], insert.Options), cancellationToken);
                return StatementResult.Nothing;
            case TruncateTable truncate:
                return new TableWriter(session).Truncate(truncate, cancellationToken);
            case Sql.CreateDatabase or Sql.DropDatabase or Sql.UseDatabase:
                return Database(statement);
            case Show show:
                return ShowRows(show);
            case DescribeDatabase database:
                return DescribeDatabase(database);
            case DescribeTable or DescribeQuery or DescribeFunction:
                return Describe(statement);
            case SetConf or ResetConf:
                return Conf(statement);
            case Explain explain:
                return StatementResult.Rows([[Explain(explain)]], ("plan", SparkType.String));
            case CacheTableAs cache:
                session.CreateTemporaryView(cache.Name, session.Cache(cache.Query, cancellationToken));
                return StatementResult.Nothing;
            case NoEffect:
                return StatementResult.Nothing;
            default:
                return new ProceduralStatements(session, this).Run(statement, cancellationToken) ?? new DeltaStatements(session).Run(statement, cancellationToken) ?? throw Errors.Unsupported($"{statement.GetType().Name} statements", statement.At);
        }
    }

    // CREATE TABLE .. LIKE: columns, partitioning and format of another table, no data.
    private CreateTable Alike(CreateTable table, Seq<string> like)
    {
        TableInfo? source = _environment.Find(like) is { ViewText: null } found ? found : null;
        StructType schema = source?.Schema ?? session.SchemaOf(new TableName(like) { At = table.At });
        return table with { Like = null, Columns = schema, PartitionedBy = source?.PartitionedBy ?? [], Format = table.Format ?? source?.Format, Options = source is null ? table.Options : new Options(source.Options.Where(o => !o.Key.Equals("path", StringComparison.OrdinalIgnoreCase)).Concat(table.Options.All)) };
    }

    private StatementResult Comment(CommentOn comment)
    {
        TableInfo table = _environment.Find(comment.Table) ?? throw Errors.TableNotFound(comment.Table, _environment.RelationNames, comment.At);
        if (table.Format == "delta" && table.ViewText is null)
        {
            throw Errors.Unsupported("COMMENT ON a Delta table", comment.At);
        }

        session.Catalog.Save(table with { Comment = comment.Text });
        return StatementResult.Nothing;
    }

    private StatementResult DescribeDatabase(DescribeDatabase describe)
    {
        string name = describe.Name.ToLowerInvariant();
        DatabaseInfo? database = session.Catalog.HasDatabase(name) ? session.Catalog.FindDatabase(name) : throw SchemaNotFound(name);
        string location = database?.Location ?? Path.GetDirectoryName(new TableWriter(session).DefaultLocation(name, "t"))!;
        List<object?[]> rows = [["Catalog Name", "spark_catalog"], ["Namespace Name", name], ["Comment", database?.Comment ?? (name == FileCatalog.DefaultDatabase ? "default database" : "")], ["Location", location], ["Owner", Environment.UserName]];
        return StatementResult.Rows(describe.Extended ? [.. rows, ["Properties", ""]] : rows, ("info_name", SparkType.String), ("info_value", SparkType.String));
    }

    private StatementResult CreateView(CreateView view)
    {
        Relation query = view.Columns.Count == 0 ? view.Query : new NameColumns(view.Query, view.Columns);
        if (view.Temporary || view.Global)
        {
            string name = view.Global ? $"global_temp.{view.Name[^1]}" : view.Name[^1];
            if (!(view.IfNotExists && session.TemporaryView(name) is not null))
            {
                session.CreateTemporaryView(name, query, view.Replace);
            }

            return StatementResult.Nothing;
        }

        (string database, string table) = Qualify(view.Name);
        if (view.MustExist && session.TemporaryView(view.Name[^1]) is not null && view.Name.Count == 1)
        {
            session.CreateTemporaryView(view.Name[0], query, replace: true);
            return StatementResult.Nothing;
        }

        if (view.MustExist && session.Catalog.Find(database, table) is not { Kind: "VIEW" })
        {
            throw Errors.TableNotFound(view.Name, _environment.RelationNames, view.At);
        }

        if (session.Catalog.Find(database, table) is not null && !view.Replace)
        {
            return view.IfNotExists ? StatementResult.Nothing : throw new EngineException("TABLE_OR_VIEW_ALREADY_EXISTS", $"Cannot create view `{database}`.`{table}` because it already exists.");
        }

        StructType schema = new Binder(new SessionEnvironment(session) { Persisted = table }).Bind(query).Schema;
        string text = view.Columns.Count == 0 ? view.Text : $"SELECT * FROM ({view.Text}) AS v({string.Join(", ", view.Columns.Select(c => $"`{c}`"))})";
        session.Catalog.Save(new TableInfo(database, table, "VIEW", "", schema, [], "", null, new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal), text, session.Catalog.Now));
        return StatementResult.Nothing;
    }

    /// <summary>Database and name of a table name.</summary>
    public (string Database, string Table) Qualify(Seq<string> name)
    {
        string[] parts = [.. name.Count == 3 && name[0].Equals("spark_catalog", StringComparison.OrdinalIgnoreCase) ? name.Skip(1) : name];
        string database = parts.Length == 1 ? session.CurrentDatabase : parts[0].ToLowerInvariant();
        return parts.Length > 2
            ? throw Errors.Unsupported($"the catalog {parts[0]}")
            : session.Catalog.HasDatabase(database) ? (database, parts[^1].ToLowerInvariant()) : throw SchemaNotFound(database);
    }

    private static EngineException SchemaNotFound(string name) => new("SCHEMA_NOT_FOUND", $"The schema `{name}` cannot be found. Verify the spelling and correctness of the schema and catalog.");

    private StatementResult Drop(DropRelation drop)
    {
        if (drop.Name.Count == 1 && session.DropTemporaryView(drop.Name[0]))
        {
            return StatementResult.Nothing;
        }

        if (drop.Name.Count == 2 && drop.Name[0].Equals("global_temp", StringComparison.OrdinalIgnoreCase) && session.DropTemporaryView($"global_temp.{drop.Name[1]}"))
        {
            return StatementResult.Nothing;
        }

        if (_environment.Find(drop.Name) is not { } table)
        {
            return drop.IfExists ? StatementResult.Nothing : throw Errors.TableNotFound(drop.Name, _environment.RelationNames, drop.At);
        }

        if (drop.View != (table.Kind == "VIEW"))
        {
            throw new EngineException("WRONG_COMMAND_FOR_OBJECT_TYPE", $"{table.Name} is a {(drop.View ? "table; use DROP TABLE" : "view; use DROP VIEW")}.");
        }

        session.Catalog.Drop(table);
        string location = table.Kind == "MANAGED" ? session.LocalPath(table.Location) : "";
        if (location.Length > 0 && Directory.Exists(location))
        {
            // Gone in one step, so that a table of the same name never finds half of this one's files.
            string gone = Sources.DirectoryCommit.StageOf(location);
            Directory.Move(location, gone);
            Directory.Delete(gone, recursive: true);
        }

        return StatementResult.Nothing;
    }

    private StatementResult Database(Statement statement)
    {
        switch (statement)
        {
            case CreateDatabase create:
                string name = create.Name.ToLowerInvariant();
                if (session.Catalog.HasDatabase(name))
                {
                    return create.IfNotExists ? StatementResult.Nothing : throw new EngineException("SCHEMA_ALREADY_EXISTS", $"Cannot create schema `{name}` because it already exists.");
                }

                session.Catalog.CreateDatabase(new DatabaseInfo(name, create.Location, create.Comment));
                return StatementResult.Nothing;
            case DropDatabase drop:
                return DropDatabase(drop);
            default:
                string used = ((UseDatabase)statement).Name.ToLowerInvariant();
                session.CurrentDatabase = session.Catalog.HasDatabase(used) ? used : throw SchemaNotFound(used);
                return StatementResult.Nothing;
        }
    }

    private StatementResult DropDatabase(DropDatabase drop)
    {
        string name = drop.Name.ToLowerInvariant();
        if (!session.Catalog.HasDatabase(name) || name == FileCatalog.DefaultDatabase)
        {
            return drop.IfExists && name != FileCatalog.DefaultDatabase ? StatementResult.Nothing : throw SchemaNotFound(name);
        }

        IReadOnlyList<TableInfo> tables = session.Catalog.Tables(name);
        if (tables.Count > 0 && !drop.Cascade)
        {
            throw new EngineException("SCHEMA_NOT_EMPTY", $"Cannot drop a schema `{name}` because it contains objects. Use DROP SCHEMA ... CASCADE to drop the schema and all its objects.");
        }

        foreach (TableInfo table in tables)
        {
            Drop(new DropRelation([name, table.Name], table.Kind == "VIEW", IfExists: true));
        }

        session.Catalog.DropDatabase(name);
        return StatementResult.Nothing;
    }

    private StatementResult ShowRows(Show show)
    {
        Func<string, bool> matches = Pattern(show.Pattern);
        switch (show.Kind)
        {
            case ShowKind.Databases:
                return StatementResult.Rows(session.Catalog.Databases().Where(matches).Select(d => new object?[] { d }), ("namespace", SparkType.String));
            case ShowKind.CurrentNamespace:
                return StatementResult.Rows([["spark_catalog", session.CurrentDatabase]], ("catalog", SparkType.String), ("namespace", SparkType.String));
            case ShowKind.UserFunctions:
                return StatementResult.Rows(session.Python.Names.Where(matches).Select(f => new object?[] { f }), ("function", SparkType.String));
            case ShowKind.TableDetails:
                string of = show.Name.Count == 0 ? session.CurrentDatabase : show.Name[^1].ToLowerInvariant();
                return StatementResult.Rows(
                    session.Catalog.HasDatabase(of) ? session.Catalog.Tables(of).Where(t => matches(t.Name)).Select(t => new object?[] { of, t.Name, false, TableText.Details(t) }) : throw SchemaNotFound(of),
                    ("namespace", SparkType.String), ("tableName", SparkType.String), ("isTemporary", SparkType.Boolean), ("information", SparkType.String));
            case ShowKind.Catalogs:
                return StatementResult.Rows([["spark_catalog"]], ("catalog", SparkType.String));
            case ShowKind.Functions:
                return StatementResult.Rows(FunctionTable.Names.Where(matches).Select(f => new object?[] { f }), ("function", SparkType.String));
            case ShowKind.Tables or ShowKind.Views:
                string database = show.Name.Count == 0 ? session.CurrentDatabase : show.Name[^1].ToLowerInvariant();
                IEnumerable<object?[]> stored = session.Catalog.HasDatabase(database)
                    ? session.Catalog.Tables(database).Where(t => show.Kind == ShowKind.Tables || t.Kind == "VIEW").Where(t => matches(t.Name)).Select(t => new object?[] { database, t.Name, false })
                    : throw SchemaNotFound(database);
                IEnumerable<object?[]> temporary = session.TemporaryViews.Where(v => !v.Contains('.', StringComparison.Ordinal) && matches(v)).Select(v => new object?[] { "", v.ToLowerInvariant(), true });
                return StatementResult.Rows(stored.Concat(temporary), ("namespace", SparkType.String), (show.Kind == ShowKind.Tables ? "tableName" : "viewName", SparkType.String), ("isTemporary", SparkType.Boolean));
            case ShowKind.Columns:
                return StatementResult.Rows(session.SchemaOf(new TableName(show.Name)).Fields.Select(f => new object?[] { f.Name }), ("col_name", SparkType.String));
            case ShowKind.TableProperties:
                if (show.Pattern is { } key)
                {
                    TableInfo owner = Require(show);
                    return StatementResult.Rows([[key, owner.Properties.GetValueOrDefault(key) ?? $"Table {owner.Database}.{owner.Name} does not have property: {key}"]], ("key", SparkType.String), ("value", SparkType.String));
                }

                return StatementResult.Rows(Require(show).Properties.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => new object?[] { p.Key, p.Value }), ("key", SparkType.String), ("value", SparkType.String));
            case ShowKind.Partitions:
                return StatementResult.Rows(new TableWriter(session).Partitions(Require(show)).Where(p => show.Partition.All(s => p.Split('/').Contains($"{s.Key}={s.Value}", StringComparer.OrdinalIgnoreCase))).Select(p => new object?[] { p }), ("partition", SparkType.String));
            default:
                return StatementResult.Rows([[TableText.Create(Require(show), session.Conf.Release.Major >= 4)]], ("createtab_stmt", SparkType.String));
        }
    }

    private TableInfo Require(Show show) => _environment.Find(show.Name) ?? throw Errors.TableNotFound(show.Name, _environment.RelationNames, show.At);

    // SHOW patterns: * is anything, | separates choices, upper and lower case alike.
    private static Func<string, bool> Pattern(string? pattern)
    {
        if (pattern is null)
        {
            return _ => true;
        }

        Regex[] choices = [.. pattern.Split('|').Select(p => new Regex($"^{Regex.Escape(p.Trim()).Replace("\\*", ".*", StringComparison.Ordinal)}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)))];
        return name => choices.Any(c => c.IsMatch(name));
    }

    private StatementResult Describe(Statement statement)
    {
        (string, SparkType)[] columns = [("col_name", SparkType.String), ("data_type", SparkType.String), ("comment", SparkType.String)];
        switch (statement)
        {
            case DescribeQuery query:
                return StatementResult.Rows(session.SchemaOf(query.Query).Fields.Select(f => new object?[] { f.Name, f.Type.SimpleName, f.Comment }), columns);
            case DescribeFunction function:
                string found = FunctionTable.Find(function.Name) is { } f ? $"Function: {f.Name}" : $"Function: {function.Name} not found.";
                return StatementResult.Rows([[found]], ("function_desc", SparkType.String));
            default:
                DescribeTable describe = (DescribeTable)statement;
                TableInfo? table = describe.Name.Count == 1 && session.TemporaryView(describe.Name[0]) is not null ? null : _environment.Find(describe.Name);
                StructType schema = table is { ViewText: null } or { Schema.Fields.Count: > 0 } ? table.Schema : session.SchemaOf(new TableName(describe.Name) { At = describe.At });
                if (describe.Column is { } only)
                {
                    StructField field = schema.IndexOf(only) is >= 0 and var at ? schema.Fields[at] : throw Errors.UnresolvedColumn([only], schema.Fields.Select(f => f.Name), describe.At);
                    return StatementResult.Rows([["col_name", field.Name], ["data_type", field.ShownType], ["comment", field.Comment ?? "NULL"]], ("info_name", SparkType.String), ("info_value", SparkType.String));
                }

                return StatementResult.Rows(TableText.Describe(schema, table, describe.Extended), columns);
        }
    }

    private StatementResult Conf(Statement statement)
    {
        if (statement is ResetConf reset)
        {
            session.Conf.Reset(reset.Key);
            return StatementResult.Nothing;
        }

        SetConf set = (SetConf)statement;
        if (set is { Key: { } name, Value: not null } && session.Variables.Find(name.Split('.').ToSeq()) is not null)
        {
            throw new EngineException("UNSUPPORTED_FEATURE.SET_VARIABLE_USING_SET", $"{name} is a VARIABLE and cannot be updated using the SET statement.", ErrorKind.UnsupportedOperationException, $"use SET VARIABLE {name} = .. instead", statement.At);
        }

        (string, SparkType)[] columns = [("key", SparkType.String), ("value", SparkType.String)];
        if (set.Key is null)
        {
            return StatementResult.Rows(session.Conf.All.Select(p => new object?[] { p.Key, p.Value }), columns);
        }

        if (set.Value is null)
        {
            return StatementResult.Rows([[set.Key, session.Conf.Get(set.Key) ?? "<undefined>"]], columns);
        }

        session.Conf.Set(set.Key, set.Value);
        return StatementResult.Rows([[set.Key, set.Value]], columns);
    }

    private string Explain(Explain explain) => explain.Body is QueryStatement query
            ? PlanText.Explain(session.Analyze(query.Query), session, explain.Mode)
            : $"== Physical Plan ==\nExecute {explain.Body.GetType().Name}Command\n";
}
