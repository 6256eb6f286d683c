using System.Text.Json.Nodes;

namespace Hearth.Cli.Commands.Lint;

/// <summary>Findings for people and for programs.</summary>
internal static class LintReport
{
    /// <summary>One line a finding as compilers write them, and what to do below it.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<Finding> findings, int requests)
    {
        foreach (var finding in findings)
        {
            yield return $"{finding.Place}: {Word(finding.Rule.Severity)}: {finding.Message} [{finding.Rule.Id}]";
            yield return $"    {finding.Way}";
        }

        var errors = findings.Count(f => f.Rule.Severity == Severity.Error);
        yield return $"{Count(requests, "request")}: {Count(errors, "error")}, {Count(findings.Count - errors, "warning")}";
    }

    public static JsonArray Document(IReadOnlyList<Finding> findings) => new([.. findings.Select(f => new JsonObject
    {
        ["rule"] = f.Rule.Id,
        ["severity"] = Word(f.Rule.Severity),
        ["file"] = f.Place.File,
        ["line"] = f.Place.At.Line,
        ["column"] = f.Place.At.Column,
        ["message"] = f.Message,
        ["way"] = f.Way,
    })]);

    /// <summary><c>error</c> or <c>warning</c>.</summary>
    public static string Word(Severity severity) => severity == Severity.Error ? "error" : "warning";

    private static string Count(int number, string what) => FormattableString.Invariant($"{number} {what}{(number == 1 ? "" : "s")}");
}
