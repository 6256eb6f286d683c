using Hearth.Engine.Duck;
using Hearth.Engine.Session;
using Hearth.Engine.Sources;
using Hearth.Engine.Sql;

namespace Hearth.Engine.Tests;

/// <summary>Limits, paths and options.</summary>
public sealed class EngineTests
{
    [Fact]
    public void A_query_beyond_the_memory_limit_says_so()
    {
        using EngineSession session = Sessions.Open("UTC", (EngineOptions.MemoryKey, "64m"), (EngineOptions.ThreadsKey, "1"));
        EngineException error = Should.Throw<EngineException>(() =>
        {
            using QueryResult result = session.Run(session.Execute("SELECT collect_list(repeat(CAST(id AS STRING), 50)) FROM range(10000000)").Relation);
            _ = result.Rows().Count();
        });
        error.ErrorClass.ShouldBe("OUT_OF_MEMORY");
        error.Hint.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData(", mode 'DROPMALFORMED'")]
    public void Text_files_are_read_with_little_memory(string mode)
    {
        string directory = Directory.CreateTempSubdirectory("hearth-csv").FullName;
        File.WriteAllLines(Path.Combine(directory, "a.csv"), ["id,note", "1,one", "2,two"]);
        using EngineSession session = Sessions.Open("UTC", (EngineOptions.MemoryKey, "256m"), (EngineOptions.ThreadsKey, "1"));
        session.Execute($"CREATE TEMPORARY VIEW small USING csv OPTIONS (path '{directory}', header 'true', inferSchema 'true'{mode})");
        using QueryResult result = session.Run(session.Execute("SELECT sum(id) AS s FROM small").Relation);
        result.Rows().Single()[0].ShouldBe(3L);
        Directory.Delete(directory, recursive: true);
    }

    [Theory]
    [InlineData("3.5.5", "false", "EXCEPTION")]
    [InlineData("4.1.1", "true", "CORRECTED")]
    public void Defaults_are_those_of_the_release(string release, string ansi, string policy)
    {
        SessionConf conf = new([new(SparkRelease.Key, release)]);
        conf.Release.Version.ShouldBe(release);
        conf.Get("spark.sql.ansi.enabled").ShouldBe(ansi);
        conf.Get("spark.sql.legacy.timeParserPolicy").ShouldBe(policy);
    }

    [Fact]
    public void A_kept_query_over_views_of_views_is_no_nested_WITH()
    {
        using EngineSession session = Sessions.Open();
        session.Execute("CREATE TEMPORARY VIEW one AS SELECT 1 AS a");
        session.Execute("CREATE TEMPORARY VIEW two AS SELECT a FROM one");
        using QueryResult result = session.Run(session.Fix(session.Execute("SELECT a FROM two WHERE a IN (SELECT a FROM one)").Relation));
        result.Rows().Single()[0].ShouldBe(1);
    }

    [Fact]
    public void What_the_job_says_of_ANSI_mode_wins_over_its_release() =>
        new SessionConf([new(SparkRelease.Key, "4.0.0"), new("spark.sql.ansi.enabled", "false")]).Get("spark.sql.ansi.enabled").ShouldBe("false");

    [Theory]
    [InlineData("5.0.0")]
    [InlineData("latest")]
    public void Another_Spark_is_refused(string release) => Should.Throw<EngineException>(() => new SessionConf([new(SparkRelease.Key, release)])).ErrorClass.ShouldBe("INVALID_CONF_VALUE");

    [Theory]
    [InlineData("2g", "2GiB")]
    [InlineData("512m", "512MiB")]
    [InlineData("1073741824", "1048576KiB")]
    public void Sizes_are_those_of_the_JVM(string size, string expected) => EngineOptions.MemoryLimit(size).ShouldBe(expected);

    [Theory]
    [InlineData("s3://bucket/a/b", "/data/bucket/a/b")]
    [InlineData("s3a://bucket/a/", "/data/bucket/a/")]
    [InlineData("file:///tmp/x", "/tmp/x")]
    public void Paths_resolve_to_local_ones(string path, string expected) => new LocalPathResolver("/data").Resolve(path).ShouldBe(expected);

    [Fact]
    public void A_path_cannot_leave_the_object_storage() =>
        Should.Throw<EngineException>(() => new LocalPathResolver("/data").Resolve("s3://bucket/../../etc/passwd")).ErrorClass.ShouldBe("PATH_NOT_FOUND");

    [Fact]
    public void A_missing_library_file_names_the_package_to_install() =>
        Should.Throw<EngineException>(() => DuckLibrary.Locate("/nowhere/libduckdb.so", [])).Hint!.ShouldContain("npm install @duckdb/node-bindings");

    [Fact]
    public void Tables_are_created_filled_and_dropped()
    {
        using EngineSession session = Sessions.Open();
        session.Execute("CREATE TABLE t USING parquet PARTITIONED BY (k) AS SELECT id, id % 2 AS k FROM range(4)");
        session.Execute("INSERT INTO t VALUES (10, 5)");
        session.Execute("INSERT OVERWRITE t PARTITION (k = 1) SELECT 99L");
        session.Show(new TableName(["t"]), 20, 0).Split('\n').Where(l => l.StartsWith('|')).Order(StringComparer.Ordinal).ShouldBe(["|0  |0  |", "|10 |5  |", "|2  |0  |", "|99 |1  |", "|id |k  |"]);
        session.Show(session.Execute("SHOW PARTITIONS t").Relation, 20, 0).ShouldContain("k=5");
        session.Execute("DROP TABLE t");
        Should.Throw<EngineException>(() => session.Execute("SELECT * FROM t")).ErrorClass.ShouldBe("TABLE_OR_VIEW_NOT_FOUND");
    }

    [Fact]
    public void Csv_is_read_by_Sparks_rules()
    {
        string file = Path.Combine(Path.GetTempPath(), $"hearth-{Guid.NewGuid():N}.csv");
        File.WriteAllText(file, "id,name,when\n1,Ann,2024-01-02\n2,\"a,b\",\n3\n");
        using EngineSession session = Sessions.Open();
        FileRelation csv = new("csv", [file], null, new Options([new("header", "true"), new("inferSchema", "true")]));
        session.SchemaOf(csv).SimpleName.ShouldBe("struct<id:int,name:string,when:date>");
        session.Show(csv, 20, 0).Split('\n').Where(l => l.StartsWith('|')).ShouldBe(["|id |name|when      |", "|1  |Ann |2024-01-02|", "|2  |a,b |NULL      |", "|3  |NULL|NULL      |"]);
        File.Delete(file);
    }
}
