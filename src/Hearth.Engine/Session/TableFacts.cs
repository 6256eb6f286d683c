using System.Globalization;
using Hearth.Engine.Catalog;
using Hearth.Engine.Delta;
using Hearth.Engine.Delta.Log;
using Hearth.Engine.Delta.Read;
using Hearth.Engine.Sources;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Session;

/// <summary>What is known of a table without reading its rows: size and partitions. For catalogs and listings.</summary>
/// <param name="session">Whose catalog the table is in.</param>
public sealed class TableFacts(EngineSession session)
{
    private const int FootersAtOnce = 1000;

    /// <summary>Size of a table; null for a view and for a table without files yet.</summary>
    /// <exception cref="EngineException">The table cannot be read.</exception>
    public TableSize? SizeOf(TableInfo table)
    {
        if (table.ViewText is not null)
        {
            return null;
        }

        return table.Format == "delta" ? OfDelta(session.Delta.At(table.Location)) : OfFiles(table);
    }

    /// <summary>Partitions as directories (<c>a=1/b=2</c>), sorted; those of a Delta table are in its log.</summary>
    public IReadOnlyList<string> PartitionsOf(TableInfo table)
    {
        if (table.PartitionedBy.Count == 0 || table.ViewText is not null)
        {
            return [];
        }

        if (table.Format == "delta")
        {
            return [.. new DeltaTableWriter(session).Partitions(table)];
        }

        List<string> found = [];
        Descend(session.LocalPath(table.Location), ObjectLinks.IsObjectPath(table.Location), "", table.PartitionedBy, found);
        found.Sort(StringComparer.Ordinal);
        return found;
    }

    private static TableSize? OfDelta(DeltaTable table)
    {
        if (table.Log.Latest() is not { } state)
        {
            return null;
        }

        long?[] rows = [.. state.Files.Values.Select(f => FileStats.Read(f.Stats)?.NumRecords - (f.Vector?.Cardinality ?? 0))];
        return new TableSize(state.Files.Count, state.Files.Values.Sum(f => f.Size), rows.Contains(null) ? null : rows.Sum(), state.Version);
    }

    private TableSize? OfFiles(TableInfo table)
    {
        if (!Directory.Exists(session.LocalPath(table.Location)) && !File.Exists(session.LocalPath(table.Location)))
        {
            return null;
        }

        bool linked = new Options(table.Options).Flag(SqlParser.SymlinkOption);
        IReadOnlyList<string> files = (linked ? Manifests.List([table.Location], session.LocalPath, inferTypes: false) : FileListing.Of([table.Location], session.LocalPath, inferTypes: false)).Files;
        return new TableSize(files.Count, files.Sum(f => new FileInfo(f) is { Exists: true } info ? info.Length : 0), table.Format == "parquet" ? Footers(files) : null, null);
    }

    private long? Footers(IReadOnlyList<string> files)
    {
        long rows = 0;
        foreach (string[] chunk in files.Chunk(FootersAtOnce))
        {
            string list = string.Join(", ", chunk.Select(f => DuckTypes.Literal(ScanSql.Literally(f))));
            rows += Convert.ToInt64(session.Delta.Duck.Rows($"SELECT coalesce(sum(num_rows), 0)::BIGINT FROM parquet_file_metadata([{list}])")[0][0], CultureInfo.InvariantCulture);
        }

        return rows;
    }

    private static void Descend(string directory, bool objects, string path, IEnumerable<string> columns, List<string> found)
    {
        if (!columns.Any())
        {
            found.Add(path);
            return;
        }

        string prefix = PartitionPath.Escape(columns.First()) + "=";
        foreach (string child in Directory.Exists(directory) ? Directory.EnumerateDirectories(directory) : [])
        {
            string name = Path.GetFileName(child);
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && !(objects && ObjectLinks.Is(child)))
            {
                Descend(child, objects, path.Length == 0 ? name : $"{path}/{name}", columns.Skip(1), found);
            }
        }
    }
}
