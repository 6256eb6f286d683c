using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Hearth.Jobs.Tests.Driver;

/// <summary>
/// Reads an event log as a history server does: which files make one, whether it is complete, and which members it cannot do without.
/// Source: apache/spark, EventLogFileReaders.scala and the readers of JsonProtocol.scala (members that are read without a default).
/// </summary>
internal static class EventLogReader
{
    private static readonly Dictionary<string, string> Demands = new(StringComparer.Ordinal)
    {
        ["SparkListenerLogStart"] = "Spark Version:s",
        ["SparkListenerResourceProfileAdded"] = "Resource Profile Id:n Executor Resource Requests:o Task Resource Requests:o",
        ["SparkListenerBlockManagerAdded"] = "Block Manager ID/Executor ID:s Block Manager ID/Host:s Block Manager ID/Port:n Maximum Memory:n",
        ["SparkListenerEnvironmentUpdate"] = "JVM Information:o Spark Properties:o System Properties:o Classpath Entries:o",
        ["SparkListenerApplicationStart"] = "App Name:s Timestamp:n User:s",
        ["SparkListenerApplicationEnd"] = "Timestamp:n",
        ["SparkListenerExecutorAdded"] = "Timestamp:n Executor ID:s Executor Info/Host:s Executor Info/Total Cores:n Executor Info/Log Urls:o",
        ["SparkListenerExecutorRemoved"] = "Timestamp:n Executor ID:s Removed Reason:s",
        ["SparkListenerJobStart"] = "Job ID:n Stage IDs:a Stage Infos/0/Stage ID:n Stage Infos/0/Number of Tasks:n Stage Infos/0/RDD Info:a Properties:o",
        ["SparkListenerStageSubmitted"] = "Stage Info/Stage ID:n Stage Info/Stage Name:s Stage Info/Number of Tasks:n Stage Info/RDD Info:a Properties:o",
        ["SparkListenerStageCompleted"] = "Stage Info/Stage ID:n Stage Info/Completion Time:n Stage Info/RDD Info:a",
        ["SparkListenerTaskStart"] = "Stage ID:n Task Info/Task ID:n Task Info/Index:n Task Info/Launch Time:n Task Info/Executor ID:s Task Info/Host:s Task Info/Locality:s Task Info/Getting Result Time:n Task Info/Finish Time:n Task Info/Failed:b",
        ["SparkListenerTaskEnd"] = "Stage ID:n Task Type:s Task End Reason/Reason:s Task Info/Finish Time:n Task Info/Failed:b Task Metrics/Executor Deserialize Time:n Task Metrics/Executor Run Time:n Task Metrics/Result Size:n Task Metrics/JVM GC Time:n Task Metrics/Result Serialization Time:n Task Metrics/Memory Bytes Spilled:n Task Metrics/Disk Bytes Spilled:n",
        ["SparkListenerJobEnd"] = "Job ID:n Job Result/Result:s",
        ["org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionStart"] = "executionId:n description:s details:s physicalPlanDescription:s sparkPlanInfo/nodeName:s sparkPlanInfo/simpleString:s sparkPlanInfo/children:a sparkPlanInfo/metadata:o sparkPlanInfo/metrics:a time:n",
        ["org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionEnd"] = "executionId:n time:n",
    };

    /// <summary>The logs of a directory by name: whether each is complete, and its events in order.</summary>
    public static IReadOnlyDictionary<string, (bool Complete, IReadOnlyList<JsonObject> Events)> Read(string directory)
    {
        var logs = new Dictionary<string, (bool, IReadOnlyList<JsonObject>)>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(directory))
        {
            logs[Path.GetFileName(file)] = (!file.EndsWith(".inprogress", StringComparison.Ordinal), Events(file));
        }

        foreach (var folder in Directory.EnumerateDirectories(directory, "eventlog_v2_*"))
        {
            var parts = Directory.GetFiles(folder, "events_*").OrderBy(f => int.Parse(Path.GetFileName(f).Split('_')[1], System.Globalization.CultureInfo.InvariantCulture)).ToArray();
            parts.ShouldNotBeEmpty("Log directory must contain at least one event log file!");
            var status = Directory.GetFiles(folder, "appstatus_*").ShouldHaveSingleItem("Log directory must contain an appstatus file!");
            logs[Path.GetFileName(folder)] = (!status.EndsWith(".inprogress", StringComparison.Ordinal), [.. parts.SelectMany(Events)]);
        }

        return logs;
    }

    /// <summary>Every event has what JsonProtocol reads from it.</summary>
    public static void ShouldBeReadable(IEnumerable<JsonObject> events)
    {
        foreach (var e in events)
        {
            var name = e["Event"]!.GetValue<string>();
            foreach (var demand in List(Demands.GetValueOrDefault(name).ShouldNotBeNull($"{name} is no event that is known here")))
            {
                var (path, kind) = (demand[..^2], demand[^1]);
                Kind(path.Split('/').Aggregate((JsonNode?)e, Step)).ShouldBe(kind, $"{name}: {path}: {e.ToJsonString()}");
            }
        }
    }

    private static JsonNode? Step(JsonNode? node, string step) => node is JsonArray list ? list[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)] : node?[step];

    private static string[] List(string demands) => Regex.Split(demands, "(?<=:[snoab]) ", RegexOptions.None, TimeSpan.FromSeconds(1));

    private static char Kind(JsonNode? node) => node?.GetValueKind() switch
    {
        JsonValueKind.String => 's',
        JsonValueKind.Number => 'n',
        JsonValueKind.Object => 'o',
        JsonValueKind.Array => 'a',
        JsonValueKind.True or JsonValueKind.False => 'b',
        _ => '-',
    };

    private static IReadOnlyList<JsonObject> Events(string file) => [.. File.ReadLines(file).Select(l => JsonNode.Parse(l)!.AsObject())];
}
