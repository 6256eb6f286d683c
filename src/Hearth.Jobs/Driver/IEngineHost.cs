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
/// <param name="Query">Hears of the beginning and the end of each query; called from any thread, must be quick.</param>
public sealed record EngineStart(string SocketPath, IReadOnlyDictionary<string, string> Conf, Action<EngineProgress> Progress, Action<EngineQuery> Query);

/// <summary>How far the present query is.</summary>
/// <param name="Message">One line for people, for example <c>write 42 %</c>.</param>
/// <param name="RowsRead">Rows given out since the start of the session.</param>
/// <param name="RowsWritten">Rows written since the start of the session.</param>
public sealed record EngineProgress(string? Message, long RowsRead, long RowsWritten);

/// <summary>A query, write or RDD action.</summary>
/// <param name="Id">Names it within the session.</param>
/// <param name="Kind"><c>collect</c>, <c>write</c>, <c>rdd</c> …</param>
/// <param name="Tasks">Tasks it would have in Spark; see <see cref="EngineLoad"/>.</param>
/// <param name="HasEnded">False at its beginning, true at its end.</param>
/// <param name="Failed">It ended with an error.</param>
/// <param name="RowsRead">Rows given to the program.</param>
/// <param name="RowsWritten">Rows written.</param>
public sealed record EngineQuery(string Id, string Kind, int Tasks, bool HasEnded, bool Failed, long RowsRead, long RowsWritten);

/// <summary>What a session has to do now, in Spark's measure.</summary>
/// <param name="Tasks">
/// Tasks left: of an RDD action its partitions that are not computed; of a query <c>spark.sql.shuffle.partitions</c>, the width of its widest stage in Spark,
/// less the share that the engine reports as done.
/// </param>
/// <param name="HasCache">Whether it keeps cached data.</param>
public sealed record EngineLoad(int Tasks, bool HasCache);

/// <summary>A running session; disposing it ends it.</summary>
public interface IEngineSession : IAsyncDisposable
{
    /// <summary>What there is to do now.</summary>
    EngineLoad Load { get; }

    /// <summary>Sets how many threads the work may use from now on; at least 1, at most what the machine has.</summary>
    void SetThreads(int threads);
}
