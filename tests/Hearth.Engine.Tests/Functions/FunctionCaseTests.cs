using System.Globalization;
using Hearth.Engine.Session;

namespace Hearth.Engine.Tests.Functions;

/// <summary>
/// Spark's documented function examples: right, refused by name, or wrong, and none may be wrong. The number of right ones can only rise.
/// With HEARTH_UPDATE=1 the ratchet and docs/spark-compatibility.md are written instead.
/// </summary>
public sealed class FunctionCaseTests(ITestOutputHelper output)
{
    private static readonly Lazy<FunctionOutcome[]> Outcomes = new(() =>
    {
        using EngineSession session = Sessions.Open("America/Los_Angeles");
        FunctionCaseRunner runner = new(session);
        return [.. FunctionCase.All().Select(runner.Run)];
    });

    private static bool Update => Environment.GetEnvironmentVariable("HEARTH_UPDATE") is "1";

    [Fact]
    public void No_documented_example_gives_another_answer()
    {
        File.WriteAllLines(Path.Combine(AppContext.BaseDirectory, "function-cases.log"), Outcomes.Value.Where(o => o.Verdict != Verdict.Right || o.OtherName).OrderByDescending(o => o.Verdict).Select(o => $"{o.Verdict}\t{o.Case.Area}\t{o.Case.Query}\t{o.Detail}"));
        Outcomes.Value.Where(o => o.Verdict == Verdict.Wrong).Select(o => $"{o.Case.Query} -> {o.Detail}").ShouldBeEmpty();
    }

    [Fact]
    public void The_number_of_right_answers_only_rises()
    {
        int right = Outcomes.Value.Count(o => o.Verdict == Verdict.Right), names = Outcomes.Value.Count(o => o.OtherName);
        output.WriteLine($"{right} of {Outcomes.Value.Length} right, {names} of them under another column name");
        if (Update)
        {
            File.WriteAllText(Path.Combine(CompatibilityPage.Root(), "tests/Hearth.Engine.Tests/cases/functions/ratchet.txt"), string.Create(CultureInfo.InvariantCulture, $"right {right}\nother-names {names}\n"));
            return;
        }

        Dictionary<string, int> ratchet = File.ReadLines(Path.Combine(FunctionCase.Folder, "ratchet.txt")).Select(l => l.Split(' ')).ToDictionary(p => p[0], p => int.Parse(p[1], CultureInfo.InvariantCulture), StringComparer.Ordinal);
        right.ShouldBeGreaterThanOrEqualTo(ratchet["right"]);
        names.ShouldBeLessThanOrEqualTo(ratchet["other-names"]);
    }

    [Fact]
    public void The_page_says_what_the_engine_does()
    {
        string page = Path.Combine(CompatibilityPage.Root(), "docs/spark-compatibility.md"), expected = CompatibilityPage.Of(Outcomes.Value);
        if (Update)
        {
            File.WriteAllText(page, expected);
            return;
        }

        File.ReadAllText(page).ShouldBe(expected, "docs/spark-compatibility.md is out of date: run this test with HEARTH_UPDATE=1");
    }
}
