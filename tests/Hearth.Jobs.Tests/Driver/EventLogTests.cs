using System.Text.Json.Nodes;
using Hearth.Jobs.Driver;
using Hearth.Jobs.Driver.Events;
using Hearth.Jobs.Spark;

namespace Hearth.Jobs.Tests.Driver;

/// <summary>Event logs as a history server finds them.</summary>
public sealed class EventLogTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hearth-events").FullName;
    private readonly StringWriter _text = new();

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("3.5.5-amzn-0", null, "spark-1.inprogress", "spark-1")]
    [InlineData("4.1.1-amzn-0", null, "eventlog_v2_spark-1", "eventlog_v2_spark-1")]
    [InlineData("3.5.5-amzn-0", "true", "eventlog_v2_spark-1", "eventlog_v2_spark-1")]
    [InlineData("4.1.1-amzn-0", "false", "spark-1.inprogress", "spark-1")]
    public void A_log_is_complete_when_its_application_has_ended(string version, string? rolls, string running, string complete)
    {
        var app = App(version, rolls is null ? [] : new() { ["spark.eventLog.rolling.enabled"] = rolls });
        using (var log = Log(app))
        {
            log.OnQuery(new EngineQuery("q", "collect", 1, false, false, 0, 0));
            EventLogReader.Read(_directory)[running].Complete.ShouldBeFalse();
            log.OnQuery(new EngineQuery("q", "collect", 1, true, true, 7, 0));
            log.End(1);
        }

        var (isComplete, events) = EventLogReader.Read(_directory)[complete];
        isComplete.ShouldBeTrue();
        EventLogReader.Read(_directory).Count.ShouldBe(1);
        EventLogReader.ShouldBeReadable(events);
        events[0]["Event"]!.ToString().ShouldBe("SparkListenerLogStart");
        events[^1]["Event"]!.ToString().ShouldBe("SparkListenerApplicationEnd");
        events.Single(e => e["Event"]!.ToString() == "SparkListenerTaskEnd")["Task End Reason"]!["Reason"]!.ToString().ShouldBe("ExceptionFailure");
        var properties = events.Single(e => e["Event"]!.ToString() == "SparkListenerEnvironmentUpdate")["Spark Properties"]!;
        properties["spark.app.id"]!.ToString().ShouldBe("spark-1");
        properties["spark.app.name"]!.ToString().ShouldBe("taxi");
    }

    [Fact]
    public void A_log_that_grows_large_goes_on_in_a_further_part()
    {
        var app = App("4.1.1", new() { ["spark.eventLog.rolling.maxFileSize"] = "10m" });
        using (var file = EventLogFile.Open(app, Paths(), _directory, Log(), TimeProvider.System)!)
        {
            var large = new string('x', 4 << 20);
            file.Write(Enumerable.Range(0, 5).Select(i => new JsonObject { ["Event"] = "e", ["n"] = i, ["text"] = large }));
        }

        var folder = Path.Combine(_directory, "eventlog_v2_spark-1");
        Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal).ShouldBe(["appstatus_spark-1", "events_1_spark-1", "events_2_spark-1", "events_3_spark-1"]);
        EventLogReader.Read(_directory)["eventlog_v2_spark-1"].Events.Select(e => e["n"]!.GetValue<int>()).ShouldBe([0, 1, 2, 3, 4]);
        new FileInfo(Path.Combine(folder, "appstatus_spark-1")).Length.ShouldBe(0);
    }

    [Fact]
    public void Parts_below_10_MiB_are_refused_as_Spark_refuses_them() =>
        Should.Throw<SparkConfException>(() => EventLogNames.Of(App("4.0.0", new() { ["spark.eventLog.rolling.maxFileSize"] = "1m" }))).Message.ShouldContain("at least 10 MiB");

    [Theory]
    [InlineData("spark-0000000eb2tg4q47y41", "spark-0000000eb2tg4q47y41")]
    [InlineData("App 1:a/b.{c}", "app-1-a-b__c_")]
    public void Names_of_files_are_cleaned_as_Spark_cleans_them(string id, string name) =>
        EventLogNames.Of(App("3.5.5", []) with { Id = id }).Part(1, isComplete: true).ShouldBe(name);

    private SparkApplication App(string version, Dictionary<string, string> more) => new()
    {
        Conf = SparkConf.Of(more).With("spark.eventLog.enabled", "true").With("spark.eventLog.dir", "file://" + _directory),
        Namespace = "ns",
        Id = "spark-1",
        Name = "taxi",
        Version = version,
        IsPython = true,
    };

    private EventLog Log(SparkApplication app) => new(EventLogFile.Open(app, Paths(), _directory, Log(), TimeProvider.System), app, TimeProvider.System);

    private DriverLog Log() => new(_text, TimeProvider.System);

    private DriverPaths Paths() => new(null, null, _directory);
}
