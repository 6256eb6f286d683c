using System.Globalization;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Hearth.Cli.Hosting.Embedded;

/// <summary>Appends log lines to one file, off the callers' threads; a burst that outruns the disk loses its oldest lines.</summary>
internal sealed class FileLog : ILoggerFactory, ILoggerProvider
{
    private readonly Channel<string> _lines = Channel.CreateBounded<string>(new BoundedChannelOptions(8192) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
    private readonly TimeProvider _time;
    private readonly LogLevel _least;
    private readonly Task _writer;

    public FileLog(string path, LogLevel least, TimeProvider time)
    {
        _time = time;
        _least = least;
        _writer = Task.Run(() => WriteAsync(path));
    }

    // The web server tells each request at Information: that is an access log, not what a person looks for here.
    public ILogger CreateLogger(string categoryName) => new Category(
        this, categoryName[(categoryName.LastIndexOf('.') + 1)..], categoryName.StartsWith("Microsoft.", StringComparison.Ordinal) ? LogLevel.Warning : _least);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("this log has one destination");

    public void Dispose()
    {
        _lines.Writer.TryComplete();
        _writer.Wait(TimeSpan.FromSeconds(2));
    }

    private async Task WriteAsync(string path)
    {
        var file = new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete));
        await using (file.ConfigureAwait(false))
        {
            while (await _lines.Reader.WaitToReadAsync().ConfigureAwait(false))
            {
                while (_lines.Reader.TryRead(out var line))
                {
                    await file.WriteLineAsync(line).ConfigureAwait(false);
                }

                await file.FlushAsync().ConfigureAwait(false);
            }
        }
    }

    private sealed class Category(FileLog log, string name, LogLevel least) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= least;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                var time = log._time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
                log._lines.Writer.TryWrite($"{time} {logLevel,-11} {name}: {formatter(state, exception)}{(exception is null ? "" : $"\n{exception}")}");
            }
        }
    }
}
