using System.Globalization;
using Hearth.Jobs.Driver.Scaling;
using Hearth.Jobs.Spark;

namespace Hearth.Jobs.Driver.Events;

/// <summary>
/// Tells an application's story in Spark's event log: settings, executors, queries with their jobs. A query is one job of one stage of one task in the driver,
/// because that is how the embedded engine runs it.
/// </summary>
internal sealed class EventLog : IDisposable
{
    private readonly EventLogFile? _file;
    private readonly SparkApplication _app;
    private readonly TimeProvider _time;
    private readonly int _cores;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (int Job, int? Execution, long Started)> _running = new(StringComparer.Ordinal);
    private int _jobs;
    private int _executions;

    /// <summary>Begins the log of an application.</summary>
    /// <param name="file">Where; null writes nothing.</param>
    /// <param name="app">The application.</param>
    /// <param name="time">Clock.</param>
    public EventLog(EventLogFile? file, SparkApplication app, TimeProvider time)
    {
        (_file, _app, _time) = (file, app, time);
        _cores = app.Conf.Int("spark.executor.cores", 1);
        var now = Now;
        _file?.Write(
            SparkEvents.LogStart(app.Version),
            SparkEvents.ResourceProfile(_cores, app.Conf.Mebibytes("spark.executor.memory") ?? 1024, app.Conf.Int("spark.task.cpus", 1)),
            SparkEvents.BlockManager("driver", Host, app.Conf.Int("spark.driver.blockManager.port", 7079), (app.Conf.Mebibytes("spark.driver.memory") ?? 1024) << 20, now),
            SparkEvents.Environment(app, now),
            SparkEvents.ApplicationStart(app, now));
    }

    private string Host => _app.Conf.Get("spark.driver.host", "localhost");

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Follows the executors of a pool.</summary>
    public void Follow(ExecutorPool pool)
    {
        pool.Added += (id, pod) => _file?.Write(SparkEvents.ExecutorAdded(Text(id), pod, _cores, Now));
        pool.Removed += (id, reason) => _file?.Write(SparkEvents.ExecutorRemoved(Text(id), reason, Now));
    }

    /// <summary>A query began or ended.</summary>
    public void OnQuery(EngineQuery query)
    {
        lock (_lock)
        {
            if (!query.HasEnded)
            {
                Begin(query);
            }
            else if (_running.Remove(query.Id, out var known))
            {
                End(query, known);
            }
        }
    }

    /// <summary>The application ended.</summary>
    public void End(int exitCode) => _file?.Write(SparkEvents.ApplicationEnd(Now, exitCode));

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private void Begin(EngineQuery query)
    {
        var now = Now;
        int? execution = query.Kind == "rdd" ? null : _executions++;
        var job = _jobs++;
        _running[query.Id] = (job, execution, now);
        if (execution is { } id)
        {
            _file?.Write(SparkEvents.SqlStart(id, query.Kind, now));
        }

        _file?.Write(SparkEvents.JobStart(job, execution, query.Kind, Host, now));
    }

    private void End(EngineQuery query, (int Job, int? Execution, long Started) known)
    {
        var now = Now;
        var error = query.Failed ? $"{query.Kind} failed; the driver's log says why" : null;
        _file?.Write(SparkEvents.JobEnd(known.Job, query.Kind, Host, known.Started, now, error, query.RowsRead, query.RowsWritten));
        if (known.Execution is { } id)
        {
            _file?.Write(SparkEvents.SqlEnd(id, error ?? "", now));
        }
    }
}
