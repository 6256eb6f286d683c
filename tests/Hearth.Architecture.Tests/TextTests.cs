using System.Text.RegularExpressions;

namespace Hearth.Architecture.Tests;

/// <summary>What must not be in the repository, and what must.</summary>
public sealed partial class TextTests
{
    private static readonly string[] TextExtensions =
        [".cs", ".csproj", ".props", ".slnx", ".md", ".yaml", ".yml", ".json", ".py", ".sh", ".txt", ".sql", ".razor", ".css", ".js", ""];

    [Fact]
    public void No_file_names_somebodys_machine() =>
        Repository.Files(TextExtensions)
            .Where(f => !f.EndsWith("TextTests.cs", StringComparison.Ordinal) && !f.EndsWith("package-lock.json", StringComparison.Ordinal))
            .SelectMany(f => Repository.Lines(f).Select((line, i) => (Where: $"{f}:{i + 1}", Line: line)))
            .Where(l => MachinePath().IsMatch(l.Line))
            .Select(l => $"{l.Where}: {l.Line.Trim()}")
            .ShouldBeEmpty();

    [Fact]
    public void Decisions_are_numbered_once_and_complete()
    {
        var decisions = Repository.Files(".md").Where(f => f.StartsWith("docs/adr/", StringComparison.Ordinal)).Select(f => f["docs/adr/".Length..]).ToArray();

        decisions.ShouldAllBe(d => AdrName().IsMatch(d));
        decisions.Select(d => d[..4]).ShouldBeUnique();
        foreach (var decision in decisions)
        {
            var text = Repository.Read($"docs/adr/{decision}");
            text.ShouldSatisfyAllConditions(
                $"docs/adr/{decision}",
                () => text.ShouldContain("## Context"),
                () => text.ShouldContain("## Decision"),
                () => text.ShouldContain("## Consequences"));
        }
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("CONTRIBUTING.md")]
    [InlineData("SECURITY.md")]
    [InlineData("LICENSE")]
    public void What_a_repository_needs_is_there(string file) => Repository.Read(file).ShouldNotBeNullOrWhiteSpace();

    [Fact]
    public void Links_between_documents_lead_somewhere() =>
        Repository.Files(".md")
            .SelectMany(f => Link().Matches(Repository.Read(f)).Select(m => (File: f, Target: m.Groups["target"].Value)))
            .Where(l => !File.Exists(Target(l.File, l.Target)) && !Directory.Exists(Target(l.File, l.Target)))
            .Select(l => $"{l.File}: {l.Target}")
            .ShouldBeEmpty();

    private static string Target(string file, string link) =>
        Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(file)!, link));

    // A home directory of a person or the place where this happened to be built; containers' own users are fine.
    [GeneratedRegex(@"(?<![\w./-])/(work/|Users/|home/(?!hadoop\b|ec2-user\b|spark\b|jovyan\b))")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"^\d{4}-[a-z0-9-]+\.md$")]
    private static partial Regex AdrName();

    [GeneratedRegex(@"\]\((?!https?:|#|mailto:)(?<target>[^)#\s]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Link();
}
