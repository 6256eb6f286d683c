using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Hearth.Engine.Delta.Log;
using Hearth.Engine.Duck;
using Hearth.Engine.Types;

namespace Hearth.Engine.Delta.Read;

/// <summary>A column of a data file.</summary>
/// <param name="Name">As in the file.</param>
/// <param name="Type">As DuckDB reads it.</param>
/// <param name="FieldId">Parquet field id, or null.</param>
/// <param name="Local">Whether it is a timestamp without a zone mark: INT96, or not adjusted to UTC.</param>
internal sealed record FileColumn(string Name, DuckType Type, long? FieldId, bool Local);

/// <summary>The columns of data files that are alike. The same object for all of them.</summary>
/// <param name="Columns">At the top, in order.</param>
/// <param name="LocalTimestamps">Names, at any depth, of timestamps without a zone mark.</param>
internal sealed record FileLayout(IReadOnlyList<FileColumn> Columns, IReadOnlyList<string> LocalTimestamps)
{
    /// <summary>The column that holds a table's column, or null: by field id when the table maps by it, otherwise by name ignoring case.</summary>
    public FileColumn? Find(DeltaColumn column) => column.FieldId is { } id
        ? Columns.FirstOrDefault(c => c.FieldId == id)
        : Columns.FirstOrDefault(c => c.Name == column.Physical) ?? Columns.FirstOrDefault(c => string.Equals(c.Name, column.Physical, StringComparison.OrdinalIgnoreCase));
}

/// <summary>
/// What columns the data files have. Data files never change, so each is looked into once. It lets a scan name files without a schema of its own:
/// with one, DuckDB knows neither how many rows there are nor their bounds, and builds its hash tables on the wrong side.
/// </summary>
internal sealed class FileLayouts(DuckWork duck)
{
    private const string LocalInt64 = "(type = 'INT64' AND CAST(logical_type AS VARCHAR) LIKE '%TimestampType%' AND CAST(logical_type AS VARCHAR) LIKE '%isAdjustedToUTC=0%')";

    private readonly ConcurrentDictionary<string, FileLayout> _files = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, FileLayout> _layouts = new(StringComparer.Ordinal);

    private sealed record Element(string Name, string Text, long Children, long? FieldId, bool Local);

    /// <summary>Layouts by path.</summary>
    public IReadOnlyDictionary<string, FileLayout> Of(IReadOnlyList<string> paths)
    {
        foreach (string[] chunk in paths.Where(p => !_files.ContainsKey(p)).Distinct(StringComparer.Ordinal).Chunk(500))
        {
            foreach ((string path, List<Element> elements) in Read(chunk))
            {
                string signature = string.Join('\n', elements.Select(e => e.Text));
                _files[path] = _layouts.TryGetValue(signature, out FileLayout? known) ? known : _layouts.GetOrAdd(signature, Describe(path, elements));
            }
        }

        return paths.Distinct(StringComparer.Ordinal).ToDictionary(p => p, p => _files[p], StringComparer.Ordinal);
    }

    private Dictionary<string, List<Element>> Read(string[] paths)
    {
        Dictionary<string, List<Element>> found = paths.ToDictionary(p => p, _ => new List<Element>(), StringComparer.Ordinal);
        string list = string.Join(", ", paths.Select(p => DuckTypes.Literal(ScanSql.Literally(p))));
        string shape = "concat_ws('|', name, type, type_length, CASE WHEN repetition_type = 'REPEATED' THEN 'R' END, num_children, converted_type, scale, precision, field_id, CAST(logical_type AS VARCHAR))";
        foreach (object?[] row in duck.Rows($"SELECT file_name, name, {shape}, CAST(coalesce(num_children, 0) AS BIGINT), CAST(field_id AS BIGINT), type = 'INT96' OR {LocalInt64} FROM parquet_schema([{list}])"))
        {
            found[(string)row[0]!].Add(new Element((string)row[1]!, (string)row[2]!, (long)row[3]!, (long?)row[4], row[5] is true));
        }

        return found;
    }

    // The elements are a tree in depth-first order; the first is the root.
    private FileLayout Describe(string path, List<Element> elements)
    {
        IReadOnlyList<DuckColumn> types = duck.Run(connection => connection.Describe($"SELECT * FROM read_parquet({DuckTypes.Literal(ScanSql.Literally(path))}, hive_partitioning=false)"));
        List<FileColumn> columns = [];
        int at = 1;
        foreach (DuckColumn column in types)
        {
            Element top = elements[at];
            columns.Add(new FileColumn(column.Name, column.Type, top.FieldId, top.Local && top.Children == 0));
            at = After(elements, at);
        }

        return new FileLayout(columns, [.. elements.Where(e => e.Local).Select(e => e.Name)]);
    }

    private static int After(List<Element> elements, int at)
    {
        long children = elements[at].Children;
        at++;
        for (; children > 0; children--)
        {
            at = After(elements, at);
        }

        return at;
    }

    /// <summary>The DuckDB name of a type, as <see cref="DuckTypes.NameOf"/> writes those of Spark's types; unknown ones by their number.</summary>
    public static string NameOf(DuckType type)
    {
        switch (type.Id)
        {
            case DuckTypeId.Decimal:
                return string.Create(CultureInfo.InvariantCulture, $"DECIMAL({type.Precision},{type.Scale})");
            case DuckTypeId.List:
                return NameOf(type.Children[0]) + "[]";
            case DuckTypeId.Map:
                return $"MAP({NameOf(type.Children[0])}, {NameOf(type.Children[1])})";
            case DuckTypeId.Struct:
                StringBuilder fields = new();
                for (int i = 0; i < type.Children.Count; i++)
                {
                    fields.Append(i == 0 ? "" : ", ").Append(DuckTypes.Quote(type.Names[i])).Append(' ').Append(NameOf(type.Children[i]));
                }

                return $"STRUCT({fields})";
            case DuckTypeId.Boolean or DuckTypeId.TinyInt or DuckTypeId.SmallInt or DuckTypeId.Integer or DuckTypeId.BigInt or DuckTypeId.Float or DuckTypeId.Double
                or DuckTypeId.Varchar or DuckTypeId.Blob or DuckTypeId.Date or DuckTypeId.Timestamp or DuckTypeId.TimestampTz:
                return DuckTypes.NameOf(DuckTypes.ToSpark(type));
            default:
                return string.Create(CultureInfo.InvariantCulture, $"#{(int)type.Id}");
        }
    }
}
