namespace Hearth.Cli.Commands.Test;

/// <summary>What one test project came to.</summary>
/// <param name="Name">The project, or <c>python</c>.</param>
/// <param name="Passed">Tests that passed.</param>
/// <param name="Failed">Tests that failed, and errors outside tests.</param>
/// <param name="Skipped">Tests that said they cannot run here.</param>
/// <param name="Seconds">Elapsed time.</param>
/// <param name="Output">Everything it printed; shown when something failed.</param>
internal sealed record SuiteResult(string Name, int Passed, int Failed, int Skipped, double Seconds, string Output)
{
    /// <summary>A suite that ended without a result counts as one failure.</summary>
    public static SuiteResult Broken(string name, string reason, double seconds, string output) =>
        new(name, 0, 1, 0, seconds, $"{output.TrimEnd()}\n{name}: {reason}");
}
