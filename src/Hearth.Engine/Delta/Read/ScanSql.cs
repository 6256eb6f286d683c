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
        IReadOnlyDictionary<string, FileLayout> layouts = table.Session.Layouts.Of([.. all.Select(f => f.Path)]);
        IEnumerable<string> branches = all.GroupBy(f => (Layout: layouts[f.Path], Vector: f.File.Vector is not null), Alike).Select(g => Branch([.. g], g.Key.Layout, g.Key.Vector, rowIds));
        return $"({string.Join(" UNION ALL ", branches)}) d";
    }

    private static readonly IEqualityComparer<(FileLayout Layout, bool Vector)> Alike = EqualityComparer<(FileLayout Layout, bool Vector)>.Create((a, b) => ReferenceEquals(a.Layout, b.Layout) && a.Vector == b.Vector, key => key.Vector.GetHashCode() ^ System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(key.Layout));

    private string Branch((AddFile File, int Number, string Path)[] files, FileLayout layout, bool vectors, bool rowIds)
    {
        string?[] own = [.. _stored.Select(c => Stored(c, layout))];
        bool forced = own.Contains(null);
        CheckNestedInstants(layout);
        bool onePartition = files.All(f => _partition.All(c => FilePruning.ValueOf(f.File, c) == FilePruning.ValueOf(files[0].File, c)));
        bool inOrder = files.Select((f, i) => f.Number - i).Distinct().Count() == 1;
        bool join = (rowIds && !inOrder) || vectors || !onePartition;
        string number = inOrder ? string.Create(CultureInfo.InvariantCulture, $"CAST(r.file_index AS BIGINT) + {files[0].Number}") : "f.n";
        StringBuilder sql = new("SELECT ");
        sql.AppendJoin(", ", columns.Select(c => $"{(c.Partition ? Value(c, onePartition, files[0].File) : forced ? Forced(c, layout) : own[Array.IndexOf(_stored, c)])} AS {DuckTypes.Quote(c.Field.Name)}"));
        sql.Append(rowIds ? $", {number} AS {FileNumber}, r.file_row_number AS {RowNumber}" : "");
        sql.Append(" FROM read_parquet([").AppendJoin(", ", files.Select(f => DuckTypes.Literal(Literally(f.Path)))).Append("], hive_partitioning=false").Append(forced ? Schema(layout) : "").Append(") r");
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

    private string Value(DeltaColumn column, bool onePartition, AddFile first) =>
        onePartition ? PartitionText.Typed(FilePruning.ValueOf(first, column), column.Field.Type, zone) : $"f.p{Array.IndexOf(_partition, column)}";

    // A column that came later is not in older files; narrower types of older files are widened. Null when only a schema tells DuckDB how nested fields fit.
    private static string? Stored(DeltaColumn column, FileLayout layout)
    {
        string type = DuckTypes.NameOf(column.Field.Type);
        if (layout.Find(column) is not { } own)
        {
            return $"CAST(NULL AS {type})";
        }

        string name = $"r.{DuckTypes.Quote(own.Name)}", has = FileLayouts.NameOf(own.Type);
        return own.Local && column.Field.Type == SparkType.Timestamp ? $"timezone('UTC', {name})"
            : has == type ? name
            : own.Type.Children.Count == 0 && column.Field.Type.IsAtomic ? $"CAST({name} AS {type})"
            : null;
    }

    private static string Forced(DeltaColumn column, FileLayout layout) =>
        layout.Find(column) is { Local: true } && column.Field.Type == SparkType.Timestamp ? $"timezone('UTC', r.{DuckTypes.Quote(column.Field.Name)})" : $"r.{DuckTypes.Quote(column.Field.Name)}";

    private string Schema(FileLayout layout)
    {
        bool byId = _stored.Any(c => c.FieldId is not null);
        IEnumerable<string> entries = _stored.Select(c =>
        {
            string key = byId ? (c.FieldId ?? -1).ToString(CultureInfo.InvariantCulture) : DuckTypes.Literal(c.Physical);
            string type = layout.Find(c) is { Local: true } && c.Field.Type == SparkType.Timestamp ? "TIMESTAMP" : DuckTypes.NameOf(c.Field.Type);
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

    private void CheckNestedInstants(FileLayout layout)
    {
        if (_stored.Any(c => DeltaColumn.HidesTimestamps(c.Field.Type))
            && layout.LocalTimestamps.FirstOrDefault(n => !_stored.Any(c => c.Physical == n && (c.Field.Type == SparkType.Timestamp || c.Field.Type == SparkType.TimestampNtz))) is { } nested)
        {
            throw DeltaErrors.Unsupported($"timestamps of the INT96 form inside nested columns (field {nested})");
        }
    }
}
