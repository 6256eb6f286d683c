using System.Collections.Concurrent;

namespace Hearth.Cluster.Controllers.Provisioning;

/// <summary>Nodes that a plan has just counted on: they are not taken away for the next moments (Karpenter: 20 s).</summary>
public sealed class Nominations(TimeProvider time, TimeSpan? holds = null)
{
    private readonly TimeSpan _holds = holds ?? TimeSpan.FromSeconds(20);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _until = new(StringComparer.Ordinal);

    /// <summary>Counts on a node (or on a claim, by the claim's name).</summary>
    public void Nominate(string name) => _until[name] = time.GetUtcNow() + _holds;

    /// <summary>Whether the node is counted on now.</summary>
    public bool IsNominated(string name)
    {
        if (!_until.TryGetValue(name, out var until))
        {
            return false;
        }

        if (until > time.GetUtcNow())
        {
            return true;
        }

        _until.TryRemove(new KeyValuePair<string, DateTimeOffset>(name, until));
        return false;
    }
}
