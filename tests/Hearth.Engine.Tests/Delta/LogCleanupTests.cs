using System.Globalization;
using Hearth.Engine.Session;

namespace Hearth.Engine.Tests.Delta;

/// <summary>What a checkpoint removes from a log, by <c>delta.logRetentionDuration</c> (30 days) and <c>delta.enableExpiredLogCleanup</c>.</summary>
public sealed class LogCleanupTests : IDisposable
{
    private readonly string _dir = Directory.CreateTempSubdirectory("hearth-log-cleanup-").FullName;
    private readonly EngineSession _session = Sessions.Open();

    private string Log => Path.Combine(_dir, "t", "_delta_log");

    private string Name => $"delta.`{_dir}/t`";

    public void Dispose()
    {
        _session.Dispose();
        Directory.Delete(_dir, recursive: true);
    }

    [Fact]
    public void What_is_before_the_newest_old_checkpoint_goes_and_every_version_from_it_on_stays()
    {
        Make(versions: 5);
        Age(days: 40, 0, 1, 2, 3, 4);
        File.WriteAllText(Path.Combine(Log, "00000000000000000001.crc"), "{}");
        File.WriteAllText(Path.Combine(Log, "00000000000000000000.00000000000000000003.compacted.json"), "");
        File.WriteAllText(Path.Combine(Log, "00000000000000000005.00000000000000000006.compacted.json"), "");

        Insert(6);

        Files().ShouldBe(["00000000000000000004.checkpoint.parquet", "00000000000000000004.json", "00000000000000000005.00000000000000000006.compacted.json", "00000000000000000005.json", "00000000000000000006.checkpoint.parquet", "00000000000000000006.json", "_last_checkpoint"]);
        Count("").ShouldBe("6");
        Count(" VERSION AS OF 4").ShouldBe("4");
        Count(" VERSION AS OF 5").ShouldBe("5");
        Should.Throw<EngineException>(() => Count(" VERSION AS OF 3")).ErrorClass.ShouldBe("DELTA_VERSION_NOT_FOUND");
        // A session that never saw the earlier versions reads the same.
        using EngineSession other = Sessions.Open();
        Rows(other, $"SELECT count(*), sum(a) FROM {Name}").ShouldBe("6,21");
        Rows(other, $"DESCRIBE HISTORY {Name}", columns: 1).ShouldBe("6\n5\n4");
    }

    [Fact]
    public void A_commit_that_is_young_keeps_all_that_is_needed_to_read_it()
    {
        Make(versions: 5);
        Age(days: 40, 0, 1, 2, 3);

        Insert(6);

        // Version 3 is the newest old one; the newest checkpoint before it is that of version 2.
        Files()[0].ShouldBe("00000000000000000002.checkpoint.parquet");
        Count(" VERSION AS OF 3").ShouldBe("3");
    }

    [Theory]
    [InlineData("'delta.enableExpiredLogCleanup' = 'false'")]
    [InlineData("'delta.logRetentionDuration' = 'interval 60 days'")]
    [InlineData("'delta.checkpointInterval' = '6'")]
    public void Nothing_goes_when_the_table_forbids_it_the_commits_are_young_or_no_checkpoint_is_old(string property)
    {
        Make(versions: 5, property);
        Age(days: 40, 0, 1, 2, 3, 4);

        Insert(6);

        Files().Count(f => f.EndsWith(".json", StringComparison.Ordinal)).ShouldBe(7);
    }

    [Fact]
    public void Sidecars_that_no_checkpoint_names_go_after_a_day()
    {
        Make(versions: 5);
        Age(days: 40, 0, 1, 2, 3, 4);
        string sidecars = Directory.CreateDirectory(Path.Combine(Log, "_sidecars")).FullName;
        File.WriteAllText(Path.Combine(sidecars, "old.parquet"), "");
        File.SetLastWriteTimeUtc(Path.Combine(sidecars, "old.parquet"), DateTime.UtcNow.AddDays(-2));
        File.WriteAllText(Path.Combine(sidecars, "young.parquet"), "");

        Insert(6);

        Directory.EnumerateFiles(sidecars).Select(Path.GetFileName).ShouldBe(["young.parquet"]);
    }

    private void Make(int versions, string property = "'delta.checkpointInterval' = '2'")
    {
        string interval = property.Contains("checkpointInterval", StringComparison.Ordinal) ? "" : "'delta.checkpointInterval' = '2', ";
        _session.Execute($"CREATE TABLE {Name} (a INT) USING delta TBLPROPERTIES ({interval}{property})");
        for (int i = 1; i <= versions; i++)
        {
            Insert(i);
        }
    }

    private void Insert(int value) => _session.Execute(string.Create(CultureInfo.InvariantCulture, $"INSERT INTO {Name} VALUES ({value})"));

    private void Age(int days, params int[] versions)
    {
        foreach (int version in versions)
        {
            File.SetLastWriteTimeUtc(Path.Combine(Log, string.Create(CultureInfo.InvariantCulture, $"{version:D20}.json")), DateTime.UtcNow.AddDays(-days).AddMinutes(version));
        }
    }

    private string[] Files() => [.. Directory.EnumerateFiles(Log).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    private string Count(string travel) => Rows(_session, $"SELECT count(*) FROM {Name}{travel}");

    private static string Rows(EngineSession session, string sql, int columns = int.MaxValue)
    {
        using QueryResult result = session.Run(session.Execute(sql).Relation);
        return string.Join('\n', result.Rows().Select(r => string.Join(',', r.Take(columns).Select(v => string.Create(CultureInfo.InvariantCulture, $"{v}")))));
    }
}
