using Hearth.Kube.Yaml;

namespace Hearth.Cli.Commands.Lint;

/// <summary>How bad a finding is.</summary>
internal enum Severity
{
    /// <summary>The job would not start, or not do what it says.</summary>
    Error,

    /// <summary>The job would run, but something in the request has no effect, or another one than meant.</summary>
    Warning,
}

/// <summary>Where something is written.</summary>
/// <param name="File">The file as the user named it.</param>
/// <param name="At">Line and column.</param>
internal readonly record struct SourcePlace(string File, TextPosition At)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{File}:{At.Line}:{At.Column}");
}

/// <summary>What a rule says about one place.</summary>
/// <param name="Place">Where.</param>
/// <param name="Message">What is wrong, in one sentence without a full stop.</param>
/// <param name="Way">How to go on; null takes the rule's own.</param>
internal sealed record Fault(SourcePlace Place, string Message, string? Way = null);

/// <summary>A fault with the rule that found it.</summary>
internal sealed record Finding(LintRule Rule, SourcePlace Place, string Message, string Way);
