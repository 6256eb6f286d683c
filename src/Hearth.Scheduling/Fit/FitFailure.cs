using System.Text;

namespace Hearth.Scheduling.Fit;

/// <summary>Why no node takes a pod, and the text of its FailedScheduling event (kube-scheduler, framework.FitError).</summary>
public sealed class FitFailure(int nodes)
{
    private readonly SortedDictionary<string, int> _reasons = new(StringComparer.Ordinal);
    private readonly List<NodeInfo> _crowded = [];
    private readonly HashSet<string> _helpless = new(StringComparer.Ordinal);
    private string? _before;

    /// <summary>How many nodes gave each reason.</summary>
    public IReadOnlyDictionary<string, int> Reasons => _reasons;

    /// <summary>Nodes that might take the pod if pods left them, in name order.</summary>
    public IReadOnlyList<NodeInfo> Crowded => _crowded;

    /// <summary>How many nodes there are.</summary>
    public int NodeCount => nodes;

    /// <summary>How many nodes would not take the pod whoever left them.</summary>
    public int Helpless => _helpless.Count;

    /// <summary>What preemption has to say, without the words around it; null leaves it out.</summary>
    public string? Preemption { get; set; }

    /// <summary>A promise of room that the pod has stands, although nothing more is done for it.</summary>
    public bool KeepsNomination { get; set; }

    /// <summary>A failure that needs no look at nodes.</summary>
    public static FitFailure Before(int nodes, string reason) => new(nodes)
    {
        _before = reason,
        Preemption = $"0/{nodes} nodes are available: {nodes} Preemption is not helpful for scheduling.",
    };

    /// <summary>Whether a node would not take the pod whoever left it.</summary>
    public bool IsHelpless(string node) => _helpless.Contains(node);

    /// <summary>Counts one node's refusal.</summary>
    public void Add(Refusal refusal, NodeInfo node)
    {
        foreach (var reason in refusal.Reasons)
        {
            _reasons[reason] = _reasons.GetValueOrDefault(reason) + 1;
        }

        if (refusal.Resolvable)
        {
            _crowded.Add(node);
        }
        else
        {
            _helpless.Add(node.Name);
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
        text.AppendJoin(", ", _before is null ? Sorted(_reasons) : [_before]).Append('.');
        return Preemption is null ? text.ToString() : text.Append(" preemption: ").Append(Preemption).Append('.').ToString();
    }

    /// <summary>Counted reasons as upstream lists them: sorted as text.</summary>
    internal static IEnumerable<string> Sorted(IEnumerable<KeyValuePair<string, int>> reasons) => reasons.Select(r => $"{r.Value} {r.Key}").Order(StringComparer.Ordinal);
}
