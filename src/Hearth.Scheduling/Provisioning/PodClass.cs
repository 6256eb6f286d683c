using Hearth.Scheduling.Fit;
using Hearth.Scheduling.Provisioning.Topology;

namespace Hearth.Scheduling.Provisioning;

/// <summary>Pods that ask for the same, with what they ask for step by step: an answer for one holds for all.</summary>
internal sealed class PodClass(PodInfo sample, PlanTopology? topology, bool taintsAreWishes, SolvePolicy policy)
{
    private readonly List<PodWishes> _steps = [PodWishes.Of(sample, policy)];
    private bool _isWhole;

    /// <summary>How many pods had a place when one of the class last found none; null when none has failed yet.</summary>
    public int? FailedAt { get; set; }

    /// <summary>Why it found none.</summary>
    public IReadOnlyList<PoolReason> Reasons { get; set; } = [];

    /// <summary>Whether later placements of others can change an answer of no.</summary>
    public bool MayChange { get; private set; }

    /// <summary>What the class asks for after so many things were given up, or null when nothing is left to give up.</summary>
    public PodWishes? Step(int step)
    {
        while (_steps.Count <= step && !_isWhole)
        {
            if (_steps[^1].Relax(taintsAreWishes) is { } next)
            {
                _steps.Add(next);
            }
            else
            {
                _isWhole = true;
            }
        }

        if (step >= _steps.Count)
        {
            return null;
        }

        MayChange |= !_steps[step].Rules(topology).IsFree;
        return _steps[step];
    }
}

/// <summary>The classes of one plan.</summary>
internal sealed class WishClasses(PlanTopology? topology, bool taintsAreWishes, SolvePolicy policy)
{
    private readonly PodClasses _numbers = new(topology);
    private readonly Dictionary<int, PodClass> _known = [];

    /// <summary>The class of a pod.</summary>
    /// <exception cref="FormatException">An operator or bound of the pod cannot be read.</exception>
    public PodClass Of(PodInfo pod)
    {
        var number = _numbers.Of(pod);
        if (!_known.TryGetValue(number, out var known))
        {
            _known[number] = known = new PodClass(pod, topology, taintsAreWishes, policy);
        }

        return known;
    }
}
