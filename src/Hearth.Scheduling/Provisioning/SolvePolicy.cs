namespace Hearth.Scheduling.Provisioning;

/// <summary>How strictly wishes and flexibility are taken: Karpenter's options of the same names, with its defaults.</summary>
public sealed record SolvePolicy
{
    /// <summary>Wishes count as long as they can be kept; too few values for minValues launch nothing.</summary>
    public static SolvePolicy Default { get; } = new();

    /// <summary><c>PREFERENCE_POLICY=Ignore</c>: preferred affinity of any kind and spreads with ScheduleAnyway are not looked at.</summary>
    public bool IgnorePreferences { get; init; }

    /// <summary><c>MIN_VALUES_POLICY=BestEffort</c>: a claim that cannot have as many values as its pool asks for is launched with what there is, and says so.</summary>
    public bool BestEffortMinValues { get; init; }

    /// <summary>Reads the options' own words; null stands for the default.</summary>
    /// <exception cref="FormatException">Another word.</exception>
    public static SolvePolicy Parse(string? preferencePolicy, string? minValuesPolicy) => new()
    {
        IgnorePreferences = Is("PREFERENCE_POLICY", preferencePolicy, "Respect", "Ignore"),
        BestEffortMinValues = Is("MIN_VALUES_POLICY", minValuesPolicy, "Strict", "BestEffort"),
    };

    private static bool Is(string option, string? value, string usual, string other) =>
        string.IsNullOrEmpty(value) || value == usual ? false : value == other ? true : throw new FormatException($"{option} is {usual} or {other}, not '{value}'");
}
