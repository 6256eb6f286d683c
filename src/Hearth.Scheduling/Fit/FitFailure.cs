using System.Text;

namespace Hearth.Scheduling.Fit;

/// <summary>Why no node takes a pod, and the text of its FailedScheduling event (kube-scheduler, framework.FitError).</summary>
public sealed class FitFailure(int nodes, bool mayPreempt)
{
    private readonly SortedDictionary<string, int> _reasons = new(StringComparer.Ordinal);
    private string? _before;
    private int _helpless;
    private int _withoutVictims;
    private int _withVictims;

    /// <summary>How many nodes gave each reason.</summary>
    public IReadOnlyDictionary<string, int> Reasons => _reasons;

    /// <summary>A failure that needs no look at nodes.</summary>
    public static FitFailure Before(int nodes, string reason) => new(nodes, false) { _before = reason };

    /// <summary>Counts one node's refusal.</summary>
    public void Add(Refusal refusal, bool hasLowerPriority)
    {
        foreach (var reason in refusal.Reasons)
        {
            _reasons[reason] = _reasons.GetValueOrDefault(reason) + 1;
        }

        if (!refusal.Resolvable)
        {
            _helpless++;
        }
        else if (hasLowerPriority)
        {
            _withVictims++;
        }
        else
        {
            _withoutVictims++;
        }
    }

    /// <summary>The event's message.</summary>
    public string Message()
    {
        if (nodes == 0)
        {
            return "no nodes available to schedule pods";
        }

        var text = new StringBuilder($"0/{nodes} nodes are available: ");
        if (_before is not null)
        {
            return text.Append(_before).Append('.').ToString();
        }

        text.AppendJoin(", ", _reasons.Select(r => $"{r.Value} {r.Key}").Order(StringComparer.Ordinal)).Append('.');
        return text.Append(" preemption: ").Append(Preemption()).Append('.').ToString();
    }

    private string Preemption()
    {
        if (!mayPreempt)
        {
            return "not eligible due to preemptionPolicy=Never.";
        }

        var parts = new List<string>();
        if (_helpless > 0)
        {
            parts.Add($"{_helpless} Preemption is not helpful for scheduling");
        }

        if (_withoutVictims > 0)
        {
            parts.Add($"{_withoutVictims} No preemption victims found for incoming pod");
        }

        if (_withVictims > 0)
        {
            parts.Add($"{_withVictims} Preemption might help but this scheduler does not preempt yet: delete pods of lower priority");
        }

        parts.Sort(StringComparer.Ordinal);
        return $"0/{nodes} nodes are available: {string.Join(", ", parts)}.";
    }
}
