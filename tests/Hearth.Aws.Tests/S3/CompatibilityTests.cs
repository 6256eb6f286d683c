using System.Globalization;
using System.Text;
using Hearth.Aws.S3;

namespace Hearth.Aws.Tests.S3;

/// <summary>
/// The tables of docs/s3-compatibility.md are those of the code and of the cases. With HEARTH_UPDATE=1 the page is written instead.
/// </summary>
public sealed class CompatibilityTests
{
    private static readonly string Page = Path.Combine(Root(), "docs/s3-compatibility.md");

    [Fact]
    public void The_page_says_what_the_code_does()
    {
        var text = File.ReadAllText(Page);
        var expected = Filled(Filled(text, "operations", Operations()), "cases", Cases());
        if (Environment.GetEnvironmentVariable("HEARTH_UPDATE") is "1")
        {
            File.WriteAllText(Page, expected);
            return;
        }
        text.ShouldBe(expected, "docs/s3-compatibility.md is out of date: run this test with HEARTH_UPDATE=1");
    }

    [Fact]
    public void Every_operation_has_one_action_and_every_refusal_a_name()
    {
        S3Operations.All.Select(o => o.Name).Distinct().Count().ShouldBe(S3Operations.All.Count);
        S3Operations.All.ShouldAllBe(o => o.Action.StartsWith("s3:", StringComparison.Ordinal) && char.IsAsciiLetterUpper(o.Action[3]));
        S3Operations.All.Count(o => o.Handle is not null).ShouldBeGreaterThan(50);
    }

    private static string Filled(string text, string mark, string table)
    {
        var (start, end) = ($"<!-- {mark} -->\n", $"<!-- end of {mark} -->");
        var (from, to) = (text.IndexOf(start, StringComparison.Ordinal) + start.Length, text.IndexOf(end, StringComparison.Ordinal));
        from.ShouldBeGreaterThanOrEqualTo(start.Length, $"no mark {mark}");
        return text[..from] + table + text[to..];
    }

    private static string Operations()
    {
        var table = new StringBuilder("| operation | IAM action | here |\n|---|---|---|\n");
        foreach (var operation in S3Operations.All.OrderBy(o => o.Handle is null).ThenBy(o => o.Resource))
        {
            var here = operation.Handle is not null ? "answered" : $"NotImplemented. {operation.WayOut}".TrimEnd();
            table.Append(CultureInfo.InvariantCulture, $"| {operation.Name} | `{operation.Action}` | {here} |\n");
        }
        return table.ToString();
    }

    private static string Cases()
    {
        var table = new StringBuilder("| area | requests | refused (4xx) | NotImplemented | file |\n|---|---|---|---|---|\n");
        foreach (var file in Directory.GetFiles(WireTests.Directory, "*.txt").Order(StringComparer.Ordinal))
        {
            foreach (var (title, cases) in WireCase.Read(file))
            {
                table.Append(CultureInfo.InvariantCulture,
                    $"| {title} | {cases.Count} | {cases.Count(c => c.Expectation[0] == '4')} | {cases.Count(c => c.Expectation.StartsWith("501", StringComparison.Ordinal))} | {Path.GetFileName(file)} |\n");
            }
        }
        return table.ToString();
    }

    private static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Hearth.slnx")))
        {
            directory = directory.Parent;
        }
        return directory?.FullName ?? throw new DirectoryNotFoundException("Hearth.slnx");
    }
}
