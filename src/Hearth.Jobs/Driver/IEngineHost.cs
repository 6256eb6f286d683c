namespace Hearth.Jobs.Driver;

/// <summary>Starts the engine inside a driver container. The composition root brings it: this room does not know the engine.</summary>
public interface IEngineHost
{
    /// <summary>Starts a session that serves the engine protocol on a Unix socket; returns when clients can connect.</summary>
    Task<IEngineSession> StartAsync(EngineStart start, CancellationToken ct);
}

/// <summary>How to start a session.</summary>
/// <param name="SocketPath">Unix socket to listen on.</param>
/// <param name="Conf">Settings of the application; <c>spark.hearth.memory</c>, <c>spark.hearth.threads</c> and <c>spark.hearth.temp.dir</c> among them.</param>
/// <param name="Progress">Hears how far queries are; called from any thread, at most a few times a second.</param>
public sealed record EngineStart(string SocketPath, IReadOnlyDictionary<string, string> Conf, Action<EngineProgress> Progress);

/// <summary>How far the present query is.</summary>
/// <param name="Message">One line for people, for example <c>write 42 %</c>.</param>
/// <param name="RowsRead">Rows given out since the start of the session.</param>
/// <param name="RowsWritten">Rows written since the start of the session.</param>
public sealed record EngineProgress(string? Message, long RowsRead, long RowsWritten);

/// <summary>A running session; disposing it ends it.</summary>
public interface IEngineSession : IAsyncDisposable
{
    /// <summary>Sets how many threads the work may use from now on; at least 1, at most what the machine has.</summary>
    void SetThreads(int threads);
}
