using Hearth.Aws.Athena;
using Hearth.Aws.Iam.Access;
using Hearth.Aws.Signing;
using Hearth.Aws.Tables;
using Hearth.Engine;
using Hearth.Engine.Session;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Cli.Hosting.Embedded.Tables;

/// <summary>Athena's statements in engine sessions of this process, each in its own, over the catalog of a team and with the rights of the caller.</summary>
/// <param name="buckets">Directory of all buckets.</param>
/// <param name="temporary">Where results of intermediate steps spill to.</param>
/// <param name="catalogs">Rights in catalogs; null: everybody may do everything with the catalogs that they see.</param>
/// <param name="grants">What a caller may read and write as a whole.</param>
internal sealed class EmbeddedQueryEngine(string buckets, string temporary, CatalogAccess? catalogs, Func<AwsCredential, IReadOnlyList<IReadOnlyList<BucketGrant>>> grants) : IQueryEngine
{
    private const string Memory = "1g";

    /// <inheritdoc/>
    public StatementKind KindOf(string sql)
    {
        try
        {
            return AthenaSql.Read(sql).Kind;
        }
        catch (EngineException e)
        {
            throw Failure(e);
        }
    }

    /// <inheritdoc/>
    public IRunningQuery Run(QueryRequest request, CancellationToken ct)
    {
        EngineSession? session = null;
        try
        {
            Expr[] parameters = [.. request.Parameters.Select(AthenaSql.Parameter)];
            var sql = AthenaSql.Read(request.Sql, parameters);
            CheckRights(request, sql.Statement);
            session = Open(request, writes: !sql.IsReadOnly);
            session.CurrentDatabase = session.Catalog.HasDatabase(request.Database)
                ? request.Database
                : throw new QueryException($"SCHEMA_NOT_FOUND: The database {request.Database} does not exist in the catalog {request.Catalog.Name}. See aws athena list-databases --catalog-name {request.Catalog.Name}.");
            CheckPlace(session, request.Sql, sql.Statement);
            var read = Query(sql.Statement) is { } query ? session.BytesScanned(query) : 0;
            var result = session.Execute(sql.Text, SqlParameters.None with { Positional = parameters }, ct);
            return new RunningQuery(session, session.Run(result.Relation, cancellationToken: ct), sql, ct) { ScannedBytes = read };
        }
        catch (Exception e)
        {
            session?.Dispose();
            if (e is EngineException known)
            {
                ct.ThrowIfCancellationRequested();
                throw Failure(known);
            }

            throw;
        }
    }

    // What UPDATE, DELETE and MERGE read of their own table does not count.
    private static Relation? Query(Statement statement) => statement switch
    {
        QueryStatement query => query.Query,
        CreateTable create => create.Query,
        InsertInto insert => insert.Query,
        InsertDirectory unload => unload.Query,
        MergeInto merge => merge.Source,
        _ => null,
    };

    // UNLOAD never replaces what is there.
    private static void CheckPlace(EngineSession session, string sql, Statement statement)
    {
        if (statement is InsertDirectory unload && sql.TrimStart().StartsWith("UNLOAD", StringComparison.OrdinalIgnoreCase)
            && session.LocalPath(unload.Path) is var place && (File.Exists(place) || (Directory.Exists(place) && Directory.EnumerateFileSystemEntries(place).Any())))
        {
            throw new QueryException($"HIVE_PATH_ALREADY_EXISTS: Target directory for table already exists: {unload.Path}. UNLOAD writes to an empty place only: remove the objects or name another one.");
        }
    }

    private static QueryException Failure(EngineException error)
    {
        var place = error.Position is { } at ? $"line {at.Line}:{at.Column + 1}: " : "";
        return new QueryException($"{error.ErrorClass}: {place}{error.Message}{(error.Hint is null ? "" : $" ({error.Hint})")}");
    }

    private EngineSession Open(QueryRequest request, bool writes)
    {
        var catalog = (TeamCatalog)request.Catalog;
        var allowed = grants(request.Caller);
        return EngineSession.Open(new EngineOptions
        {
            Conf = new Dictionary<string, string>(TeamCatalog.Settings(buckets, catalog.Bucket), StringComparer.Ordinal)
            {
                [EngineOptions.MemoryKey] = Memory,
                [EngineOptions.TempKey] = temporary,
            },
            PathResolvers = [new ObjectPaths(() => allowed, writes)],
        });
    }

    /// <summary>Statements that change the catalog need Glue's rights for it, as Athena's do.</summary>
    private void CheckRights(QueryRequest request, Statement statement)
    {
        if (catalogs is null)
        {
            return;
        }

        var (action, name) = statement switch
        {
            CreateTable create => ("glue:CreateTable", create.Name),
            CreateView view => ("glue:CreateTable", view.Name),
            AlterTable alter => ("glue:UpdateTable", alter.Table),
            DropRelation drop => ("glue:DeleteTable", drop.Name),
            CreateDatabase create => ("glue:CreateDatabase", [create.Name, ""]),
            DropDatabase drop => ("glue:DeleteDatabase", [drop.Name, ""]),
            Show { Kind: ShowKind.Tables or ShowKind.Views or ShowKind.TableDetails } show => ("glue:GetTables", show.Name.Count == 0 ? [request.Database, ""] : [show.Name[^1], ""]),
            _ => (null, (Seq<string>)[]),
        };
        if (action is null || name.Count == 0)
        {
            return;
        }

        var database = (name.Count > 1 ? name[^2] : request.Database).ToLowerInvariant();
        var refusal = name[^1].Length == 0
            ? catalogs.Refusal(request.Caller, action, request.Catalog, catalogs.CatalogArn, catalogs.DatabaseArn(database))
            : catalogs.Refusal(request.Caller, action, request.Catalog, catalogs.CatalogArn, catalogs.DatabaseArn(database), catalogs.TableArn(database, name[^1].ToLowerInvariant()));
        if (refusal is not null)
        {
            throw new QueryException($"Insufficient permissions to execute the query. {refusal}");
        }
    }

    private sealed class RunningQuery : IRunningQuery
    {
        private readonly EngineSession _session;
        private readonly QueryResult _result;
        private readonly CancellationToken _cancel;
        private readonly int[] _shown;

        public RunningQuery(EngineSession session, QueryResult result, AthenaSql sql, CancellationToken ct)
        {
            (_session, _result, _cancel) = (session, result, ct);
            // Athena lists names only.
            _shown = sql.Statement is Show { Kind: ShowKind.Tables or ShowKind.Views } && result.Schema.Fields.Count > 1 ? [1] : [.. Enumerable.Range(0, result.Schema.Fields.Count)];
            Columns = [.. _shown.Select(i => AthenaText.Column(result.Schema.Fields[i] with { Name = Name(sql.Statement, result.Schema.Fields[i].Name) }))];
            IsPlan = sql.Statement is Explain;
            IsChange = sql.Statement is UpdateTable or DeleteFrom or MergeInto;
        }

        public IReadOnlyList<QueryColumn> Columns { get; }

        public long ScannedBytes { get; init; }

        public long? UpdateCount { get; private set; }

        private bool IsChange { get; }

        private bool IsPlan { get; }

        public IEnumerable<IReadOnlyList<string?>> Rows()
        {
            using var rows = _result.Rows().GetEnumerator();
            while (Next(rows))
            {
                if (IsChange && rows.Current[0] is long changed)
                {
                    UpdateCount = changed;
                }

                if (IsPlan && rows.Current[0] is string plan)
                {
                    // The engine's own statement names files of this machine.
                    rows.Current[0] = plan.Split("\n== DuckDB SQL ==", 2)[0].TrimEnd();
                }

                yield return [.. _shown.Select(i => AthenaText.Of(rows.Current[i], _result.Schema.Fields[i].Type))];
            }
        }

        public void Dispose()
        {
            _result.Dispose();
            _session.Dispose();
        }

        private bool Next(IEnumerator<object?[]> rows)
        {
            try
            {
                return rows.MoveNext();
            }
            catch (EngineException e)
            {
                _cancel.ThrowIfCancellationRequested();
                throw Failure(e);
            }
        }

        private static string Name(Statement statement, string name) => statement switch
        {
            Show { Kind: ShowKind.Tables or ShowKind.Views } => "tab_name",
            Show { Kind: ShowKind.Databases } => "database_name",
            _ => name,
        };
    }
}
