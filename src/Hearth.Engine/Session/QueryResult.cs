using System.Diagnostics;
using System.Text.Json;
using Hearth.Engine.Duck;
using Hearth.Engine.Types;

namespace Hearth.Engine.Session;

/// <summary>Rows of a running query. Dispose it to give back its connection.</summary>
public sealed class QueryResult : IDisposable
{
    private readonly EngineSession _session;
    private readonly DuckConnection _connection;
    private readonly DuckResult _result;
    private readonly ProgressReporter _progress;
    private long _rows;

    internal QueryResult(EngineSession session, DuckConnection connection, DuckResult result, StructType schema)
    {
        _session = session;
        _connection = connection;
        _result = result;
        Schema = schema;
        _progress = new ProgressReporter(session, connection, "query", Stopwatch.StartNew());
    }

    /// <summary>Columns with Spark's names and types.</summary>
    public StructType Schema { get; }

    /// <summary>Rows in the current chunk.</summary>
    public int ChunkRows => _result.RowCount;

    /// <summary>Moves to the next chunk; false at the end.</summary>
    public bool NextChunk()
    {
        bool more = _result.NextChunk();
        _rows += _result.RowCount;
        return more;
    }

    /// <summary>Writes a row of the current chunk as a JSON array in the protocol's value form.</summary>
    public void WriteRow(Utf8JsonWriter writer, int row)
    {
        writer.WriteStartArray();
        for (int column = 0; column < Schema.Fields.Count; column++)
        {
            _result.Write(writer, row, column);
        }

        writer.WriteEndArray();
    }

    /// <summary>All rows as values (see <see cref="Types"/>).</summary>
    public IEnumerable<object?[]> Rows()
    {
        while (NextChunk())
        {
            for (int row = 0; row < _result.RowCount; row++)
            {
                object?[] values = new object?[Schema.Fields.Count];
                for (int column = 0; column < values.Length; column++)
                {
                    values[column] = _result.Value(row, column);
                }

                yield return values;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _progress.Done(_rows, 0);
        _progress.Dispose();
        _result.Dispose();
        _session.Return(_connection);
    }
}
