namespace Hearth.Cli.Commands.Lint;

/// <summary>One thing that is looked for.</summary>
/// <param name="Id">Its name in findings and in <c>docs/reference/lint.md</c>.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Finds">What it finds, one sentence.</param>
/// <param name="Because">What would happen otherwise, one or two sentences.</param>
/// <param name="Way">How to go on, where the rule has nothing better to say about a place.</param>
/// <param name="Check">The rule: pure, from what was read to faults.</param>
internal sealed record LintRule(string Id, Severity Severity, string Finds, string Because, string Way, Func<LintSubject, IEnumerable<Fault>> Check);
