using Hearth.Cli.CommandLine;
using Hearth.Scheduling.Provisioning;

namespace Hearth.Cli.Hosting.Simulation;

/// <summary>
/// Karpenter's own options, which are environment variables there and here: <c>PREFERENCE_POLICY</c>, <c>MIN_VALUES_POLICY</c> and of <c>FEATURE_GATES</c> the gate
/// SpotToSpotConsolidation. Plans read the same ones as the running platform.
/// </summary>
/// <param name="Policy">How strictly wishes are taken.</param>
/// <param name="SpotToSpot">Whether a spot node may be replaced by a cheaper spot node.</param>
internal sealed record KarpenterOptions(SolvePolicy Policy, bool SpotToSpot)
{
    private const string Gate = "SpotToSpotConsolidation=";

    /// <summary>From this process's environment.</summary>
    /// <exception cref="CliException">A word that Karpenter does not know: exit code 2.</exception>
    public static KarpenterOptions FromEnvironment() => From(Environment.GetEnvironmentVariable);

    /// <summary>From any environment.</summary>
    /// <exception cref="CliException">A word that Karpenter does not know: exit code 2.</exception>
    public static KarpenterOptions From(Func<string, string?> variable)
    {
        try
        {
            var gates = (variable("FEATURE_GATES") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return new(SolvePolicy.Parse(variable("PREFERENCE_POLICY"), variable("MIN_VALUES_POLICY")), gates.Any(g => g.Equals(Gate + "true", StringComparison.OrdinalIgnoreCase)));
        }
        catch (FormatException e)
        {
            throw CliException.BadInput($"environment: {e.Message}");
        }
    }
}
