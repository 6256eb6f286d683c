using System.Text.Json.Nodes;
using Hearth.Jobs.Spark;

namespace Hearth.Jobs.Driver.Events;

/// <summary>
/// Where an application's events are written: one JSON object a line in <c>DIRECTORY/APPLICATION-ID.inprogress</c>, which loses its suffix at the end
/// (Spark's layout of a single file). Directories in S3 get a whole copy now and then, and at the end.
/// </summary>
internal sealed class EventLogFile : IDisposable
{
    private static readonly TimeSpan CopyEvery = TimeSpan.FromSeconds(10);
    private readonly Lock _lock = new();
    private readonly string _file;
    private readonly string _final;
    private readonly IReadOnlyList<string> _copies;
    private readonly string _name;
    private readonly DriverLog _log;
    private readonly ITimer? _timer;
    private StreamWriter? _writer;
    private bool _changed;

    private EventLogFile(string directory, string name, IReadOnlyList<string> copies, DriverLog log, TimeProvider time)
    {
        (_name, _copies, _log) = (name, copies, log);
        _final = Path.Combine(directory, name);
        _file = _final + ".inprogress";
        Directory.CreateDirectory(directory);
        _writer = new StreamWriter(new FileStream(_file, FileMode.Create, FileAccess.Write, FileShare.ReadWrite)) { NewLine = "\n" };
        _timer = copies.Count == 0 ? null : time.CreateTimer(_ => Copy(), null, CopyEvery, CopyEvery);
    }

    /// <summary>Opens the log that the settings ask for; null when they ask for none, or when it cannot be written (the log says so).</summary>
    /// <param name="app">The application.</param>
    /// <param name="paths">Where directories are in this container.</param>
    /// <param name="scratch">Directory for a log whose only place is S3.</param>
    /// <param name="log">The driver's log.</param>
    /// <param name="time">Clock.</param>
    public static EventLogFile? Open(SparkApplication app, DriverPaths paths, string scratch, DriverLog log, TimeProvider time)
    {
        if (!app.Conf.Flag("spark.eventLog.enabled", false))
        {
            return null;
        }

        var directory = app.Conf.Get("spark.eventLog.dir", "file:///tmp/spark-events");
        try
        {
            var local = DriverPaths.IsRemote(directory) ? Path.Combine(scratch, "events") : paths.Place(directory);
            string[] remote = [.. new[] { DriverPaths.IsRemote(directory) ? directory : null, app.Conf.Get(CopyKey) }.OfType<string>().Select(paths.Place)];
            var file = new EventLogFile(local, app.Id, remote, log, time);
            log.Info("SingleEventLogFileWriter", $"Logging events to {directory.TrimEnd('/')}/{app.Id}.inprogress");
            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DriverException)
        {
            log.Warn("EventLoggingListener", $"No event log: {directory} cannot be written: {e.Message}");
            return null;
        }
    }

    /// <summary>Setting with a second place for the log in S3: EMR's <c>logging.eventLog.dir</c>.</summary>
    public const string CopyKey = "spark.hearth.eventLog.copy";

    /// <summary>Adds events.</summary>
    public void Write(params IEnumerable<JsonObject> events)
    {
        lock (_lock)
        {
            foreach (var e in events)
            {
                _writer?.WriteLine(e.ToJsonString());
            }

            _writer?.Flush();
            _changed = true;
        }
    }

    /// <summary>Closes the log: it is whole now.</summary>
    public void Dispose()
    {
        _timer?.Dispose();
        lock (_lock)
        {
            if (_writer is null)
            {
                return;
            }

            _writer.Dispose();
            _writer = null;
            File.Move(_file, _final, overwrite: true);
            foreach (var directory in _copies)
            {
                Try(directory, () =>
                {
                    Put(_final, Path.Combine(directory, _name));
                    File.Delete(Path.Combine(directory, _name + ".inprogress"));
                });
            }
        }
    }

    private void Copy()
    {
        lock (_lock)
        {
            if (_writer is null || !_changed)
            {
                return;
            }

            _changed = false;
            foreach (var directory in _copies)
            {
                Try(directory, () => Put(_file, Path.Combine(directory, _name + ".inprogress")));
            }
        }
    }

    private static void Put(string source, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        using var from = new FileStream(source, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var to = new FileStream(target, FileMode.Create, FileAccess.Write);
        from.CopyTo(to);
    }

    private void Try(string directory, Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _log.Warn("EventLoggingListener", $"The event log cannot be copied to {directory}: {e.Message}");
        }
    }
}
