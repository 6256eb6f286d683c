using System.Text.Json.Nodes;
using Hearth.Cli.Hosting;
using Hearth.Cli.Hosting.Embedded.Tables;
using Hearth.Engine.Session;

namespace Hearth.Cli.Tests.Tables;

/// <summary><c>hearth tables</c> over the buckets of a data directory.</summary>
public sealed class TablesCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public TablesCommandTests()
    {
        Assert.SkipUnless(QueryTests.HasLibrary(), "needs the DuckDB library (npm install)");
        Make("a-bucket", "CREATE TABLE t (id INT COMMENT 'key', p STRING) USING delta PARTITIONED BY (p) COMMENT 'things' TBLPROPERTIES ('k' = 'v')", "INSERT INTO t VALUES (1, 'x'), (2, 'y')");
        Make("a-bucket", "CREATE DATABASE d", "CREATE TABLE d.q USING parquet AS SELECT 1 AS n UNION ALL SELECT 2", "CREATE VIEW d.v AS SELECT n FROM d.q");
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Tables_are_listed_with_format_rows_and_place()
    {
        var lines = (await Tables()).Out.Split('\n');

        lines[0].ShouldMatch("^DATABASE +NAME +TYPE +FORMAT +ROWS +SIZE +LOCATION$");
        lines[1].ShouldMatch(@"^d +q +managed +parquet +2 +\d+ B +s3://a-bucket/warehouse/d\.db/q$");
        lines[2].ShouldMatch("^d +v +view +view +- +-$");
        lines[3].ShouldMatch(@"^default +t +managed +delta +2 +[\d.]+ K?i?B +s3://a-bucket/warehouse/t$");
    }

    [Fact]
    public async Task A_table_is_described_for_people_and_programs()
    {
        var text = (await Tables("describe", "t")).Out;
        text.ShouldContain("id       int      key");
        text.ShouldContain("Rows          2\n");
        text.ShouldContain("Partitions    p\n");
        text.ShouldContain("k = v");

        var json = JsonNode.Parse((await Tables("describe", "D.Q", "-o", "json")).Out)!;
        json["rows"]!.GetValue<long>().ShouldBe(2);
        json["columns"]!.AsArray().Single()!["type"]!.ToString().ShouldBe("int");
    }

    [Fact]
    public async Task Several_teams_are_told_apart_by_their_buckets()
    {
        Make("b-bucket", "CREATE TABLE t USING parquet AS SELECT 1 AS x");

        (await Tables()).Out.ShouldContain("BUCKET");
        (await Tables("--bucket", "b-bucket", "-o", "yaml")).Out.ShouldContain("bucket: b-bucket");
        var unclear = await Tables("describe", "t");
        unclear.ExitCode.ShouldBe(2);
        unclear.Error.ShouldContain("say which with --bucket a-bucket or b-bucket");
        (await Tables("--bucket", "c")).Error.ShouldContain("with tables: a-bucket, b-bucket");
        (await Tables("describe", "none")).ExitCode.ShouldBe(2);
    }

    [Fact]
    public async Task A_damaged_table_hides_no_other()
    {
        File.WriteAllText(Path.Combine(_directory.Path, DataLayout.Buckets, "a-bucket/warehouse/t/_delta_log/00000000000000000000.json"), "{");

        var listed = await Tables();
        listed.ExitCode.ShouldBe(0);
        listed.Out.ShouldMatch("default +t +managed +delta +unreadable");
        listed.Out.ShouldMatch("d +q +managed +parquet +2");
    }

    private void Make(string bucket, params string[] statements)
    {
        var buckets = Path.Combine(_directory.Path, DataLayout.Buckets);
        Directory.CreateDirectory(Path.Combine(buckets, bucket));
        using var session = EngineSession.Open(new EngineOptions { Conf = TeamCatalog.Settings(buckets, bucket) });
        foreach (var statement in statements)
        {
            session.Execute(statement);
        }
    }

    private Task<CliOutcome> Tables(params string[] arguments) => CliHarness.Run(["tables", .. arguments, "--data-dir", _directory.Path]);
}
