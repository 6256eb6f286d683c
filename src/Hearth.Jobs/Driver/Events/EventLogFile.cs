using System.Text;
using System.Text.Json.Nodes;
using Hearth.Jobs.Spark;

namespace Hearth.Jobs.Driver.Events;

/// <summary>
/// Where an application's events are written: one JSON object a line, in files named as <see cref="EventLogNames"/> says. Directories in S3 get copies now and then, and at the end.
/// </summary>
internal sealed class EventLogFile : IDisposable
{
    private static readonly TimeSpan CopyEvery = TimeSpan.FromSeconds(10);
    private readonly Lock _lock = new();
    private readonly string _directory;
    private readonly IReadOnlyList<string> _copies;
    private readonly EventLogNames _names;
    private readonly DriverLog _log;
    private readonly ITimer? _timer;
    private FileStream? _stream;
    private int _part = 1;
    private int _copied;
    private bool _changed;

    private EventLogFile(string directory, EventLogNames names, IReadOnlyList<string> copies, DriverLog log, TimeProvider time)
    {
        (_directory, _names, _copies, _log) = (directory, names, copies, log);
        _stream = Begin();
        if (names.Status(false) is { } status)
        {
            File.WriteAllBytes(Path.Combine(directory, status), []);
        }

        _timer = copies.Count == 0 ? null : time.CreateTimer(_ => Copy(), null, CopyEvery, CopyEvery);
    }

    /// <summary>Opens the log that the settings ask for; null when they ask for none, or when it cannot be written (the log says so).</summary>
    /// <param name="app">The application.</param>
    /// <param name="paths">Where directories are in this container.</param>
    /// <param name="scratch">Directory for a log whose only place is S3.</param>
    /// <param name="log">The driver's log.</param>
    /// <param name="time">Clock.</param>
    /// <exception cref="SparkConfException">A setting of the log has no value that Spark takes.</exception>
    public static EventLogFile? Open(SparkApplication app, DriverPaths paths, string scratch, DriverLog log, TimeProvider time)
    {
        if (!app.Conf.Flag("spark.eventLog.enabled", false))
        {
            return null;
        }

        var names = EventLogNames.Of(app);
        var directory = app.Conf.Get("spark.eventLog.dir", "file:///tmp/spark-events");
        try
        {
            var local = DriverPaths.IsRemote(directory) ? Path.Combine(scratch, "events") : paths.Place(directory);
            string[] remote = [.. new[] { DriverPaths.IsRemote(directory) ? directory : null, app.Conf.Get(CopyKey) }.OfType<string>().Select(paths.Place)];
            var file = new EventLogFile(local, names, remote, log, time);
            log.Info(names.Writer, $"Logging events to {directory.TrimEnd('/')}/{names.Part(1, isComplete: false)}");
            if (app.Conf.Flag("spark.eventLog.compress", false))
            {
                log.Warn(names.Writer, "spark.eventLog.compress has no effect here: events are written as plain text, which history servers read as well");
            }

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
                var line = Encoding.UTF8.GetBytes(e.ToJsonString() + "\n");
                if (_stream is not null && _names.PartBytes is { } most && _stream.Length > 0 && _stream.Length + line.Length > most)
                {
                    _stream.Dispose();
                    _part++;
                    _stream = Begin();
                }

                _stream?.Write(line);
            }

            _stream?.Flush();
            _changed = true;
        }
    }

    /// <summary>Closes the log: it is whole now.</summary>
    public void Dispose()
    {
        _timer?.Dispose();
        lock (_lock)
        {
            if (_stream is null)
            {
                return;
            }

            _stream.Dispose();
            _stream = null;
            Complete(_names.Status(false) ?? _names.Part(1, false), _names.Status(true) ?? _names.Part(1, true));
        }
    }

    private FileStream Begin()
    {
        var file = Path.Combine(_directory, _names.Part(_part, isComplete: false));
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        return new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
    }

    /// <summary>The suffix goes last: before that a history server does not take the log for complete.</summary>
    private void Complete(string running, string complete)
    {
        File.Move(Path.Combine(_directory, running), Path.Combine(_directory, complete), overwrite: true);
        foreach (var directory in _copies)
        {
            Try(directory, () =>
            {
                PutParts(directory, isComplete: true);
                if (_names.Status(true) is { } status)
                {
                    Put(status, directory);
                }

                File.Delete(Path.Combine(directory, running));
            });
        }
    }

    private void Copy()
    {
        lock (_lock)
        {
            if (_stream is null || !_changed)
            {
                return;
            }

            _changed = false;
            foreach (var directory in _copies)
            {
                Try(directory, () =>
                {
                    PutParts(directory, isComplete: false);
                    if (_names.Status(false) is { } status)
                    {
                        Put(status, directory);
                    }
                });
            }

            _copied = _part - 1;
        }
    }

    /// <summary>The parts that have grown since the last copy.</summary>
    private void PutParts(string directory, bool isComplete)
    {
        for (var part = _copied + 1; part <= _part; part++)
        {
            Put(_names.Part(part, isComplete), directory);
        }
    }

    private void Put(string name, string directory)
    {
        var target = Path.Combine(directory, name);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        using var from = new FileStream(Path.Combine(_directory, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
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
