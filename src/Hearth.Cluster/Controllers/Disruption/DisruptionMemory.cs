using Hearth.Scheduling.Disruption;

namespace Hearth.Cluster.Controllers.Disruption;

/// <summary>What the disruption controller remembers between passes: that a look was in vain and nothing has changed since, and what it has said already.</summary>
internal sealed class DisruptionMemory(TimeSpan lasts, TimeProvider time)
{
    private static readonly TimeSpan SayAgain = TimeSpan.FromMinutes(15);
    private readonly Dictionary<string, (string Message, DateTimeOffset At)> _said = new(StringComparer.Ordinal);
    private long _changes;
    private (long Stamp, DateTimeOffset Until) _looked = (-1, default);
    private (long Stamp, string Nodes, DateTimeOffset At) _fruitless = (-1, "", default);

    /// <summary>Pools that the last pass over single nodes did not get to.</summary>
    public IReadOnlyList<string> Unseen { get; set; } = [];

    /// <summary>Changes so far.</summary>
    public long Stamp => Interlocked.Read(ref _changes);

    /// <summary>Something that decisions depend on has changed.</summary>
    public void Changed() => Interlocked.Increment(ref _changes);

    /// <summary>A look found nothing to do and nothing that comes due before <paramref name="holds"/> is over.</summary>
    public void Looked(long stamp, TimeSpan holds) => _looked = (stamp, time.GetUtcNow() + holds);

    /// <summary>Whether another look would see the same, and how long that may last.</summary>
    public bool IsQuiet(out TimeSpan left)
    {
        left = _looked.Until - time.GetUtcNow();
        return _looked.Stamp == Stamp && left > TimeSpan.Zero;
    }

    /// <summary>A look at these nodes found nothing.</summary>
    public void Fruitless(long stamp, IReadOnlyList<DisruptionCandidate> candidates) => _fruitless = (stamp, Names(candidates), time.GetUtcNow());

    /// <summary>Whether another look would find nothing either.</summary>
    public bool IsKnownFruitless(IReadOnlyList<DisruptionCandidate> candidates) =>
        _fruitless.Stamp == Stamp && time.GetUtcNow() - _fruitless.At < lasts && _fruitless.Nodes == Names(candidates);

    /// <summary>Whether the same was said of the node a short while ago; if not it counts as said now.</summary>
    public bool SaidLately(string node, string reason, string message)
    {
        var (key, now) = ($"{node}/{reason}", time.GetUtcNow());
        if (_said.TryGetValue(key, out var said) && said.Message == message && now - said.At < SayAgain)
        {
            return true;
        }

        if (_said.Count > 10_000)
        {
            _said.Clear();
        }

        _said[key] = (message, now);
        return false;
    }

    private static string Names(IReadOnlyList<DisruptionCandidate> candidates) => string.Join(' ', candidates.Select(c => c.NodeName));
}
