using System.Globalization;
using Hearth.Engine.Session;

namespace Hearth.Engine.Tests.Delta;

/// <summary>Logs as other writers, copies and accidents leave them: the right rows or a named error, never other rows.</summary>
public sealed class OddLogTests : IDisposable
{
    private readonly string _dir = Directory.CreateTempSubdirectory("hearth-odd-log-").FullName;
    private readonly EngineSession _writer = Sessions.Open();

    private string Log => Path.Combine(_dir, "t", "_delta_log");

    private string Name => $"delta.`{_dir}/t`";

    public void Dispose()
    {
        _writer.Dispose();
        Directory.Delete(_dir, recursive: true);
    }

    [Fact]
    public void A_checkpoint_without_one_of_its_parts_does_not_count()
    {
        Make(commits: 4, interval: 2);
        Split(version: 4, parts: 3);
        Rows("SELECT count(*), sum(a) FROM {0}").ShouldBe("4,6");

        File.Delete(Part(4, 2, 3));
        // The older checkpoint and the commits after it still tell everything.
        Rows("SELECT count(*), sum(a) FROM {0}").ShouldBe("4,6");

        for (int version = 0; version <= 3; version++)
        {
            File.Delete(Commit(version));
        }

        File.Delete(Path.Combine(Log, "00000000000000000002.checkpoint.parquet"));
        // Only the parts that are there are left: half of the table is no answer.
        Error("SELECT count(*) FROM {0}").ShouldBe("DELTA_VERSIONS_NOT_CONTIGUOUS");
    }

    [Fact]
    public void A_damaged_checkpoint_is_an_error_and_not_an_empty_table()
    {
        Make(commits: 4, interval: 2);
        File.WriteAllText(Path.Combine(Log, "00000000000000000004.checkpoint.parquet"), "PAR1 but not really PAR1");

        Error("SELECT count(*) FROM {0}").ShouldNotBeEmpty();
    }

    [Fact]
    public void A_missing_commit_in_the_middle_is_an_error()
    {
        Make(commits: 4, interval: 100);
        File.Delete(Commit(2));

        Error("SELECT count(*) FROM {0}").ShouldBe("DELTA_VERSIONS_NOT_CONTIGUOUS");
    }

    [Theory]
    [InlineData("""{"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["timeTravelBackwards"],"writerFeatures":["timeTravelBackwards"]}}""", "DELTA_UNSUPPORTED_FEATURES_FOR_READ", "timeTravelBackwards")]
    [InlineData("""{"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["catalogManaged"],"writerFeatures":["catalogManaged"]}}""", "DELTA_UNSUPPORTED_FEATURES_FOR_READ", "catalogManaged")]
    [InlineData("""{"protocol":{"minReaderVersion":4,"minWriterVersion":8}}""", "DELTA_INVALID_PROTOCOL_VERSION", "4")]
    [InlineData("""{"protocol":{"minReaderVersion":0,"minWriterVersion":0}}""", "DELTA_INVALID_PROTOCOL_VERSION", "0")]
    public void A_table_that_asks_for_what_is_not_known_is_refused_by_name(string protocol, string error, string named)
    {
        Make(commits: 1, interval: 100);
        File.WriteAllText(Commit(2), protocol + "\n");

        EngineException refused = Should.Throw<EngineException>(() => Rows("SELECT * FROM {0}"));
        refused.ErrorClass.ShouldBe(error);
        refused.Message.ShouldContain(named);
    }

    [Fact]
    public void A_feature_of_writers_only_lets_readers_in_and_writers_not()
    {
        Make(commits: 1, interval: 100);
        File.WriteAllText(Commit(2), """{"protocol":{"minReaderVersion":1,"minWriterVersion":7,"writerFeatures":["rowTracking","someNewThing"]}}""" + "\n");

        Rows("SELECT count(*) FROM {0}").ShouldBe("1");
        Should.Throw<EngineException>(() => Session(s => s.Execute($"INSERT INTO {Name} VALUES (7)"))).ErrorClass.ShouldBe("DELTA_UNSUPPORTED_FEATURES_FOR_WRITE");
    }

    [Fact]
    public void What_a_commit_says_beyond_the_protocol_is_passed_over()
    {
        Make(commits: 2, interval: 100);
        string commit = File.ReadAllText(Commit(2));
        File.WriteAllText(Commit(2), "\n" + commit.Replace("\n", "\r\n\r\n", StringComparison.Ordinal).Replace("\"add\":{", "\"add\":{\"fromTheFuture\":[1,{}],", StringComparison.Ordinal) + "{\"anotherAction\":{\"x\":1}}");
        File.WriteAllText(Path.Combine(Log, "00000000000000000000.00000000000000000002.compacted.json"), "not looked at");
        File.WriteAllText(Path.Combine(Log, "._00000000000000000009.json.crc"), "x");

        Rows("SELECT count(*), sum(a) FROM {0}").ShouldBe("2,1");
    }

    [Fact]
    public void A_file_that_is_added_again_counts_once()
    {
        Make(commits: 2, interval: 100);
        string add = File.ReadLines(Commit(2)).First(l => l.Contains("\"add\"", StringComparison.Ordinal));
        File.WriteAllText(Commit(3), add + "\n");
        string path = System.Text.Json.Nodes.JsonNode.Parse(add)!["add"]!["path"]!.ToString();
        File.WriteAllText(Commit(4), $"{add}\n{{\"remove\":{{\"path\":\"{path}\",\"dataChange\":true}}}}\n");

        Rows("SELECT count(*), sum(a) FROM {0}").ShouldBe("2,1");
        File.WriteAllText(Commit(5), $"{{\"remove\":{{\"path\":\"{path}\",\"dataChange\":true}}}}\n");
        Rows("SELECT count(*), sum(a) FROM {0}").ShouldBe("1,0");
    }

    [Fact]
    public void A_time_means_the_commit_that_tells_it_and_not_the_copied_file()
    {
        Make(commits: 3, interval: 100);
        string metadata = File.ReadLines(Commit(0)).First(l => l.Contains("metaData", StringComparison.Ordinal)).Replace("\"configuration\":{", "\"configuration\":{\"delta.enableInCommitTimestamps\":\"true\",", StringComparison.Ordinal);
        long[] times = [1_704_067_200_000, 1_704_153_600_000, 1_704_240_000_000, 1_704_326_400_000];
        for (int version = 0; version <= 3; version++)
        {
            IEnumerable<string> lines = File.ReadLines(Commit(version)).Where(l => !l.Contains("commitInfo", StringComparison.Ordinal) && !l.Contains("metaData", StringComparison.Ordinal)).ToArray();
            string info = string.Create(CultureInfo.InvariantCulture, $"{{\"commitInfo\":{{\"inCommitTimestamp\":{times[version]},\"timestamp\":1,\"operation\":\"WRITE\"}}}}");
            File.WriteAllLines(Commit(version), [info, .. version == 0 ? [metadata.Replace(",}", "}", StringComparison.Ordinal)] : Array.Empty<string>(), .. lines]);
        }

        Rows("SELECT count(*) FROM {0} TIMESTAMP AS OF '2024-01-03 12:00:00'").ShouldBe("2");
        Rows("SELECT count(*) FROM {0} TIMESTAMP AS OF '2024-01-02 00:00:00'").ShouldBe("1");
        Error("SELECT count(*) FROM {0} TIMESTAMP AS OF '2023-12-31 00:00:00'").ShouldBe("DELTA_TIMESTAMP_EARLIER_THAN_COMMIT_RETENTION");
    }

    [Fact]
    public void A_long_log_without_checkpoints_is_read_whole()
    {
        const int Commits = 3000;
        Make(commits: 1, interval: 100_000);
        string add = File.ReadLines(Commit(1)).First(l => l.Contains("\"add\"", StringComparison.Ordinal));
        string path = System.Text.Json.Nodes.JsonNode.Parse(add)!["add"]!["path"]!.ToString();
        for (int version = 2; version < Commits; version++)
        {
            // The file goes and comes back: what counts is the last word.
            File.WriteAllText(Commit(version), version % 2 == 0 ? $"{{\"remove\":{{\"path\":\"{path}\",\"dataChange\":true}}}}\n" : add + "\n");
        }

        Rows("SELECT count(*) FROM {0}").ShouldBe("1");
        Rows("SELECT count(*) FROM {0} VERSION AS OF 1000").ShouldBe("0");
    }

    private void Make(int commits, int interval)
    {
        _writer.Execute(string.Create(CultureInfo.InvariantCulture, $"CREATE TABLE {Name} (a INT) USING delta TBLPROPERTIES ('delta.checkpointInterval' = '{interval}')"));
        for (int i = 0; i < commits; i++)
        {
            _writer.Execute(string.Create(CultureInfo.InvariantCulture, $"INSERT INTO {Name} VALUES ({i})"));
        }
    }

    // A classic checkpoint as several writers would have made it: parts, and no whole.
    private void Split(int version, int parts)
    {
        string whole = Path.Combine(Log, string.Create(CultureInfo.InvariantCulture, $"{version:D20}.checkpoint.parquet"));
        for (int part = 1; part <= parts; part++)
        {
            string sql = string.Create(CultureInfo.InvariantCulture, $"COPY (SELECT * EXCLUDE n FROM (SELECT *, row_number() OVER () AS n FROM '{whole}') WHERE n % {parts} = {part - 1}) TO '{Part(version, part, parts)}' (FORMAT parquet)");
            _writer.Delta.Duck.Run(c => c.Execute(sql));
        }

        File.Delete(whole);
        File.WriteAllText(Path.Combine(Log, "_last_checkpoint"), string.Create(CultureInfo.InvariantCulture, $"{{\"version\":{version},\"size\":9,\"parts\":{parts}}}"));
    }

    private string Part(int version, int part, int parts) => Path.Combine(Log, string.Create(CultureInfo.InvariantCulture, $"{version:D20}.checkpoint.{part:D10}.{parts:D10}.parquet"));

    private string Commit(int version) => Path.Combine(Log, string.Create(CultureInfo.InvariantCulture, $"{version:D20}.json"));

    private static void Session(Action<EngineSession> work)
    {
        using EngineSession session = Sessions.Open();
        work(session);
    }

    // In a session that has not seen the table before.
    private string Rows(string sql)
    {
        using EngineSession session = Sessions.Open();
        using QueryResult result = session.Run(session.Execute(sql.Replace("{0}", Name, StringComparison.Ordinal)).Relation);
        return string.Join('\n', result.Rows().Select(r => string.Join(',', r.Select(v => v is null ? "NULL" : string.Create(CultureInfo.InvariantCulture, $"{v}")))));
    }

    private string Error(string sql) => Should.Throw<EngineException>(() => Rows(sql)).ErrorClass;
}
