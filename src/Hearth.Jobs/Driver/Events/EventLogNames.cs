using System.Globalization;
using Hearth.Jobs.Spark;

namespace Hearth.Jobs.Driver.Events;

/// <summary>
/// Where the files of an application's event log are below its directory, in one of Spark's two layouts: the single file <c>APP</c>, or the folder <c>eventlog_v2_APP</c> with
/// <c>events_N_APP</c> and an empty <c>appstatus_APP</c>. While the application runs, the single file or the status file ends in <c>.inprogress</c>: a history server takes the
/// application for complete when that suffix is gone. Source: apache/spark, EventLogFileWriters.scala and EventLogFileReaders.scala.
/// </summary>
/// <param name="App">The application's id, as it stands in names.</param>
/// <param name="PartBytes">Size at which a further part begins; null for the single file.</param>
internal sealed record EventLogNames(string App, long? PartBytes)
{
    private const string InProgress = ".inprogress";
    private const long Smallest = 10L << 20;

    /// <summary>Whether there is a folder with parts.</summary>
    public bool Rolls => PartBytes is not null;

    /// <summary>The writer of Spark that uses this layout.</summary>
    public string Writer => Rolls ? "RollingEventLogFilesWriter" : "SingleEventLogFileWriter";

    /// <summary>The layout that the settings ask for: parts from Spark 4.0 on, unless they say otherwise.</summary>
    /// <exception cref="SparkConfException">A part's size is none, or below 10 MiB.</exception>
    public static EventLogNames Of(SparkApplication app)
    {
        var rolls = app.Conf.Flag("spark.eventLog.rolling.enabled", int.TryParse(app.Version.Split('.')[0], CultureInfo.InvariantCulture, out var major) && major >= 4);
        return new EventLogNames(Clean(app.Id), rolls ? Bytes(app.Conf.Get("spark.eventLog.rolling.maxFileSize", "128m")) : null);
    }

    /// <summary>A file with events. Parts count from 1; the single file is part 1.</summary>
    public string Part(int number, bool isComplete) => Rolls
        ? string.Create(CultureInfo.InvariantCulture, $"eventlog_v2_{App}/events_{number}_{App}")
        : isComplete ? App : App + InProgress;

    /// <summary>The file that says whether the application has ended; null when the name of the single file says so.</summary>
    public string? Status(bool isComplete) => Rolls ? $"eventlog_v2_{App}/appstatus_{App}{(isComplete ? "" : InProgress)}" : null;

    private static long Bytes(string text)
    {
        const string key = "spark.eventLog.rolling.maxFileSize";
        var bytes = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bare) ? bare : SparkUnits.Mebibytes(key, text) << 20;
        return bytes >= Smallest ? bytes : throw new SparkConfException($"{key} should be configured to be at least 10 MiB, but is {text}");
    }

    /// <summary>Ids as directory names (Utils.sanitizeDirName).</summary>
    private static string Clean(string id) => string.Concat(id.ToLowerInvariant().Select(c => " :/".Contains(c, StringComparison.Ordinal) ? '-' : ".${}'\"".Contains(c, StringComparison.Ordinal) ? '_' : c));
}
