using Hearth.Engine.Session;

namespace Hearth.Engine.Tests;

/// <summary>A link that a job left in a bucket leads nowhere for a reader outside of the job's sandbox.</summary>
public sealed class ObjectLinkTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("hearth-s3").FullName;
    private readonly string _outside = Directory.CreateTempSubdirectory("hearth-host").FullName;

    public ObjectLinkTests()
    {
        Directory.CreateDirectory(Path.Combine(_root, "b", "data"));
        File.WriteAllText(Path.Combine(_root, "b", "data", "real.txt"), "an object\n");
        File.WriteAllText(Path.Combine(_outside, "secret.txt"), "of the machine\n");
        File.CreateSymbolicLink(Path.Combine(_root, "b", "data", "link.txt"), Path.Combine(_outside, "secret.txt"));
        Directory.CreateSymbolicLink(Path.Combine(_root, "b", "away"), _outside);
    }

    public void Dispose()
    {
        Directory.Delete(_root, recursive: true);
        Directory.Delete(_outside, recursive: true);
    }

    [Theory]
    [InlineData("s3://b/data", "an object")]
    [InlineData("s3a://b/data/*.txt", "an object")]
    [InlineData("s3://b/*/*.txt", "an object")]
    public void Listings_leave_links_out(string path, string expected)
    {
        using var session = Sessions.Open("UTC", (EngineOptions.S3RootKey, _root));

        session.Show(session.Execute($"SELECT value FROM text.`{path}`").Relation, truncate: 0).ShouldContain(expected);
        session.Show(session.Execute($"SELECT value FROM text.`{path}`").Relation, truncate: 0).ShouldNotContain("machine");
    }

    [Theory]
    [InlineData("SELECT * FROM text.`s3://b/data/link.txt`")]
    [InlineData("SELECT * FROM text.`s3://b/away/secret.txt`")]
    [InlineData("CREATE TABLE t USING parquet LOCATION 's3://b/away/new' AS SELECT 1 AS a")]
    public void A_path_through_a_link_is_refused(string sql)
    {
        using var session = Sessions.Open("UTC", (EngineOptions.S3RootKey, _root));

        Should.Throw<EngineException>(() => session.Show(session.Execute(sql).Relation)).Message.ShouldContain("symbolic link");
        Directory.EnumerateFileSystemEntries(_outside).Count().ShouldBe(1);
    }
}
