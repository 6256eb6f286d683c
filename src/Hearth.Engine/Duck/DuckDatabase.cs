using System.Runtime.InteropServices;
using static Hearth.Engine.Duck.NativeMethods;

namespace Hearth.Engine.Duck;

/// <summary>One libduckdb instance. Thread safe; cheap connections come from <see cref="Connect"/>.</summary>
public sealed class DuckDatabase : SafeHandle
{
    private DuckDatabase(nint handle)
        : base(0, ownsHandle: true) => SetHandle(handle);

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>Opens an in-memory instance.</summary>
    /// <param name="settings">DuckDB settings by name, for example <c>memory_limit</c>.</param>
    /// <exception cref="EngineException">A setting is refused, or the library is missing.</exception>
    public static unsafe DuckDatabase Open(IReadOnlyDictionary<string, string> settings)
    {
        DuckLibrary.EnsureLoaded();
        _ = duckdb_create_config(out nint config);
        try
        {
            foreach ((string name, string value) in settings)
            {
                _ = duckdb_set_config(config, name, value);
            }

            if (duckdb_open_ext(":memory:", out nint database, config, out byte* error) != 0)
            {
                throw new EngineException("ENGINE_START_FAILED", $"The engine does not start: {DuckErrors.FirstLine(TakeText(error))}", ErrorKind.IllegalArgumentException);
            }

            return new DuckDatabase(database);
        }
        finally
        {
            duckdb_destroy_config(ref config);
        }
    }

    /// <summary>A new connection: its own transaction, temporary objects and time zone.</summary>
    public DuckConnection Connect()
    {
        bool added = false;
        DangerousAddRef(ref added);
        try
        {
            return duckdb_connect(handle, out nint connection) == 0
                ? new DuckConnection(connection, this)
                : throw new EngineException("ENGINE_START_FAILED", "The engine gives no connection.", ErrorKind.SparkRuntimeException);
        }
        catch
        {
            DangerousRelease();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        duckdb_close(ref handle);
        return true;
    }
}
