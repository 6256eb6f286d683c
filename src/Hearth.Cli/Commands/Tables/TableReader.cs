using Hearth.Cli.CommandLine;
using Hearth.Cli.Hosting;
using Hearth.Cli.Hosting.Embedded;
using Hearth.Engine;
using Hearth.Engine.Catalog;
using Hearth.Engine.Session;

namespace Hearth.Cli.Commands.Tables;

/// <summary>Reads the catalogs in the buckets of a data directory; no platform has to run.</summary>
/// <param name="data">The data directory.</param>
/// <param name="bucket">The one bucket that is meant; null for all.</param>
internal sealed class TableReader(DataDirectory data, string? bucket)
{
    /// <summary>Tables of all catalogs, by bucket, database and name.</summary>
    /// <param name="keep">Which of them.</param>
    /// <param name="cancellation">Stops.</param>
    public IReadOnlyList<TeamTable> Read(Func<TableInfo, bool> keep, CancellationToken cancellation)
    {
        var tables = new List<TeamTable>();
        foreach (var (name, warehouse) in Catalogs())
        {
            using var session = EngineSession.Open(new EngineOptions
            {
                Conf = new Dictionary<string, string>(StringComparer.Ordinal) { [EngineOptions.S3RootKey] = data.In(DataLayout.Buckets), [EngineOptions.WarehouseKey] = warehouse },
            });
            foreach (var entry in session.Catalog.Databases().SelectMany(session.Catalog.Tables).Where(keep))
            {
                cancellation.ThrowIfCancellationRequested();
                tables.Add(Measure(session, name, entry));
            }
        }

        return tables;
    }

    private static TeamTable Measure(EngineSession session, string bucket, TableInfo entry)
    {
        try
        {
            var table = session.Find(entry.Database, entry.Name) ?? entry;
            return new TeamTable(bucket, table, new TableFacts(session).SizeOf(table), null);
        }
        catch (EngineException e)
        {
            return new TeamTable(bucket, entry, null, e.Describe());
        }
    }

    private IEnumerable<(string Bucket, string Warehouse)> Catalogs()
    {
        var buckets = TeamTables.BucketsWithTables(data.In(DataLayout.Buckets));
        if (bucket is not null)
        {
            return buckets.Contains(bucket, StringComparer.Ordinal)
                ? [(bucket, TeamTables.Uri(bucket))]
                : throw CliException.BadInput($"--bucket {bucket}: it has no tables; with tables: {(buckets.Count == 0 ? "none" : string.Join(", ", buckets))}");
        }

        var own = data.In(DataLayout.Warehouse);
        return buckets.Select(b => (b, TeamTables.Uri(b))).Concat(Directory.Exists(Path.Combine(own, FileCatalog.DirectoryName)) ? [("", own)] : []);
    }
}
