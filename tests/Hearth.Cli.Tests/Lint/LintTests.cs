using System.Text.Json.Nodes;
using Hearth.Cli.Commands.Lint;

namespace Hearth.Cli.Tests.Lint;

public sealed class LintTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public static IEnumerable<TheoryDataRow<string, string>> Cases =>
        from file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "cases", "lint"), "*.txt").Order(StringComparer.Ordinal)
        from one in LintCase.Read(file)
        select new TheoryDataRow<string, string>(Path.GetFileName(file), one.Name);

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Finds(string file, string name)
    {
        var one = LintCase.Read(Path.Combine(AppContext.BaseDirectory, "cases", "lint", file)).Single(c => c.Name == name);
        var folder = _directory.In("job");
        var request = one.Write(folder);

        var outcome = await CliHarness.Run(["lint", request, "-o", "json", .. one.Options.Select(o => o == "small.yaml" ? Path.Combine(folder, o) : o)]);

        outcome.Error.ShouldBe("");
        var found = JsonNode.Parse(outcome.Out)!.AsArray().Select(f => f!.AsObject()).ToArray();
        var lines = found.Select(f => $"{f["severity"]} {f["rule"]} {Path.GetRelativePath(folder, f["file"]!.ToString())}:{f["line"]}:{f["column"]} {f["message"]}");
        var expected = one.Findings.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        // A line that ends with an ellipsis is the beginning of one: the service's own words go on as they like.
        lines.Select((l, i) => i < expected.Length && expected[i].EndsWith('…') && l.StartsWith(expected[i][..^1], StringComparison.Ordinal) ? expected[i] : l).ShouldBe(expected);
        outcome.ExitCode.ShouldBe(found.Any(f => f["severity"]!.ToString() == "error") ? 1 : 0);
    }

    [Fact]
    public void Every_rule_has_a_case()
    {
        var tried = Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "cases", "lint"), "*.txt").SelectMany(LintCase.Read)
            .SelectMany(c => c.Findings.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Select(l => l.Split(' ')[1]).ToHashSet();

        LintRules.All.Select(r => r.Id).Where(id => !tried.Contains(id)).ShouldBeEmpty();
        LintRules.All.Select(r => r.Id).ShouldBeUnique();
    }

    [Fact]
    public void The_published_reference_page_is_current()
    {
        var file = Path.Combine(Repository(), "docs", "reference", "lint.md");
        if (Environment.GetEnvironmentVariable("HEARTH_UPDATE") == "1")
        {
            File.WriteAllText(file, LintReference.ToMarkdown());
        }

        File.ReadAllText(file).ShouldBe(LintReference.ToMarkdown(), "docs/reference/lint.md is not current; run the tests once with HEARTH_UPDATE=1");
    }

    [Fact]
    public async Task A_request_that_cannot_be_read_is_bad_input_and_a_folder_is_searched()
    {
        (await CliHarness.Run("lint", _directory.In("nothing.json"))).ExitCode.ShouldBe(2);
        Directory.CreateDirectory(_directory.In("empty"));
        (await CliHarness.Run("lint", _directory.In("empty"))).Error.ShouldContain("there is no StartJobRun request in ");
        await File.WriteAllTextAsync(_directory.In("broken-request.json"), "{");
        (await CliHarness.Run("lint", _directory.In("broken-request.json"))).Error.ShouldContain("broken-request.json:1:2: not valid JSON");
        new LintCase("x", new Dictionary<string, string>()).Write(_directory.In("jobs/job"));

        var outcome = await CliHarness.Run("lint", _directory.In("jobs"));

        outcome.ShouldBe(new CliOutcome(0, "1 request: 0 errors, 0 warnings\n", ""));
    }

    [Fact]
    public async Task Findings_for_people_say_where_what_and_how_to_go_on()
    {
        var request = new LintCase("x", new Dictionary<string, string> { ["conf"] = "spark.executor.memry=4g\nspark.executor.memory=4gig" }).Write(_directory.In("job"));

        var outcome = await CliHarness.Run("lint", request);

        outcome.ExitCode.ShouldBe(1);
        outcome.Out.ShouldContain("request.json:14:11: warning: Spark has no setting spark.executor.memry; did you mean spark.executor.memory? [setting-misspelt]\n    Correct the key.\n");
        outcome.Out.ShouldEndWith("1 request: 1 error, 1 warning\n");
    }

    private static string Repository()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Hearth.slnx")))
        {
            directory = Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("not inside the repository");
        }

        return directory;
    }
}
