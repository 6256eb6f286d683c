using Hearth.Aws.Athena;

namespace Hearth.Aws.Tests.Athena;

/// <summary>What is left of executions when the platform starts again.</summary>
public sealed class AthenaStoreTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("hearth-athena-").FullName;
    private readonly StandingClock clock = new(new DateTimeOffset(2024, 5, 1, 0, 0, 0, TimeSpan.Zero));

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void What_ran_has_failed_and_what_had_ended_stays_as_it_was()
    {
        var before = AthenaStore.Open(directory, clock);
        before.Executions.Add("runs", Execution("runs") with { State = QueryState.Running });
        before.Executions.Add("waits", Execution("waits"));
        before.Executions.Add("done", Execution("done") with { State = QueryState.Succeeded, OutputRows = 3, Columns = [new QueryColumn("a", "integer", 10, 0)] });

        var after = AthenaStore.Open(directory, clock);
        after.Executions.Find("runs")!.State.ShouldBe(QueryState.Failed);
        after.Executions.Find("runs")!.Reason.ShouldNotBeNull().ShouldContain("stopped while the query ran");
        after.Executions.Find("waits")!.Completed.ShouldBe(clock.Now);
        var done = after.Executions.Find("done")!;
        (done.State, done.OutputRows, done.Columns.Single(), done.Submitted).ShouldBe((QueryState.Succeeded, 3, new QueryColumn("a", "integer", 10, 0), clock.Now));
        after.WorkGroups.Find(WorkGroup.Primary).ShouldNotBeNull();
    }

    [Fact]
    public void Executions_are_kept_for_forty_five_days()
    {
        AthenaStore.Open(directory, clock).Executions.Add("old", Execution("old") with { State = QueryState.Succeeded });

        clock.Now = clock.Now.AddDays(44);
        AthenaStore.Open(directory, clock).Executions.Find("old").ShouldNotBeNull();
        clock.Now = clock.Now.AddDays(2);
        AthenaStore.Open(directory, clock).Executions.Find("old").ShouldBeNull();
    }

    [Fact]
    public void A_file_that_a_crash_left_empty_keeps_nobody_from_starting()
    {
        AthenaStore.Open(directory, clock);
        File.WriteAllText(Path.Combine(directory, "executions", "torn.json"), "");
        File.WriteAllText(Path.Combine(directory, "executions", "torn.json.tmp"), "{");

        AthenaStore.Open(directory, clock).Executions.All.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("plain", "\"a\",\"b\"", null, "x")]
    [InlineData("a \"quoted\" one,\nand a line", "", "\"", "ü日")]
    public void Csv_comes_back_as_it_was_written(params string?[] row)
    {
        using var file = new MemoryStream();
        ResultFile.Write(file, [.. row.Select(r => new QueryColumn(r ?? "", "varchar", 0, 0))], [row, row], csv: true, default);
        file.Position = 0;
        var reader = new ByteReader(file, 0);
        ResultFile.ReadCsv(reader).ShouldBe(row.Select(r => r ?? ""));
        var second = reader.Position;
        ResultFile.ReadCsv(reader).ShouldBe(row);
        ResultFile.ReadCsv(reader).ShouldBe(row);
        ResultFile.ReadCsv(reader).ShouldBeNull();

        // A page goes on where the last one ended.
        file.Position = second;
        ResultFile.ReadCsv(new ByteReader(file, second)).ShouldBe(row);
    }

    private QueryExecution Execution(string id) => new()
    {
        Id = id, Sql = "SELECT 1", WorkGroup = WorkGroup.Primary, Output = $"s3://b/{id}.csv", State = QueryState.Queued, Submitted = clock.Now, Principal = "arn:aws:iam::1:user/x",
    };
}
