using Hearth.Kube.Client;
using Hearth.Kube.Core;

namespace Hearth.Cluster.Controllers.Workloads;

/// <summary>
/// The pods of one owner: those that the watch has shown, and the names of those that were created or deleted and whose change is still to be shown, so that nothing is done twice.
/// </summary>
public sealed class OwnedPods : PodBook
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Pod> _seen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _coming = new(StringComparer.Ordinal);
    private readonly HashSet<string> _going = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override void Apply(WatchEventType type, Pod pod)
    {
        lock (_lock)
        {
            _coming.Remove(pod.Metadata.Name!);
            if (type == WatchEventType.Deleted)
            {
                _seen.Remove(pod.Metadata.Name!);
                _going.Remove(pod.Metadata.Uid!);
                return;
            }

            _seen[pod.Metadata.Name!] = pod;
            if (pod.Metadata.IsDeleting())
            {
                _going.Remove(pod.Metadata.Uid!);
            }
        }
    }

    /// <summary>A pod is about to be created.</summary>
    /// <param name="name">Of the pod.</param>
    /// <param name="place">The node that it is made for, where that matters.</param>
    public void Expect(string name, string place = "")
    {
        lock (_lock)
        {
            if (!_seen.ContainsKey(name))
            {
                _coming[name] = place;
            }
        }
    }

    /// <inheritdoc/>
    public override void Unexpect(string name)
    {
        lock (_lock)
        {
            _coming.Remove(name);
        }
    }

    /// <summary>A pod is about to be deleted.</summary>
    public void ExpectGone(string uid)
    {
        lock (_lock)
        {
            _going.Add(uid);
        }
    }

    /// <summary>It was not deleted.</summary>
    public void UnexpectGone(string uid)
    {
        lock (_lock)
        {
            _going.Remove(uid);
        }
    }

    /// <summary>What there is: without those that were told to go, and the names that are on their way.</summary>
    public (IReadOnlyList<Pod> Pods, IReadOnlyCollection<string> Coming) Look()
    {
        lock (_lock)
        {
            return ([.. _seen.Values.Where(p => !_going.Contains(p.Metadata.Uid!))], [.. _coming.Keys]);
        }
    }

    /// <summary>The nodes that pods on their way are made for.</summary>
    public IReadOnlySet<string> PlacesOfComing()
    {
        lock (_lock)
        {
            return _coming.Values.ToHashSet(StringComparer.Ordinal);
        }
    }
}
