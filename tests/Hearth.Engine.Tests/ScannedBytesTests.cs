using Hearth.Engine.Session;

namespace Hearth.Engine.Tests;

/// <summary>What a query is said to read: the stored columns that it needs, of the files that are not left out.</summary>
public sealed class ScannedBytesTests : IDisposable
{
    private readonly string _dir = Directory.CreateTempSubdirectory("hearth-scanned-").FullName;
    private readonly EngineSession _session = Sessions.Open();

    public void Dispose()
    {
        _session.Dispose();
        Directory.Delete(_dir, recursive: true);
    }

    [Fact]
    public void Columns_and_files_that_are_not_needed_do_not_count()
    {
        string table = $"delta.`{_dir}/t`";
        _session.Execute($"CREATE TABLE {table} USING delta AS SELECT id, hash(id) AS h, concat('a long text ', id) AS s FROM range(1000)");
        _session.Execute($"INSERT INTO {table} SELECT id, hash(id), concat('a long text ', id) FROM range(1000, 2000)");
        long all = Of($"SELECT * FROM {table}"), one = Of($"SELECT max(id) FROM (SELECT * FROM {table}) q"), two = Of($"SELECT id FROM {table} WHERE s > 'a'");

        one.ShouldBeInRange(1, two - 1);
        two.ShouldBeInRange(one + 1, all - 1);
        Of($"SELECT h FROM {table} WHERE EXISTS (SELECT 1 FROM range(3) r WHERE r.id = h)").ShouldBeLessThan(Of($"SELECT id, h FROM {table}"));
        Of($"SELECT * FROM {table} WHERE id >= 1500").ShouldBeInRange(all / 3, 2 * all / 3);
        Of($"SELECT count(*) FROM {table}").ShouldBe(0);
        Of("SELECT 1").ShouldBe(0);
    }

    [Fact]
    public void A_file_of_text_counts_whole()
    {
        File.WriteAllText(Path.Combine(_dir, "a.csv"), "1,x\n2,y\n");

        Of($"SELECT count(*) FROM csv.`{_dir}/a.csv` WHERE _c0 = '1'").ShouldBe(8);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("//")]
    public void A_directory_is_the_same_with_slashes_behind_it(string slashes)
    {
        Directory.CreateDirectory(Path.Combine(_dir, "d"));
        File.WriteAllText(Path.Combine(_dir, "d", "a.csv"), "1,x\n");

        Of($"SELECT * FROM csv.`{_dir}/d{slashes}`").ShouldBe(4);
    }

    private long Of(string sql) => _session.BytesScanned(_session.Execute(sql).Relation);
}
