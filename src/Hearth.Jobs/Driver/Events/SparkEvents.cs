using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Hearth.Jobs.Spark;

namespace Hearth.Jobs.Driver.Events;

/// <summary>Events of Spark's event log. Field names are those of Spark's JsonProtocol, which promises that every version reads those of every other. Pure.</summary>
internal static partial class SparkEvents
{
    private const string Sql = "org.apache.spark.sql.execution.ui.";

    /// <summary>The first line of a log.</summary>
    public static JsonObject LogStart(string version) => Of("SparkListenerLogStart", ("Spark Version", version));

    /// <summary>What executors and tasks ask for.</summary>
    public static JsonObject ResourceProfile(int cores, long heapMib, int taskCpus) => Of(
        "SparkListenerResourceProfileAdded",
        ("Resource Profile Id", 0),
        ("Executor Resource Requests", new JsonObject { ["cores"] = Resource("cores", cores), ["memory"] = Resource("memory", heapMib) }),
        ("Task Resource Requests", new JsonObject { ["cpus"] = new JsonObject { ["Resource Name"] = "cpus", ["Amount"] = (double)taskCpus } }));

    /// <summary>Memory of the driver or of an executor for data.</summary>
    public static JsonObject BlockManager(string executor, string host, int port, long bytes, long time) => Of(
        "SparkListenerBlockManagerAdded",
        ("Block Manager ID", new JsonObject { ["Executor ID"] = executor, ["Host"] = host, ["Port"] = port }),
        ("Maximum Memory", bytes),
        ("Timestamp", time),
        ("Maximum Onheap Memory", bytes),
        ("Maximum Offheap Memory", 0));

    /// <summary>Settings with what the context adds (<c>spark.app.id</c>, <c>spark.app.name</c>, <c>spark.app.startTime</c> in ms since 1970), secrets among them made unreadable as <c>spark.redaction.regex</c> says.</summary>
    /// <exception cref="SparkConfException">The expression is none.</exception>
    public static JsonObject Environment(SparkApplication app, long time)
    {
        var conf = app.Conf.With("spark.app.id", app.Id).With("spark.app.name", app.Name).With("spark.app.startTime", Text(time));
        var secret = Redaction(conf.Get("spark.redaction.regex", "(?i)secret|password|token|access[.]?key"));
        var properties = new JsonObject();
        foreach (var (key, value) in conf.Values)
        {
            properties[key] = secret.IsMatch(key) || secret.IsMatch(value) ? "*********(redacted)" : value;
        }

        return Of(
            "SparkListenerEnvironmentUpdate",
            ("JVM Information", new JsonObject { ["Java Home"] = "", ["Java Version"] = "none (Hearth's embedded engine)", ["Scala Version"] = "none (Hearth's embedded engine)" }),
            ("Spark Properties", properties),
            ("Hadoop Properties", new JsonObject()),
            ("System Properties", new JsonObject()),
            ("Metrics Properties", new JsonObject()),
            ("Classpath Entries", new JsonObject()));
    }

    public static JsonObject ApplicationStart(SparkApplication app, long time) => Of(
        "SparkListenerApplicationStart", ("App Name", app.Name), ("App ID", app.Id), ("Timestamp", time), ("User", app.User));

    public static JsonObject ApplicationEnd(long time, int exitCode) => Of("SparkListenerApplicationEnd", ("Timestamp", time), ("ExitCode", exitCode));

    public static JsonObject ExecutorAdded(string id, string host, int cores, long time) => Of(
        "SparkListenerExecutorAdded",
        ("Timestamp", time),
        ("Executor ID", id),
        ("Executor Info", new JsonObject
        {
            ["Host"] = host, ["Total Cores"] = cores, ["Log Urls"] = new JsonObject(), ["Attributes"] = new JsonObject(), ["Resources"] = new JsonObject(), ["Resource Profile Id"] = 0, ["Registration Time"] = time,
        }));

    public static JsonObject ExecutorRemoved(string id, string reason, long time) => Of(
        "SparkListenerExecutorRemoved", ("Timestamp", time), ("Executor ID", id), ("Removed Reason", reason));

    /// <summary>The beginning of a query or write.</summary>
    public static JsonObject SqlStart(int execution, string description, long time) => Of(
        Sql + "SparkListenerSQLExecutionStart",
        ("executionId", execution),
        ("rootExecutionId", execution),
        ("description", description),
        ("details", ""),
        ("physicalPlanDescription", "== Physical Plan ==\nExecuted by Hearth's embedded engine (DuckDB) in the driver\n"),
        ("sparkPlanInfo", new JsonObject { ["nodeName"] = "HearthEngine", ["simpleString"] = $"HearthEngine {description}", ["children"] = new JsonArray(), ["metadata"] = new JsonObject(), ["metrics"] = new JsonArray() }),
        ("time", time),
        ("modifiedConfigs", new JsonObject()),
        ("jobTags", new JsonArray()));

    /// <summary>The end of a query or write; an empty error is success.</summary>
    public static JsonObject SqlEnd(int execution, string error, long time) => Of(
        Sql + "SparkListenerSQLExecutionEnd", ("executionId", execution), ("time", time), ("errorMessage", error));

    /// <summary>The beginning of a job: one stage of one task, which is how the engine does it.</summary>
    public static IEnumerable<JsonObject> JobStart(int job, int? execution, string name, string host, long time)
    {
        var properties = execution is { } id ? new JsonObject { ["spark.sql.execution.id"] = Text(id) } : [];
        yield return Of(
            "SparkListenerJobStart",
            ("Job ID", job),
            ("Submission Time", time),
            ("Stage Infos", new JsonArray(Stage(job, name, null, null, null))),
            ("Stage IDs", new JsonArray(job)),
            ("Properties", properties));
        yield return Of("SparkListenerStageSubmitted", ("Stage Info", Stage(job, name, time, null, null)), ("Properties", properties.DeepClone()));
        yield return Of("SparkListenerTaskStart", ("Stage ID", job), ("Stage Attempt ID", 0), ("Task Info", Task(job, host, time, 0, false)));
    }

    /// <summary>The end of a job.</summary>
    public static IEnumerable<JsonObject> JobEnd(int job, string name, string host, long started, long time, string? error, long read, long written)
    {
        yield return Of(
            "SparkListenerTaskEnd",
            ("Stage ID", job),
            ("Stage Attempt ID", 0),
            ("Task Type", "ResultTask"),
            ("Task End Reason", error is null ? new JsonObject { ["Reason"] = "Success" } : Failure(error)),
            ("Task Info", Task(job, host, started, time, error is not null)),
            ("Task Executor Metrics", new JsonObject()),
            ("Task Metrics", Metrics(time - started, read, written)));
        yield return Of("SparkListenerStageCompleted", ("Stage Info", Stage(job, name, started, time, error)));
        yield return Of(
            "SparkListenerJobEnd",
            ("Job ID", job),
            ("Completion Time", time),
            ("Job Result", error is null
                ? new JsonObject { ["Result"] = "JobSucceeded" }
                : new JsonObject { ["Result"] = "JobFailed", ["Exception"] = new JsonObject { ["Message"] = error, ["Stack Trace"] = new JsonArray() } }));
    }

    private static JsonObject Failure(string error) => new()
    {
        ["Reason"] = "ExceptionFailure",
        ["Class Name"] = "org.apache.spark.SparkException",
        ["Description"] = error,
        ["Stack Trace"] = new JsonArray(),
        ["Full Stack Trace"] = error,
        ["Accumulator Updates"] = new JsonArray(),
    };

    private static JsonObject Stage(int stage, string name, long? submitted, long? completed, string? failure)
    {
        var info = new JsonObject
        {
            ["Stage ID"] = stage,
            ["Stage Attempt ID"] = 0,
            ["Stage Name"] = name,
            ["Number of Tasks"] = 1,
            ["RDD Info"] = new JsonArray(),
            ["Parent IDs"] = new JsonArray(),
            ["Details"] = "",
            ["Accumulables"] = new JsonArray(),
            ["Resource Profile Id"] = 0,
            ["Shuffle Push Enabled"] = false,
            ["Shuffle Push Mergers Count"] = 0,
        };
        foreach (var (key, value) in (ReadOnlySpan<(string, JsonNode?)>)[("Submission Time", submitted), ("Completion Time", completed), ("Failure Reason", failure)])
        {
            if (value is not null)
            {
                info[key] = value;
            }
        }

        return info;
    }

    private static JsonObject Task(int task, string host, long launched, long finished, bool failed) => new()
    {
        ["Task ID"] = task,
        ["Index"] = 0,
        ["Attempt"] = 0,
        ["Partition ID"] = 0,
        ["Launch Time"] = launched,
        ["Executor ID"] = "driver",
        ["Host"] = host,
        ["Locality"] = "PROCESS_LOCAL",
        ["Speculative"] = false,
        ["Getting Result Time"] = 0,
        ["Finish Time"] = finished,
        ["Failed"] = failed,
        ["Killed"] = false,
        ["Accumulables"] = new JsonArray(),
    };

    private static JsonObject Metrics(long milliseconds, long read, long written) => new()
    {
        ["Executor Deserialize Time"] = 0,
        ["Executor Deserialize CPU Time"] = 0,
        ["Executor Run Time"] = milliseconds,
        ["Executor CPU Time"] = 0,
        ["Peak Execution Memory"] = 0,
        ["Result Size"] = 0,
        ["JVM GC Time"] = 0,
        ["Result Serialization Time"] = 0,
        ["Memory Bytes Spilled"] = 0,
        ["Disk Bytes Spilled"] = 0,
        ["Input Metrics"] = new JsonObject { ["Bytes Read"] = 0, ["Records Read"] = read },
        ["Output Metrics"] = new JsonObject { ["Bytes Written"] = 0, ["Records Written"] = written },
        ["Updated Blocks"] = new JsonArray(),
    };

    private static JsonObject Resource(string name, long amount) => new() { ["Resource Name"] = name, ["Amount"] = amount, ["Discovery Script"] = "", ["Vendor"] = "" };

    private static JsonObject Of(string name, params ReadOnlySpan<(string Key, JsonNode? Value)> fields)
    {
        var result = new JsonObject { ["Event"] = name };
        foreach (var (key, value) in fields)
        {
            result[key] = value;
        }

        return result;
    }

    private static Regex Redaction(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        }
        catch (ArgumentException e)
        {
            throw new SparkConfException($"spark.redaction.regex should be a regex, but was {pattern}: {e.Message}");
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
