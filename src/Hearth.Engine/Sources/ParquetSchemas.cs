using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Hearth.Engine.Duck;
using Hearth.Engine.Types;

namespace Hearth.Engine.Sources;

/// <summary>The columns of Parquet files.</summary>
/// <param name="Columns">As DuckDB reads them.</param>
/// <param name="Instants">Names of the INT96 ones: they have no zone mark but are instants.</param>
internal sealed record ParquetSchema(IReadOnlyList<DuckColumn> Columns, IReadOnlySet<string> Instants);

/// <summary>Columns of Parquet files that a session has looked into, kept while path, length and time of writing stay: a statement is analysed more than once, and most ask about the same files.</summary>
internal sealed class ParquetSchemas
{
    private const int Most = 1000;

    private readonly ConcurrentDictionary<string, ParquetSchema> _known = new(StringComparer.Ordinal);

    /// <summary>The columns of the first file, or of all files together.</summary>
    /// <param name="files">Paths.</param>
    /// <param name="all">Whether the columns of all files count.</param>
    /// <param name="look">Runs something on a connection.</param>
    public ParquetSchema Of(IReadOnlyList<string> files, bool all, Func<Func<DuckConnection, ParquetSchema>, ParquetSchema> look)
    {
        string key = Key(all ? files : [files[0]]);
        if (_known.TryGetValue(key, out ParquetSchema? known))
        {
            return known;
        }

        if (_known.Count >= Most)
        {
            _known.Clear();
        }

        string list = $"[{string.Join(", ", (all ? files : [files[0]]).Select(DuckTypes.Literal))}]";
        return _known[key] = look(connection => Read(connection, list, files[0], union: all && files.Count > 1));
    }

    private static ParquetSchema Read(DuckConnection connection, string list, string first, bool union)
    {
        IReadOnlyList<DuckColumn> columns = connection.Describe($"SELECT * FROM read_parquet({list}, hive_partitioning=false{(union ? ", union_by_name=true" : "")})");
        return new ParquetSchema(columns, columns.Any(c => c.Type.Id is DuckTypeId.Timestamp) ? Int96(connection, first) : new HashSet<string>());
    }

    private static HashSet<string> Int96(DuckConnection connection, string file)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        using DuckResult result = connection.Query($"SELECT name FROM parquet_schema({DuckTypes.Literal(file)}) WHERE type = 'INT96'");
        while (result.NextChunk())
        {
            for (int row = 0; row < result.RowCount; row++)
            {
                names.Add((string)result.Value(row, 0)!);
            }
        }

        return names;
    }

    private static string Key(IReadOnlyList<string> files)
    {
        StringBuilder key = new();
        foreach (string path in files)
        {
            FileInfo file = new(path);
            key.Append(CultureInfo.InvariantCulture, $"{path}\0{(file.Exists ? file.Length : -1)}\0{file.LastWriteTimeUtc.Ticks}\n");
        }

        return key.ToString();
    }
}
