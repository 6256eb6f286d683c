using System.Globalization;
using Hearth.Aws.Iam.Access;
using Hearth.Aws.Tables;
using Hearth.Engine;
using Hearth.Engine.Catalog;
using Hearth.Engine.Session;

namespace Hearth.Cli.Hosting.Embedded.Tables;

/// <summary>The catalog in a team's bucket (ADR 16), with an engine session that knows the columns of Delta tables. The session sees what the team's jobs see.</summary>
/// <param name="team">The team.</param>
/// <param name="bucket">Its bucket.</param>
/// <param name="buckets">Directory of all buckets.</param>
/// <param name="grants">What the team's jobs may read.</param>
internal sealed class TeamCatalog(string team, string bucket, string buckets, Func<IReadOnlyList<IReadOnlyList<BucketGrant>>> grants) : IDataCatalog, IDisposable
{
    private readonly Lazy<EngineSession> _session = new(() => EngineSession.Open(new EngineOptions
    {
        Conf = new Dictionary<string, string>(Settings(buckets, bucket), StringComparer.Ordinal) { [EngineOptions.ThreadsKey] = "1", [EngineOptions.MemoryKey] = "256m" },
        PathResolvers = [new ObjectPaths(grants, writes: false)],
    }));

    /// <inheritdoc/>
    public string Name => team;

    /// <inheritdoc/>
    public string Team => team;

    /// <summary>The bucket.</summary>
    public string Bucket => bucket;

    /// <inheritdoc/>
    public bool IsUsed => Directory.Exists(Path.Combine(buckets, bucket, TeamTables.Warehouse, FileCatalog.DirectoryName));

    private string Warehouse => TeamTables.Uri(bucket);

    private FileCatalog Entries => _session.Value.Catalog;

    /// <summary>Settings of a session over the catalog.</summary>
    public static Dictionary<string, string> Settings(string buckets, string bucket) => new(StringComparer.Ordinal)
    {
        [EngineOptions.S3RootKey] = buckets,
        [EngineOptions.WarehouseKey] = TeamTables.Uri(bucket),
        ["spark.sql.session.timeZone"] = "UTC",
    };

    /// <inheritdoc/>
    public IReadOnlyList<CatalogDatabase> Databases() => [.. Entries.Databases().Select(FindDatabase).OfType<CatalogDatabase>()];

    /// <inheritdoc/>
    public CatalogDatabase? FindDatabase(string name) => Entries.FindDatabase(name) is { } found
        ? new CatalogDatabase(found.Name, found.Location ?? (name is FileCatalog.DefaultDatabase ? Warehouse : $"{Warehouse}/{name}.db"), found.Comment, found.Properties, found.Created)
        : null;

    /// <inheritdoc/>
    public bool CreateDatabase(CatalogDatabase database) => database.Name is not FileCatalog.DefaultDatabase && Entries.TryCreateDatabase(ToEngine(database));

    /// <inheritdoc/>
    public void UpdateDatabase(CatalogDatabase database) => Entries.CreateDatabase(ToEngine(database));

    /// <inheritdoc/>
    public void DropDatabase(string name) => Entries.DropDatabase(name);

    /// <inheritdoc/>
    public IReadOnlyList<CatalogTable> Tables(string database) => [.. Entries.Tables(database).Select(t => Shown(t.Database, t.Name)).OfType<CatalogTable>()];

    /// <inheritdoc/>
    public CatalogTable? FindTable(string database, string name) => Shown(database, name);

    /// <inheritdoc/>
    public bool Save(CatalogTable table, bool replace)
    {
        var placed = table with { Location = table.Location.Length > 0 || table.ViewText is not null ? table.Location : $"{FindDatabase(table.Database)!.Location}/{table.Name}" };
        if (placed.ViewText is null && !placed.Location.StartsWith("s3", StringComparison.Ordinal))
        {
            throw new CatalogException($"The location {placed.Location} is not in a bucket: tables have s3:// locations.");
        }

        var entry = TableMapping.ToEngine(placed);
        if (!replace)
        {
            return Entries.TryAdd(entry);
        }

        Entries.Save(entry);
        return true;
    }

    /// <inheritdoc/>
    public void DropTable(CatalogTable table)
    {
        if (Entries.Find(table.Database, table.Name) is { } entry)
        {
            Entries.Drop(entry);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<CatalogPartition> Partitions(CatalogTable table)
    {
        var session = _session.Value;
        if (session.Find(table.Database, table.Name) is not { } entry)
        {
            return [];
        }

        return Guarded(() =>
        {
            var root = session.LocalPath(entry.Location);
            return (IReadOnlyList<CatalogPartition>)
            [
                .. new TableFacts(session).PartitionsOf(entry).Select(p => new CatalogPartition(
                    [.. p.Split('/').Select(part => Uri.UnescapeDataString(part[(part.IndexOf('=', StringComparison.Ordinal) + 1)..]))],
                    $"{entry.Location.TrimEnd('/')}/{p}",
                    Directory.Exists(Path.Combine(root, p)) ? Directory.GetLastWriteTimeUtc(Path.Combine(root, p)) : entry.Created)),
            ];
        });
    }

    /// <inheritdoc/>
    public bool AddPartition(CatalogTable table, IReadOnlyList<string> values)
    {
        if (Partitions(table).Any(p => p.Values.SequenceEqual(values, StringComparer.Ordinal)))
        {
            return false;
        }

        var spec = string.Join(", ", table.PartitionKeys.Zip(values, (k, v) => string.Create(CultureInfo.InvariantCulture, $"{Quoted(k.Name)} = {Literal(v)}")));
        Guarded(() => _session.Value.Execute($"ALTER TABLE {Quoted(table.Database)}.{Quoted(table.Name)} ADD IF NOT EXISTS PARTITION ({spec})"));
        return true;
    }

    /// <inheritdoc/>
    public bool DropPartition(CatalogTable table, IReadOnlyList<string> values)
    {
        if (Partitions(table).FirstOrDefault(p => p.Values.SequenceEqual(values, StringComparer.Ordinal)) is not { } found)
        {
            return false;
        }

        return Guarded(() =>
        {
            var directory = Path.Combine(_session.Value.LocalPath(table.Location), found.Location[(table.Location.TrimEnd('/').Length + 1)..]);
            if (table.Format is "delta" || Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Any())
            {
                throw new CatalogException($"The partition has data: it is there as long as {found.Location} has objects. Delete them (aws s3 rm --recursive), or the rows with SQL.");
            }

            Directory.Delete(directory, recursive: true);
            return true;
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_session.IsValueCreated)
        {
            _session.Value.Dispose();
        }
    }

    // A Delta table whose log cannot be read must not hide the others: it shows what the catalog knows.
    private CatalogTable? Shown(string database, string name)
    {
        TableInfo? table;
        try
        {
            table = _session.Value.Find(database, name);
        }
        catch (EngineException)
        {
            table = Entries.Find(database, name);
        }

        return table is null ? null : TableMapping.ToCatalog(table, Entries.Changed(database, name) ?? table.Created);
    }

    private static DatabaseInfo ToEngine(CatalogDatabase database) => new(database.Name, database.Location, database.Comment) { Properties = database.Properties, Created = database.Created };

    private static T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (EngineException e)
        {
            throw new CatalogException(e.Hint is null ? e.Message : $"{e.Message} {e.Hint}.");
        }
    }

    private static string Quoted(string name) => $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";

    private static string Literal(string text) => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}

/// <summary>The catalogs of all teams.</summary>
internal sealed class TeamCatalogs(IEnumerable<TeamCatalog> catalogs) : IDataCatalogs, IDisposable
{
    private readonly TeamCatalog[] _all = [.. catalogs.OrderBy(c => c.Name, StringComparer.Ordinal)];

    /// <inheritdoc/>
    public IReadOnlyList<IDataCatalog> All => _all;

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_all, c => c.Dispose());
}
