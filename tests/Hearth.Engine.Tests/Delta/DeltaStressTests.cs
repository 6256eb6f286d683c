using System.Globalization;
using Hearth.Engine.Delta;
using Hearth.Engine.Delta.Log;
using Hearth.Engine.Delta.Read;
using Hearth.Engine.Delta.Write;
using Hearth.Engine.Session;

namespace Hearth.Engine.Tests.Delta;

/// <summary>Many writers at once, and writers that die.</summary>
public sealed class DeltaStressTests : IDisposable
{
    private readonly string _dir = Directory.CreateTempSubdirectory("hearth-delta-").FullName;

    public void Dispose() => Directory.Delete(_dir, recursive: true);

    private string Table => Path.Combine(_dir, "t");

    private static Dictionary<string, string?> NoPartition => new(StringComparer.Ordinal);

    private static AddFile File(string name) => new(name, NoPartition, 1, 0, true, "{\"numRecords\":1}", null);

    [Fact]
    public async Task Of_ten_thousand_contended_commits_none_is_lost()
    {
        const int Sessions = 4, Writers = 25, Commits = 100;
        using EngineSession first = Tests.Sessions.Open();
        first.Execute($"CREATE TABLE delta.`{Table}` (a INT) USING delta TBLPROPERTIES ('delta.checkpointInterval' = '500')");
        EngineSession[] sessions = [.. Enumerable.Range(0, Sessions).Select(_ => Tests.Sessions.Open("UTC", (EngineOptions.ThreadsKey, "1")))];
        try
        {
            // Writers of different sessions share nothing but the directory, as processes do.
            await Task.WhenAll(Enumerable.Range(0, Sessions * Writers).Select(w => Task.Run(() =>
            {
                DeltaTable table = sessions[w % Sessions].Delta.At(Table);
                for (int i = 0; i < Commits; i++)
                {
                    Transaction transaction = new(table, table.ReadForWrite()) { BlindAppend = true };
                    transaction.Commit(Operation.Of("WRITE", []), [File(string.Create(CultureInfo.InvariantCulture, $"f-{w}-{i}"))]);
                }
            })));
        }
        finally
        {
            foreach (EngineSession session in sessions)
            {
                session.Dispose();
            }
        }

        using EngineSession fresh = Tests.Sessions.Open();
        Snapshot state = fresh.Delta.At(Table).Read();
        state.Version.ShouldBe(Sessions * Writers * Commits);
        state.Files.Count.ShouldBe(Sessions * Writers * Commits);
        Directory.EnumerateFiles(Path.Combine(Table, "_delta_log"), ".tmp-*").ShouldBeEmpty();
    }

    [Fact]
    public async Task Increments_of_concurrent_updates_are_all_kept_or_refused()
    {
        using EngineSession session = Sessions.Open();
        session.Execute($"CREATE TABLE delta.`{Table}` (n INT) USING delta");
        session.Execute($"INSERT INTO delta.`{Table}` VALUES (0)");
        int done = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 6; i++)
            {
                try
                {
                    session.Execute($"UPDATE delta.`{Table}` SET n = n + 1");
                    Interlocked.Increment(ref done);
                }
                catch (EngineException error)
                {
                    error.ErrorClass.ShouldStartWith("DELTA_CONCURRENT_");
                }
            }
        })));
        Rows(session, $"SELECT n FROM delta.`{Table}`").ShouldBe([done.ToString(CultureInfo.InvariantCulture)]);
        done.ShouldBeGreaterThan(0);
    }

    private static string[] Rows(EngineSession session, string sql)
    {
        using QueryResult result = session.Run(session.Execute(sql).Relation);
        return [.. result.Rows().Select(r => string.Join(',', r.Select(v => v?.ToString() ?? "NULL")))];
    }

    [Theory]
    [InlineData("INSERT INTO {0} VALUES (9, 'z')", null)]
    [InlineData("UPDATE {0} SET a = 2 WHERE a = 1", "DELTA_CONCURRENT_APPEND")]
    [InlineData("DELETE FROM {0} WHERE p = 'x' AND a > 0", "DELTA_CONCURRENT_APPEND")]
    [InlineData("DELETE FROM {0} WHERE p = 'y'", null)]
    [InlineData("INSERT OVERWRITE {0} VALUES (9, 'z')", "DELTA_CONCURRENT_APPEND")]
    [InlineData("OPTIMIZE {0}", null)]
    [InlineData("ALTER TABLE {0} SET TBLPROPERTIES ('k' = 'v')", null)]
    public void A_commit_conflicts_with_an_append_only_when_it_could_have_read_it(string statement, string? error)
    {
        using EngineSession session = Sessions.Open();
        string name = $"delta.`{Table}`";
        session.Execute($"CREATE TABLE {name} (a INT, p STRING) USING delta PARTITIONED BY (p)");
        session.Execute($"INSERT INTO {name} VALUES (1, 'x'), (1, 'y')");
        session.Execute($"INSERT INTO {name} VALUES (3, 'x')");
        DeltaTable table = session.Delta.At(Table);
        Snapshot stale = table.ReadForWrite();
        session.Execute($"INSERT INTO {name} VALUES (5, 'x')");
        EngineException? failed = Replay(session, table, stale, string.Format(CultureInfo.InvariantCulture, statement, name));
        failed?.ErrorClass.ShouldBe(error);
        (failed is null).ShouldBe(error is null);
    }

    // The statement runs against the state before the other's commit: its log is shown only up to there while it reads.
    private static EngineException? Replay(EngineSession session, DeltaTable table, Snapshot stale, string statement)
    {
        string late = table.Log.Store.CommitPath(stale.Version + 1), hidden = late + ".hidden";
        System.IO.File.Move(late, hidden);
        table.Log.Forget();
        _ = table.Log.Latest();
        table.Log.Store.BeforeCommit = () =>
        {
            table.Log.Store.BeforeCommit = null;
            System.IO.File.Move(hidden, late);
        };
        try
        {
            session.Execute(statement);
            return null;
        }
        catch (EngineException error)
        {
            return error;
        }
    }

    [Theory]
    [InlineData("stage")]
    [InlineData("data")]
    [InlineData("temporary")]
    [InlineData("commit")]
    [InlineData("checkpoint")]
    public void A_writer_that_dies_leaves_a_table_that_can_be_read_and_written(string after)
    {
        using EngineSession session = Sessions.Open();
        string name = $"delta.`{Table}`";
        session.Execute($"CREATE TABLE {name} (a INT) USING delta");
        session.Execute($"INSERT INTO {name} VALUES (1)");
        string log = Path.Combine(Table, "_delta_log");
        switch (after)
        {
            case "stage":
                Directory.CreateDirectory(Path.Combine(Table, ".hearth-stage-dead"));
                System.IO.File.WriteAllText(Path.Combine(Table, ".hearth-stage-dead", "f0.parquet"), "half");
                break;
            case "data":
                System.IO.File.WriteAllText(Path.Combine(Table, "part-00000-dead-c000.snappy.parquet"), "half");
                break;
            case "temporary":
                System.IO.File.WriteAllText(Path.Combine(log, ".tmp-dead"), "{\"add\":{\"path\":\"ne");
                break;
            case "commit":
                // Committed, but the checkpoint and the rest never came.
                session.Execute($"INSERT INTO {name} VALUES (2)");
                System.IO.File.Copy(Path.Combine(log, "00000000000000000002.json"), Path.Combine(log, ".tmp-dead"));
                break;
            default:
                System.IO.File.WriteAllText(Path.Combine(log, ".tmp-dead.parquet"), "half");
                System.IO.File.WriteAllText(Path.Combine(log, "_last_checkpoint"), "{\"version\":9");
                break;
        }

        using EngineSession other = Sessions.Open();
        Rows(other, $"SELECT min(a) FROM {name}").ShouldBe(["1"]);
        other.Execute($"INSERT INTO {name} VALUES (3)");
        Rows(other, $"SELECT max(a) FROM {name}").ShouldBe(["3"]);
    }

    [Fact]
    public void Replay_of_the_commits_equals_replay_of_the_checkpoint()
    {
        using EngineSession session = Sessions.Open();
        string name = $"delta.`{Table}`";
        session.Execute($"CREATE TABLE {name} (a INT, p INT) USING delta PARTITIONED BY (p) TBLPROPERTIES ('delta.checkpointInterval' = '4')");
        for (int i = 0; i < 6; i++)
        {
            session.Execute(string.Create(CultureInfo.InvariantCulture, $"INSERT INTO {name} VALUES ({i}, {i % 2}), ({i}, NULL)"));
            session.Execute(string.Create(CultureInfo.InvariantCulture, $"DELETE FROM {name} WHERE a = {i} AND p = 0"));
        }

        string log = Path.Combine(Table, "_delta_log");
        Directory.EnumerateFiles(log, "*.checkpoint.parquet").Count().ShouldBe(2);
        using EngineSession byCheckpoint = Sessions.Open();
        Snapshot a = byCheckpoint.Delta.At(Table).Read();
        foreach (string file in Directory.EnumerateFiles(log, "*checkpoint*").ToArray())
        {
            System.IO.File.Delete(file);
        }

        using EngineSession byCommits = Sessions.Open();
        Snapshot b = byCommits.Delta.At(Table).Read();
        a.Files.Keys.Order(StringComparer.Ordinal).ShouldBe(b.Files.Keys.Order(StringComparer.Ordinal));
        a.Files.Values.Select(f => f.Stats).Order(StringComparer.Ordinal).ShouldBe(b.Files.Values.Select(f => f.Stats).Order(StringComparer.Ordinal));
        a.Tombstones.Keys.Order(StringComparer.Ordinal).ShouldBe(b.Tombstones.Keys.Order(StringComparer.Ordinal));
        a.Metadata.SchemaText.ShouldBe(b.Metadata.SchemaText);
        a.Protocol.ShouldBe(b.Protocol);
        foreach (AddFile file in b.Files.Values)
        {
            string path = byCommits.Delta.At(Table).Location.FileOf(file.Path);
            new FileInfo(path).Length.ShouldBe(file.Size);
            FileStats.Read(file.Stats)!.NumRecords.ShouldNotBeNull();
            b.Tombstones.ShouldNotContainKey(file.Key);
        }
    }

    [Fact]
    public void A_log_cannot_lead_out_of_the_object_storage()
    {
        string root = Path.Combine(_dir, "s3");
        Directory.CreateDirectory(Path.Combine(root, "bucket"));
        using EngineSession session = Sessions.Open("UTC", (EngineOptions.S3RootKey, root));
        session.Execute("CREATE TABLE delta.`s3://bucket/t` (a INT) USING delta");
        DeltaTable table = session.Delta.At("s3://bucket/t");
        foreach (string path in (string[])["../../../etc/passwd", "file:/etc/passwd", "/etc/passwd", "s3://bucket/../../etc/passwd"])
        {
            Should.Throw<EngineException>(() => table.Location.FileOf(path), path);
        }
    }

    [Fact]
    public void A_log_that_is_a_link_or_damaged_is_not_read()
    {
        string root = Path.Combine(_dir, "s3"), bucket = Path.Combine(root, "bucket");
        Directory.CreateDirectory(bucket);
        using EngineSession session = Sessions.Open("UTC", (EngineOptions.S3RootKey, root));
        session.Execute("CREATE TABLE delta.`s3://bucket/t` (a INT) USING delta");
        Directory.CreateDirectory(Path.Combine(bucket, "planted"));
        Directory.CreateSymbolicLink(Path.Combine(bucket, "planted", "_delta_log"), Path.Combine(bucket, "t", "_delta_log"));
        Should.Throw<EngineException>(() => session.Execute("SELECT * FROM delta.`s3://bucket/planted`")).ErrorClass.ShouldBe("DELTA_TABLE_NOT_FOUND");
        System.IO.File.WriteAllText(Path.Combine(bucket, "t", "_delta_log", "00000000000000000001.json"), "{\"add\":{}}\n");
        Should.Throw<EngineException>(() => session.Execute("SELECT * FROM delta.`s3://bucket/t`")).ErrorClass.ShouldBe("DELTA_LOG_FILE_MALFORMED");
    }

    [Fact]
    public void A_manifest_names_the_live_files_and_follows_commits()
    {
        using EngineSession session = Sessions.Open();
        string name = $"delta.`{Table}`", root = Path.Combine(Table, "_symlink_format_manifest");
        session.Execute($"CREATE TABLE {name} (a INT, p STRING) USING delta PARTITIONED BY (p)");
        session.Execute($"INSERT INTO {name} VALUES (1, 'x y'), (2, NULL)");
        session.Execute($"GENERATE symlink_format_manifest FOR TABLE {name}");
        string manifest = Path.Combine(root, "p=x y", "manifest");
        System.IO.File.ReadAllLines(manifest).All(l => System.IO.File.Exists(l["file:".Length..])).ShouldBeTrue();
        System.IO.File.Exists(Path.Combine(root, "p=__HIVE_DEFAULT_PARTITION__", "manifest")).ShouldBeTrue();
        session.Execute($"ALTER TABLE {name} SET TBLPROPERTIES ('delta.compatibility.symlinkFormatManifest.enabled' = 'true')");
        session.Execute($"DELETE FROM {name} WHERE p = 'x y'");
        System.IO.File.Exists(manifest).ShouldBeFalse();
        session.Execute($"INSERT INTO {name} VALUES (3, 'z')");
        System.IO.File.ReadAllLines(Path.Combine(root, "p=z", "manifest")).Length.ShouldBe(1);
    }

    [Fact]
    public void Vacuum_removes_what_no_kept_version_names()
    {
        using EngineSession session = Sessions.Open();
        string name = $"delta.`{Table}`";
        session.Execute($"CREATE TABLE {name} (a INT) USING delta");
        session.Execute($"INSERT INTO {name} VALUES (1)");
        session.Execute($"INSERT OVERWRITE {name} VALUES (2)");
        System.IO.File.WriteAllText(Path.Combine(Table, "orphan.parquet"), "x");
        System.IO.File.WriteAllText(Path.Combine(Table, "_kept"), "x");
        foreach (string file in Directory.EnumerateFiles(Table))
        {
            System.IO.File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddDays(-30));
        }

        Directory.EnumerateFiles(Table, "*.parquet").Count().ShouldBe(3);
        session.Execute($"VACUUM {name} DRY RUN");
        Directory.EnumerateFiles(Table, "*.parquet").Count().ShouldBe(3);
        session.Execute($"VACUUM {name}");
        // The overwritten file is a tombstone of today: kept. The orphan is not.
        Directory.EnumerateFiles(Table, "*.parquet").Count().ShouldBe(2);
        session.Execute("SET spark.databricks.delta.retentionDurationCheck.enabled = false");
        session.Execute($"VACUUM {name} RETAIN 0 HOURS");
        Directory.EnumerateFiles(Table, "*.parquet").Count().ShouldBe(1);
        System.IO.File.Exists(Path.Combine(Table, "_kept")).ShouldBeTrue();
        Rows(session, $"SELECT a FROM {name}").ShouldBe(["2"]);
        Should.Throw<EngineException>(() => Rows(session, $"SELECT a FROM {name} VERSION AS OF 1")).ErrorClass.ShouldBe("FAILED_READ_FILE");
    }

    [Fact]
    public void Conditions_leave_files_out_by_partition_and_by_statistics()
    {
        using EngineSession session = Sessions.Open();
        string name = $"delta.`{Table}`";
        session.Execute($"CREATE TABLE {name} (a BIGINT, s STRING, d DATE, ts TIMESTAMP, p INT) USING delta PARTITIONED BY (p)");
        for (int i = 0; i < 6; i++)
        {
            session.Execute(string.Create(CultureInfo.InvariantCulture, $"INSERT INTO {name} SELECT id + {i * 10}, concat('k{i}', id), date_add(DATE'2024-01-01', {i}), CAST({i * 1000} AS TIMESTAMP), {i % 2} FROM range(10)"));
        }

        Label(session, $"SELECT * FROM {name} WHERE p = 1").ShouldEndWith("files 3 of 6");
        Label(session, $"SELECT * FROM {name} WHERE a = 25").ShouldEndWith("files 1 of 6");
        Label(session, $"SELECT * FROM {name} WHERE a = 25 AND p = 1").ShouldEndWith("files 0 of 6");
        Label(session, $"SELECT * FROM {name} WHERE a BETWEEN 15 AND 24").ShouldEndWith("files 2 of 6");
        Label(session, $"SELECT * FROM {name} WHERE a IN (1, 51)").ShouldEndWith("files 2 of 6");
        Label(session, $"SELECT * FROM {name} WHERE s > 'k4' OR d < '2024-01-02'").ShouldEndWith("files 3 of 6");
        Label(session, $"SELECT * FROM {name} WHERE ts >= TIMESTAMP'1970-01-01 01:00:00'").ShouldEndWith("files 2 of 6");
        Label(session, $"SELECT * FROM {name} WHERE a IS NULL").ShouldEndWith("files 0 of 6");
        Label(session, $"SELECT x.a FROM {name} x JOIN {name} y ON x.a = y.a WHERE x.a = 3").ShouldEndWith("files 1 of 6");
        Rows(session, $"SELECT count(*) FROM {name} WHERE a BETWEEN 15 AND 24").ShouldBe(["10"]);
    }

    private static string Label(EngineSession session, string sql)
    {
        string text = PlanText.Explain(session.Analyze(session.Execute(sql).Relation), session, "simple");
        return text.Split('\n').First(l => l.Contains("FileScan delta", StringComparison.Ordinal)).TrimEnd();
    }
}
