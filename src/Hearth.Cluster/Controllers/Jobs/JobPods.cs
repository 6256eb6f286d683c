using System.Security.Cryptography;
using Hearth.Cluster.Controllers.Workloads;
using Hearth.Kube.Client;
using Hearth.Kube.Core;

namespace Hearth.Cluster.Controllers.Jobs;

/// <summary>
/// The pods of one job: those that the watch has shown, those that were created and are still to be shown, so that none is created twice, and those that went
/// before they were counted.
/// </summary>
public sealed class JobPods : PodBook
{
    private const string Characters = "bcdfghjklmnpqrstvwxz2456789";
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Pod> _seen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int?> _expected = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Pod> _gone = new(StringComparer.Ordinal);
    private HashSet<string>? _counted;

    /// <summary>Five characters as Kubernetes ends generated names.</summary>
    public static string Suffix() => RandomNumberGenerator.GetString(Characters, 5);

    /// <inheritdoc/>
    public override void Apply(WatchEventType type, Pod pod)
    {
        lock (_lock)
        {
            _expected.Remove(pod.Metadata.Name!);
            if (type == WatchEventType.Deleted)
            {
                _seen.Remove(pod.Metadata.Name!);
                if (_counted?.Remove(pod.Metadata.Uid!) != true && pod.IsFinished())
                {
                    _gone[pod.Metadata.Uid!] = pod;
                }
            }
            else
            {
                _seen[pod.Metadata.Name!] = pod;
            }
        }
    }

    /// <summary>A pod is about to be created.</summary>
    public void Expect(string name, int? index)
    {
        lock (_lock)
        {
            if (!_seen.ContainsKey(name))
            {
                _expected[name] = index;
            }
        }
    }

    /// <inheritdoc/>
    public override void Unexpect(string name)
    {
        lock (_lock)
        {
            _expected.Remove(name);
        }
    }

    /// <summary>The status has been written: these pods are counted, and those of them that are gone are forgotten.</summary>
    public void Counted(IEnumerable<string> uids)
    {
        lock (_lock)
        {
            _counted = new HashSet<string>(StringComparer.Ordinal);
            foreach (var uid in uids)
            {
                if (!_gone.Remove(uid))
                {
                    _counted.Add(uid);
                }
            }
        }
    }

    /// <summary>What there is.</summary>
    public (IReadOnlyList<Pod> Seen, IReadOnlyList<int?> Unseen, IReadOnlySet<string>? Counted) Look()
    {
        lock (_lock)
        {
            return ([.. _seen.Values, .. _gone.Values], [.. _expected.Values], _counted?.ToHashSet(StringComparer.Ordinal));
        }
    }
}
