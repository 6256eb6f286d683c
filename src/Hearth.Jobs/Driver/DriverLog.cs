using System.Globalization;

namespace Hearth.Jobs.Driver;

/// <summary>Lines in the form of Spark's log, on a container's stderr: <c>24/01/31 12:00:00 INFO Name: text</c>.</summary>
public sealed class DriverLog(TextWriter writer, TimeProvider time)
{
    private readonly Lock _lock = new();

    /// <summary>Something that happened.</summary>
    public void Info(string name, string text) => Write("INFO", name, text);

    /// <summary>Something to look at.</summary>
    public void Warn(string name, string text) => Write("WARN", name, text);

    /// <summary>Something that went wrong.</summary>
    public void Error(string name, string text) => Write("ERROR", name, text);

    private void Write(string level, string name, string text)
    {
        var now = time.GetLocalNow().ToString("yy/MM/dd HH:mm:ss", CultureInfo.InvariantCulture);
        lock (_lock)
        {
            writer.Write($"{now} {level} {name}: {text}\n");
            writer.Flush();
        }
    }
}
