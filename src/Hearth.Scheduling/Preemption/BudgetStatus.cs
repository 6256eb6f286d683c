using Hearth.Kube.Core;

namespace Hearth.Scheduling.Preemption;

/// <summary>What a disruption budget allows now, from the pods it speaks of (kube-controller-manager's disruption controller).</summary>
/// <param name="Expected">Pods it speaks of that have not ended.</param>
/// <param name="Healthy">Of these, how many are ready and not on their way out.</param>
/// <param name="Desired">How many must be healthy.</param>
public readonly record struct BudgetStatus(int Expected, int Healthy, int Desired)
{
    /// <summary>How many more may go: never negative, and none while nothing is expected.</summary>
    public int Allowed => Expected == 0 ? 0 : Math.Max(0, Healthy - Desired);

    /// <summary>
    /// A percentage is rounded up, of <c>maxUnavailable</c> as of <c>minAvailable</c>. Upstream takes the expected number from the scale of the pods' controllers;
    /// here it is the number of pods that are there, which is the same while controllers have what they want.
    /// </summary>
    /// <exception cref="FormatException">An amount is neither a number nor a percentage.</exception>
    public static BudgetStatus Of(PodDisruptionBudgetSpec spec, int expected, int healthy)
    {
        if (spec.MaxUnavailable is { } most)
        {
            return new(expected, healthy, Math.Max(0, expected - Amount(most.Text, expected)));
        }

        return new(expected, healthy, spec.MinAvailable is { } least ? Amount(least.Text, expected) : 0);
    }

    private static int Amount(string text, int of)
    {
        var share = text.EndsWith('%');
        if (!int.TryParse(share ? text[..^1] : text, out var number) || number < 0)
        {
            throw new FormatException($"'{text}' is neither a number nor a percentage");
        }

        return share ? (int)Math.Ceiling(number * (double)of / 100) : number;
    }
}
