using System.Collections.Concurrent;
using System.Diagnostics;
using Hearth.Engine.Binding;
using Hearth.Engine.Catalog;
using Hearth.Engine.Delta;
using Hearth.Engine.Delta.Read;
using Hearth.Engine.Duck;
using Hearth.Engine.Formatting;
using Hearth.Engine.Functions;
using Hearth.Engine.Plans;
using Hearth.Engine.Printing;
using Hearth.Engine.Sources;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Session;

/// <summary>An engine session: configuration, views, caches and a catalog over one DuckDB instance. Thread safe; queries run side by side.</summary>
public sealed class EngineSession : IDisposable
{
    private readonly DuckDatabase _database;
    private readonly EngineOptions _options;
    private readonly string _spill;
    private readonly ConcurrentBag<DuckConnection> _idle = [];
    private readonly ConcurrentDictionary<string, Relation> _views = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, CachedRows> _cache = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Relation> _kept = new(StringComparer.Ordinal);
    private readonly LocalPathResolver _paths;
    private long _nextCache;

    internal sealed record CachedRows(string Table, Seq<StructField> Fields);

    private EngineSession(DuckDatabase database, EngineOptions options, SessionConf conf, string spill)
    {
        _database = database;
        _options = options;
        _spill = spill;
        Conf = conf;
        _paths = new LocalPathResolver(conf.Get(EngineOptions.S3RootKey) ?? Environment.GetEnvironmentVariable("HEARTH_S3_ROOT"));
        string warehouse = conf.Get(EngineOptions.WarehouseKey)!;
        Catalog = new FileCatalog(Path.Combine(LocalPath(warehouse), FileCatalog.DirectoryName), TimeProvider.System, ObjectLinks.IsObjectPath(warehouse), LocalPath);
        Delta = new DeltaSession(this);
    }

    /// <summary>Version of Spark whose behaviour is followed.</summary>
    public string SparkVersion => Conf.Release.Version;

    /// <summary>Identity of the session.</summary>
    public string Id { get; } = Guid.NewGuid().ToString();

    /// <summary>Configuration.</summary>
    public SessionConf Conf { get; }

    /// <summary>Databases and tables.</summary>
    public FileCatalog Catalog { get; }

    /// <summary>Database that unqualified names are in.</summary>
    public string CurrentDatabase { get; set; } = FileCatalog.DefaultDatabase;

    internal DeltaSession Delta { get; }

    internal PythonFunctions Python { get; } = new();

    internal ParquetSchemas ParquetSchemas { get; } = new();

    internal SessionVariables Variables { get; } = new();

    private static Dictionary<string, string> Shown(Delta.Log.Snapshot state) => new(state.Metadata.Configuration, StringComparer.Ordinal)
    {
        ["delta.minReaderVersion"] = state.Protocol.MinReader.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["delta.minWriterVersion"] = state.Protocol.MinWriter.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    internal TimeProvider Time { get; } = TimeProvider.System;

    /// <summary>A table or view of the catalog, or null. Columns, partitioning and properties of a Delta table are those of its log.</summary>
    public TableInfo? Find(string database, string name)
    {
        if (Catalog.Find(database, name) is not { Format: "delta", ViewText: null } table)
        {
            return Catalog.Find(database, name);
        }

        return Delta.At(table.Location).Log.Latest() is { } state
            ? table with { Schema = state.Metadata.Schema, PartitionedBy = state.Metadata.PartitionColumns, Properties = Shown(state), Comment = state.Metadata.Description ?? table.Comment }
            : table;
    }

    internal TimeZoneInfo Zone => Zones.Require(Conf.Get("spark.sql.session.timeZone") ?? "UTC");

    internal IEngineListener? Listener => _options.Listener;

    /// <summary>Sets how many threads queries may use from now on; at least 1.</summary>
    public void SetThreads(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        using DuckConnection connection = _database.Connect();
        connection.Execute(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"SET threads = {threads}"));
    }

    /// <summary>Names of temporary views, sorted.</summary>
    public IReadOnlyList<string> TemporaryViews => [.. _views.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Starts a session.</summary>
    /// <exception cref="EngineException">libduckdb is missing, or a setting is not valid.</exception>
    public static EngineSession Open(EngineOptions options)
    {
        SessionConf conf = new(options.Conf);
        string spill = Path.Combine(options.Conf.GetValueOrDefault(EngineOptions.TempKey) ?? Path.GetTempPath(), $"hearth-spill-{Environment.ProcessId}-{Guid.NewGuid():N}");
        _ = Zones.Require(conf.Get("spark.sql.session.timeZone")!);
        DuckDatabase database = DuckDatabase.Open(options.DuckSettings(spill));
        EngineSession session = new(database, options, conf, spill);
        using DuckConnection connection = database.Connect();
        ManagedLibrary.Register(connection);
        session.Python.Register(new ManagedFunctions(connection));
        connection.Execute("CREATE SCHEMA hearth_cache");
        return session;
    }

    /// <summary>A connection for the time of <see cref="Return"/>; its time zone is the session's.</summary>
    internal DuckConnection Rent()
    {
        DuckConnection connection = _idle.TryTake(out DuckConnection? idle) ? idle : NewConnection();
        connection.Execute($"SET TimeZone={DuckTypes.Literal(DuckZone(Zone))}");
        return connection;
    }

    private DuckConnection NewConnection()
    {
        DuckConnection connection = _database.Connect();
        connection.Execute("SET enable_progress_bar=true; SET enable_progress_bar_print=false; SET progress_bar_time=0");
        return connection;
    }

    // DuckDB wants a name of the zone table; fixed offsets have the inverted Etc names, whole hours only.
    private static string DuckZone(TimeZoneInfo zone) => zone.Id is [('+' or '-'), _, _, ':', '0', '0']
        ? $"Etc/GMT{(zone.Id[0] == '+' ? '-' : '+')}{int.Parse(zone.Id.AsSpan(1, 2), System.Globalization.CultureInfo.InvariantCulture)}"
        : zone.Id;

    internal void Return(DuckConnection connection) => _idle.Add(connection);

    /// <summary>The local path of a path or URI.</summary>
    /// <exception cref="EngineException">No resolver knows it, or it is not allowed.</exception>
    public string LocalPath(string path)
    {
        foreach (IPathResolver resolver in _options.PathResolvers)
        {
            if (resolver.Resolve(path) is { } found)
            {
                return found;
            }
        }

        return _paths.Resolve(path) ?? throw new EngineException("UNSUPPORTED_FEATURE", $"The embedded engine does not read {path[..path.IndexOf(':', StringComparison.Ordinal)]}: paths.", ErrorKind.UnsupportedOperationException, "use file:, s3://, s3a:// or a plain path");
    }

    /// <summary>Resolves and types a relation.</summary>
    internal BoundPlan Analyze(Relation relation) => ScanPruning.Apply(new Binder(new SessionEnvironment(this)).Bind(relation));

    /// <summary>The schema of a relation.</summary>
    public StructType SchemaOf(Relation relation) => Analyze(relation).Schema;

    /// <summary>Runs a query and streams its rows.</summary>
    /// <param name="relation">What to compute.</param>
    /// <param name="limit">Most rows, or null.</param>
    /// <param name="cancellationToken">Interrupts the query.</param>
    public QueryResult Run(Relation relation, long? limit = null, CancellationToken cancellationToken = default)
    {
        BoundPlan plan = Analyze(relation);
        string sql = SqlPrinter.PrintQuery(limit is { } n ? new BoundLimit(plan, n, null) : plan, Zone);
        DuckConnection connection = Rent();
        try
        {
            return new QueryResult(this, connection, connection.Query(sql, cancellationToken), plan.Schema);
        }
        catch
        {
            Return(connection);
            throw;
        }
    }

    /// <summary>Bytes of files that a query reads: of Parquet the stored size of the columns that it needs, of other formats the whole files.</summary>
    public long BytesScanned(Relation relation) => ScannedBytes.Of(this, Analyze(relation));

    /// <summary>The DuckDB SQL of a relation, for EXPLAIN and benchmarks.</summary>
    public string Translate(Relation relation) => SqlPrinter.PrintQuery(Analyze(relation), Zone);

    /// <summary>Runs a statement: a query is only analysed, a command runs at once.</summary>
    public StatementResult Execute(string sql, CancellationToken cancellationToken = default) => Execute(sql, SqlParameters.None, cancellationToken);

    /// <summary>Runs a statement with parameters.</summary>
    public StatementResult Execute(string sql, SqlParameters parameters, CancellationToken cancellationToken = default) =>
        new StatementRunner(this).Run(SqlParser.ParseStatement(sql, parameters with { EscapedLiterals = Conf.Get("spark.sql.parser.escapedStringLiterals") == "true" }), cancellationToken);

    /// <summary>The table of <c>show()</c>.</summary>
    public string Show(Relation relation, int rows = 20, int truncate = 20, bool vertical = false, CancellationToken cancellationToken = default)
    {
        using QueryResult result = Run(relation, (long)rows + 1, cancellationToken);
        ValueText text = new(Zone);
        List<string[]> cells = [];
        foreach (object?[] row in result.Rows())
        {
            cells.Add([.. row.Select((v, i) => text.Of(v, result.Schema.Fields[i].Type))]);
        }

        bool more = cells.Count > rows;
        List<string[]> shown = more ? cells[..rows] : cells;
        string[] names = [.. result.Schema.Fields.Select(f => f.Name)];
        return vertical ? ShowText.Vertical(names, shown, truncate, rows, more) : ShowText.Table(names, shown, truncate, rows, more);
    }

    /// <summary>Writes a relation to files or a table.</summary>
    /// <returns>Rows written.</returns>
    public long Write(Relation relation, WriteRequest request, CancellationToken cancellationToken = default) =>
        request.Table is { } table
            ? new TableWriter(this).Write(relation, table, request, cancellationToken)
            : request is { Format: "delta", Path: { } path }
            ? new DeltaTableWriter(this).Write(relation, path, request, cancellationToken)
            : WriteFiles(Analyze(relation), LocalPath(request.Path ?? throw new EngineException("INVALID_PARAMETER_VALUE", "A write needs a path or a table.", ErrorKind.IllegalArgumentException)), request, cancellationToken);

    internal long WriteFiles(BoundPlan plan, string target, WriteRequest request, CancellationToken cancellationToken)
    {
        DuckConnection connection = Rent();
        Stopwatch watch = Stopwatch.StartNew();
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(target))!);
            using ProgressReporter progress = new(this, connection, "write", watch);
            long rows = new FileWriter(connection, Zone, Conf.Get).Write(plan, target, request, cancellationToken);
            progress.Done(0, rows);
            return rows;
        }
        finally
        {
            Return(connection);
        }
    }

    /// <summary>Fixes the temporary views that a query names, as Spark does when a DataFrame is made.</summary>
    internal Relation Fix(Relation relation)
    {
        NamedQuery[] views = [.. _views.Where(v => !v.Key.Contains('.', StringComparison.Ordinal)).Select(v => new NamedQuery(v.Key, [], v.Value) { IsView = true })];
        return views.Length == 0 ? relation : new WithQueries(views.ToSeq(), relation) { PlanId = relation.PlanId };
    }

    /// <summary>Keeps a query for later requests.</summary>
    internal string Keep(Relation relation)
    {
        string id = $"q{Interlocked.Increment(ref _nextCache)}";
        _kept[id] = relation;
        return id;
    }

    /// <summary>A kept query.</summary>
    internal Relation Kept(string id) => _kept.GetValueOrDefault(id) ?? throw new EngineException("INVALID_HANDLE", $"The query {id} is not known to this session.", ErrorKind.SparkRuntimeException);

    /// <summary>Defines a temporary view.</summary>
    /// <exception cref="EngineException">It exists and must not be replaced, or the relation is not valid.</exception>
    public void CreateTemporaryView(string name, Relation relation, bool replace = true)
    {
        BoundPlan plan = Analyze(relation);
        if (plan.Output.Count == 0)
        {
            throw new EngineException("EMPTY_SCHEMA_NOT_SUPPORTED_FOR_DATASOURCE", "A view needs at least one column.");
        }

        relation = Fix(relation);
        if (replace)
        {
            _views[name] = relation;
        }
        else if (!_views.TryAdd(name, relation))
        {
            throw new EngineException("TEMP_TABLE_OR_VIEW_ALREADY_EXISTS", $"Cannot create the temporary view `{name}` because it already exists. Choose a different name, drop or replace the existing view, or add the IF NOT EXISTS clause to tolerate pre-existing views.");
        }
    }

    /// <summary>Removes a temporary view.</summary>
    public bool DropTemporaryView(string name) => _views.TryRemove(name, out _);

    internal Relation? TemporaryView(string name) => _views.GetValueOrDefault(name);

    /// <summary>Computes a relation once and keeps its rows.</summary>
    /// <returns>The relation of the kept rows.</returns>
    public CachedRelation Cache(Relation relation, CancellationToken cancellationToken = default)
    {
        BoundPlan plan = Analyze(relation);
        string id = $"c{Interlocked.Increment(ref _nextCache)}";
        DuckConnection connection = Rent();
        try
        {
            connection.Execute($"CREATE TABLE hearth_cache.{id} AS {SqlPrinter.PrintQuery(plan, Zone)}", cancellationToken);
        }
        finally
        {
            Return(connection);
        }

        _cache[id] = new CachedRows($"hearth_cache.{id}", plan.Schema.Fields);
        return new CachedRelation(id);
    }

    /// <summary>Whether rows of some relation are kept.</summary>
    public bool KeepsRows => !_cache.IsEmpty;

    /// <summary>Hears of work that the client does itself, such as an RDD action: it counts as the application's work.</summary>
    /// <param name="id">Names the work.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="state">running, succeeded or failed.</param>
    /// <param name="tasks">Pieces of it.</param>
    /// <param name="done">Pieces that are done.</param>
    public void Report(string id, string kind, string state, int tasks, int done) =>
        Listener?.OnQuery(new QueryProgress(id, kind, state, tasks > 0 ? 100.0 * done / tasks : null, 0, 0, TimeSpan.Zero, tasks));

    /// <summary>Drops kept rows.</summary>
    public void Uncache(string id)
    {
        if (_cache.TryRemove(id, out CachedRows? rows))
        {
            DuckConnection connection = Rent();
            connection.Execute($"DROP TABLE IF EXISTS {rows.Table}");
            Return(connection);
        }
    }

    internal CachedRows CachedTable(string id) => _cache.GetValueOrDefault(id)
        ?? throw new EngineException("INVALID_HANDLE", $"The cached rows {id} were dropped.", ErrorKind.SparkRuntimeException);

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_idle.TryTake(out DuckConnection? connection))
        {
            connection.Dispose();
        }

        _database.Dispose();
        if (Directory.Exists(_spill))
        {
            Directory.Delete(_spill, recursive: true);
        }
    }
}
