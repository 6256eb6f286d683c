using System.Runtime.InteropServices;
using static Hearth.Engine.Duck.NativeMethods;

namespace Hearth.Engine.Duck;

/// <summary>A connection. It runs one statement at a time: while a streamed result is open, no other statement may run on it.</summary>
public sealed class DuckConnection : SafeHandle
{
    private readonly DuckDatabase _database;

    internal DuckConnection(nint handle, DuckDatabase database)
        : base(0, ownsHandle: true)
    {
        _database = database;
        SetHandle(handle);
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    internal nint Pointer => handle;

    /// <summary>Runs statements (several may be separated by semicolons) and drops their results.</summary>
    /// <returns>Rows changed by the last statement.</returns>
    public long Execute(string sql, CancellationToken cancellationToken = default)
    {
        using InterruptOnCancel stop = new(this, cancellationToken);
        int state = duckdb_query(handle, sql, out DuckResultStruct result);
        try
        {
            if (state != 0)
            {
                throw DuckErrors.From(ref result, sql, cancellationToken);
            }

            return (long)duckdb_rows_changed(ref result);
        }
        finally
        {
            duckdb_destroy_result(ref result);
        }
    }

    /// <summary>Starts one statement and streams its result. Cancelling interrupts it, also while rows are read.</summary>
    public unsafe DuckResult Query(string sql, CancellationToken cancellationToken = default)
    {
        InterruptOnCancel stop = new(this, cancellationToken);
        try
        {
            if (duckdb_prepare(handle, sql, out nint statement) != 0)
            {
                string error = Text(duckdb_prepare_error(statement));
                duckdb_destroy_prepare(ref statement);
                throw DuckErrors.From(error, 0, sql, cancellationToken);
            }

            if (duckdb_execute_prepared_streaming(statement, out DuckResultStruct result) != 0)
            {
                EngineException error = DuckErrors.From(ref result, sql, cancellationToken);
                duckdb_destroy_result(ref result);
                duckdb_destroy_prepare(ref statement);
                throw error;
            }

            return new DuckResult(result, statement, sql, stop, cancellationToken);
        }
        catch
        {
            stop.Dispose();
            throw;
        }
    }

    /// <summary>Names and types of a statement's result, without running it.</summary>
    public unsafe IReadOnlyList<DuckColumn> Describe(string sql)
    {
        int state = duckdb_prepare(handle, sql, out nint statement);
        try
        {
            if (state != 0)
            {
                throw DuckErrors.From(Text(duckdb_prepare_error(statement)), 0, sql, default);
            }

            DuckColumn[] columns = new DuckColumn[duckdb_prepared_statement_column_count(statement)];
            for (int i = 0; i < columns.Length; i++)
            {
                string name = TakeText(duckdb_prepared_statement_column_name(statement, (ulong)i));
                columns[i] = new DuckColumn(name, DuckType.Take(duckdb_prepared_statement_column_logical_type(statement, (ulong)i)));
            }

            return columns;
        }
        finally
        {
            duckdb_destroy_prepare(ref statement);
        }
    }

    /// <summary>Ends the running statement with a cancellation error; does nothing when none runs.</summary>
    public void Interrupt()
    {
        if (!IsClosed && !IsInvalid)
        {
            duckdb_interrupt(handle);
        }
    }

    /// <summary>Share of the running statement that is done, 0..100, or null when unknown.</summary>
    public double? Progress()
    {
        double percentage = IsClosed ? -1 : duckdb_query_progress(handle).Percentage;
        return percentage < 0 ? null : percentage;
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        duckdb_disconnect(ref handle);
        _database.DangerousRelease();
        return true;
    }
}

/// <summary>A result column.</summary>
public sealed record DuckColumn(string Name, DuckType Type);
