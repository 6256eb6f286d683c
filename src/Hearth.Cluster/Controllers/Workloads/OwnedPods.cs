using System.Collections.Concurrent;
using Hearth.Kube.Client;
using Hearth.Kube.Core;

namespace Hearth.Cluster.Controllers.Workloads;

/// <summary>
/// Pods by the uid of the controller that owns them: those that the watch has shown, and the names of those that were created or deleted and whose change is still
/// to be shown, so that nothing is done twice.
/// </summary>
internal sealed class OwnedPods(string ownerKind)
{
    private readonly ConcurrentDictionary<string, Of> _byOwner = new(StringComparer.Ordinal);

    /// <summary>Takes over a change; the key (<c>namespace/name</c>) of the owner, or null when it is not one of these.</summary>
    public string? Apply(WatchEventType type, Pod pod)
    {
        if (pod.Metadata.OwnerReferences?.FirstOrDefault(o => o.Controller == true && o.Kind == ownerKind) is not { } owner)
        {
            return null;
        }

        _byOwner.GetOrAdd(owner.Uid, _ => new Of()).Apply(type, pod);
        return $"{pod.Metadata.Namespace}/{owner.Name}";
    }

    /// <summary>The pods of one owner.</summary>
    public Of this[string uid] => _byOwner.GetOrAdd(uid, _ => new Of());

    /// <summary>An owner is gone.</summary>
    public void Forget(string uid) => _byOwner.TryRemove(uid, out _);

    /// <summary>The pods of one owner.</summary>
    internal sealed class Of
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<string, Pod> _seen = new(StringComparer.Ordinal);
        private readonly HashSet<string> _coming = new(StringComparer.Ordinal);
        private readonly HashSet<string> _going = new(StringComparer.Ordinal);

        public void Apply(WatchEventType type, Pod pod)
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
        public void Expect(string name)
        {
            lock (_lock)
            {
                if (!_seen.ContainsKey(name))
                {
                    _coming.Add(name);
                }
            }
        }

        /// <summary>It was not created.</summary>
        public void Unexpect(string name)
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
                return ([.. _seen.Values.Where(p => !_going.Contains(p.Metadata.Uid!))], [.. _coming]);
            }
        }
    }
}
