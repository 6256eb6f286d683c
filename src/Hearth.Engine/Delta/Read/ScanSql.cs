using System.Globalization;
using System.Text;
using Hearth.Engine.Delta.Log;
using Hearth.Engine.Types;

namespace Hearth.Engine.Delta.Read;

/// <summary>DuckDB SQL that reads exactly the live rows of given files, with partition values of the log.</summary>
/// <param name="table">The table.</param>
/// <param name="columns">Its columns.</param>
/// <param name="zone">Session time zone.</param>
internal sealed class ScanSql(DeltaTable table, IReadOnlyList<DeltaColumn> columns, TimeZoneInfo zone)
{
    /// <summary>Number of the file in the list that was given.</summary>
    public const string FileNumber = "__hearth_file";

    /// <summary>Number of the row in its file, from 0.</summary>
    public const string RowNumber = "__hearth_row";

    private readonly DeltaColumn[] _stored = [.. columns.Where(c => !c.Partition)];
    private readonly DeltaColumn[] _partition = [.. columns.Where(c => c.Partition)];

    /// <summary>What stands after FROM; its columns are those of the table, then <see cref="FileNumber"/> and <see cref="RowNumber"/> when <paramref name="rowIds"/>.</summary>
    public string From(IReadOnlyList<AddFile> files, bool rowIds = false)
    {
        if (files.Count == 0)
        {
            IEnumerable<string> none = columns.Select(c => $"CAST(NULL AS {DuckTypes.NameOf(c.Field.Type)}) AS {DuckTypes.Quote(c.Field.Name)}");
            return $"(SELECT {string.Join(", ", rowIds ? none.Concat([$"CAST(NULL AS BIGINT) AS {FileNumber}", $"CAST(NULL AS BIGINT) AS {RowNumber}"]) : none)} WHERE false) d";
        }

        (AddFile File, int Number, string Path)[] all = [.. files.Select((f, i) => (f, i, table.Location.FileOf(f.Path)))];
        IReadOnlyDictionary<string, string> instants = LocalInstants([.. all.Select(f => f.Path)]);
        IEnumerable<string> branches = all.GroupBy(f => (Instants: instants.GetValueOrDefault(f.Path, ""), Vector: f.File.Vector is not null)).Select(g => Branch([.. g], g.Key.Instants, g.Key.Vector, rowIds));
        return $"({string.Join(" UNION ALL ", branches)}) d";
    }

    private string Branch((AddFile File, int Number, string Path)[] files, string instants, bool vectors, bool rowIds)
    {
        HashSet<string> local = [.. instants.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
        bool onePartition = files.All(f => _partition.All(c => FilePruning.ValueOf(f.File, c) == FilePruning.ValueOf(files[0].File, c)));
        bool join = rowIds || vectors || !onePartition;
        StringBuilder sql = new("SELECT ");
        sql.AppendJoin(", ", columns.Select(c => $"{Value(c, local, onePartition, files[0].File)} AS {DuckTypes.Quote(c.Field.Name)}"));
        sql.Append(rowIds ? $", f.n AS {FileNumber}, r.file_row_number AS {RowNumber}" : "");
        sql.Append(" FROM read_parquet([").AppendJoin(", ", files.Select(f => DuckTypes.Literal(Literally(f.Path)))).Append("], hive_partitioning=false").Append(Schema(local)).Append(") r");
        if (join)
        {
            sql.Append(" JOIN (VALUES ").AppendJoin(", ", files.Select((f, i) => FileRow(f.File, f.Number, i, onePartition, vectors))).Append(") f(i, n, dv");
            sql.Append(onePartition ? "" : string.Concat(_partition.Select((_, i) => $", p{i}"))).Append(") ON r.file_index = f.i");
        }

        return sql.Append(vectors ? $" ANTI JOIN {DeltaSession.VectorTable} v ON v.dv = f.dv AND v.pos = r.file_row_number" : "").ToString();
    }

    private string FileRow(AddFile file, int number, int index, bool onePartition, bool vectors)
    {
        string values = onePartition ? "" : string.Concat(_partition.Select(c => ", " + PartitionText.Typed(FilePruning.ValueOf(file, c), c.Field.Type, zone)));
        string vector = vectors ? table.Session.VectorId(file.Vector!, table.Location).ToString(CultureInfo.InvariantCulture) : "0";
        return string.Create(CultureInfo.InvariantCulture, $"(CAST({index} AS UBIGINT), CAST({number} AS BIGINT), CAST({vector} AS BIGINT){values})");
    }

    private string Value(DeltaColumn column, HashSet<string> local, bool onePartition, AddFile first)
    {
        if (column.Partition)
        {
            return onePartition ? PartitionText.Typed(FilePruning.ValueOf(first, column), column.Field.Type, zone) : $"f.p{Array.IndexOf(_partition, column)}";
        }

        string name = $"r.{DuckTypes.Quote(column.Field.Name)}";
        return local.Contains(column.Physical) ? $"timezone('UTC', {name})" : name;
    }

    // Files that lack a column (it came later) give NULL; narrower types of older files are widened.
    private string Schema(HashSet<string> local)
    {
        bool byId = _stored.Any(c => c.FieldId is not null);
        IEnumerable<string> entries = _stored.Select(c =>
        {
            string key = byId ? (c.FieldId ?? -1).ToString(CultureInfo.InvariantCulture) : DuckTypes.Literal(c.Physical);
            string type = local.Contains(c.Physical) ? "TIMESTAMP" : DuckTypes.NameOf(c.Field.Type);
            return $"{key}: {{name: {DuckTypes.Literal(c.Field.Name)}, type: {DuckTypes.Literal(type)}, default_value: NULL}}";
        });
        return _stored.Length == 0 ? "" : $", schema=MAP{{{string.Join(", ", entries)}}}";
    }

    // A path is not a pattern.
    internal static string Literally(string path)
    {
        if (!path.AsSpan().ContainsAny("*?["))
        {
            return path;
        }

        StringBuilder text = new();
        foreach (char c in path)
        {
            _ = c is '*' or '?' or '[' ? text.Append('[').Append(c).Append(']') : text.Append(c);
        }

        return text.ToString();
    }

    /// <summary>Columns of instants that a file keeps without a zone (INT96, as Spark writes them), by file; joined with line ends.</summary>
    private IReadOnlyDictionary<string, string> LocalInstants(IReadOnlyList<string> paths)
    {
        bool hidden = _stored.Any(c => DeltaColumn.HidesTimestamps(c.Field.Type));
        HashSet<string> instants = [.. _stored.Where(c => c.Field.Type == SparkType.Timestamp).Select(c => c.Physical)];
        if (instants.Count == 0 && !hidden)
        {
            return new Dictionary<string, string>(StringComparer.Ordinal);
        }

        IReadOnlyDictionary<string, string> found = table.Session.LocalTimestamps(paths, Literally);
        if (hidden && found.Values.SelectMany(v => v.Split('\n', StringSplitOptions.RemoveEmptyEntries)).FirstOrDefault(c => !instants.Contains(c) && !_stored.Any(s => s.Physical == c && s.Field.Type == SparkType.TimestampNtz)) is { } nested)
        {
            throw DeltaErrors.Unsupported($"timestamps of the INT96 form inside nested columns (field {nested})");
        }

        return found.ToDictionary(p => p.Key, p => string.Join('\n', p.Value.Split('\n').Where(instants.Contains)), StringComparer.Ordinal);
    }
}
