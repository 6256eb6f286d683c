using System.Globalization;
using System.Text.RegularExpressions;
using Hearth.Platform.Schema;

namespace Hearth.Platform.Validation;

/// <summary>What the parts of <c>spec.simulation</c> say about each other.</summary>
internal static partial class SimulationRules
{
    private const string Delay = "spec.simulation.launchDelay";

    public static void Check(PlatformDeclaration platform, Faults faults)
    {
        var delay = platform.Simulation.LaunchDelay;
        if (!delay.IsDeclared || faults.Has($"{Delay}.shortest") || faults.Has($"{Delay}.longest"))
        {
            return;
        }

        if (delay.Shortest.Length == 0)
        {
            faults.Add($"{Delay}.shortest", "say how long the shortest launch takes");
        }
        else if (delay.Longest.Length > 0 && Seconds(delay.Longest) < Seconds(delay.Shortest))
        {
            faults.Add($"{Delay}.longest", $"'{delay.Longest}' is less than the shortest, '{delay.Shortest}'");
        }
    }

    /// <summary>Of a duration that the field's own rule has let pass.</summary>
    private static double Seconds(string duration) => Parts().Matches(duration).Sum(p =>
        double.Parse(p.Groups[1].ValueSpan, CultureInfo.InvariantCulture) * p.Groups[2].Value switch { "h" => 3600, "m" => 60, "ms" => 0.001, _ => 1 });

    [GeneratedRegex(@"([0-9.]+)(ms|h|m|s)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parts();
}
