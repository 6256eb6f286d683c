using System.Text.Json;
using static Hearth.Engine.Duck.NativeMethods;

namespace Hearth.Engine.Duck;

/// <summary>A streamed result: <see cref="NextChunk"/> moves on by up to 2048 rows, the readers then give their values.</summary>
public sealed class DuckResult : IDisposable
{
    private readonly InterruptOnCancel _stop;
    private readonly CancellationToken _cancellationToken;
    private readonly string _sql;
    private readonly ColumnReader[] _readers;
    private DuckResultStruct _result;
    private nint _statement;
    private nint _chunk;

    internal unsafe DuckResult(DuckResultStruct result, nint statement, string sql, InterruptOnCancel stop, CancellationToken cancellationToken)
    {
        _result = result;
        _statement = statement;
        _sql = sql;
        _stop = stop;
        _cancellationToken = cancellationToken;
        DuckColumn[] columns = new DuckColumn[duckdb_column_count(ref _result)];
        for (int i = 0; i < columns.Length; i++)
        {
            columns[i] = new DuckColumn(Text(duckdb_column_name(ref _result, (ulong)i)), DuckType.Take(duckdb_column_logical_type(ref _result, (ulong)i)));
        }

        Columns = columns;
        _readers = [.. columns.Select(column => ColumnReader.For(column.Type))];
    }

    /// <summary>Names and types.</summary>
    public IReadOnlyList<DuckColumn> Columns { get; }

    /// <summary>Rows in the current chunk.</summary>
    public int RowCount { get; private set; }

    /// <summary>Reads the next chunk; false at the end.</summary>
    public unsafe bool NextChunk()
    {
        FreeChunk();
        _chunk = duckdb_fetch_chunk(_result);
        if (_chunk == 0)
        {
            string error = Text(duckdb_result_error(ref _result));
            return error.Length == 0 ? false : throw DuckErrors.From(error, duckdb_result_error_type(ref _result), _sql, _cancellationToken);
        }

        RowCount = (int)duckdb_data_chunk_get_size(_chunk);
        for (int i = 0; i < _readers.Length; i++)
        {
            _readers[i].Attach(duckdb_data_chunk_get_vector(_chunk, (ulong)i));
        }

        return RowCount > 0 || NextChunk();
    }

    /// <summary>Value of a cell of the current chunk; null for NULL.</summary>
    public object? Value(int row, int column) => _readers[column].ValueOrNull(row);

    /// <summary>Writes a cell of the current chunk in the wire form of docs/engine-protocol.md.</summary>
    public void Write(Utf8JsonWriter writer, int row, int column) => _readers[column].WriteOrNull(writer, row);

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Dispose();
        FreeChunk();
        duckdb_destroy_result(ref _result);
        duckdb_destroy_prepare(ref _statement);
    }

    private void FreeChunk()
    {
        RowCount = 0;
        if (_chunk != 0)
        {
            duckdb_destroy_data_chunk(ref _chunk);
            _chunk = 0;
        }
    }
}
