using Hearth.Scheduling.Disruption;
using Hearth.Scheduling.Provisioning;

namespace Hearth.Cluster.Controllers.Disruption;

/// <summary>Times and gates of the disruption controller; the defaults are Karpenter's, but for the poll.</summary>
public sealed record DisruptionOptions
{
    /// <summary>Longest time between two looks. Karpenter looks every 10 s; a cluster in the same process can afford every second.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Time between a decision to consolidate and the look that confirms it.</summary>
    public TimeSpan Validation { get; init; } = DisruptionValidation.ConsolidationTtl;

    /// <summary>How long replacements may take until they are initialised.</summary>
    public TimeSpan Replacement { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long one pass over sets of nodes may take.</summary>
    public TimeSpan MultiNodePass { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long one pass over single nodes may take.</summary>
    public TimeSpan SingleNodePass { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>A fruitless look is not repeated while nothing has changed, but for this long at most.</summary>
    public TimeSpan Remembered { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How strictly wishes of pods are taken.</summary>
    public SolvePolicy Policy { get; init; } = SolvePolicy.Default;

    /// <summary>Feature gate SpotToSpotConsolidation: off, as upstream.</summary>
    public bool SpotToSpot { get; init; }
}
