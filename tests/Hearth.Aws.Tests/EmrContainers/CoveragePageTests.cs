namespace Hearth.Aws.Tests.EmrContainers;

/// <summary>The page that says what of the API is there.</summary>
public sealed class CoveragePageTests
{
    [Fact]
    public void The_coverage_page_is_written_from_the_tables()
    {
        var path = Path.Combine(Root(), CoverageDocument.Path);
        if (Environment.GetEnvironmentVariable("HEARTH_WRITE_DOCS") == "1")
        {
            File.WriteAllText(path, CoverageDocument.Render());
        }

        (File.ReadAllText(path) == CoverageDocument.Render()).ShouldBeTrue($"{CoverageDocument.Path} is stale: run this test with HEARTH_WRITE_DOCS=1 and commit the page");
    }

    private static string Root()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "Hearth.slnx")))
        {
            at = at.Parent;
        }

        return at?.FullName ?? throw new DirectoryNotFoundException("Hearth.slnx is in no directory above the tests");
    }
}
