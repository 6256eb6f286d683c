using System.Collections.Concurrent;
using System.Collections.Immutable;
using Hearth.Jobs.Emr;
using Hearth.Kube.Client;
using Hearth.Kube.Core;

namespace Hearth.Jobs.Controllers;

/// <summary>Pods by the job run they belong to, so that an event of one run costs nothing for all others. Fed by one informer, read by any thread.</summary>
internal sealed class PodIndex
{
    private static readonly ImmutableDictionary<string, Pod> None = ImmutableDictionary.Create<string, Pod>(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ImmutableDictionary<string, Pod>> _pods = new(StringComparer.Ordinal);

    /// <summary>Key of the job run that a pod belongs to.</summary>
    public static string RunOf(Pod pod) => $"{pod.Metadata.Namespace}/{pod.Metadata.Label(EmrNames.JobIdLabel)}";

    /// <summary>Takes over a change.</summary>
    public void Apply(WatchEventType type, Pod pod)
    {
        var run = RunOf(pod);
        var pods = _pods.GetValueOrDefault(run, None);
        pods = type == WatchEventType.Deleted ? pods.Remove(pod.Metadata.Name!) : pods.SetItem(pod.Metadata.Name!, pod);
        if (pods.IsEmpty)
        {
            _pods.TryRemove(run, out _);
        }
        else
        {
            _pods[run] = pods;
        }
    }

    /// <summary>The pods of a run.</summary>
    /// <param name="run">Its key, <c>namespace/id</c>.</param>
    public IReadOnlyList<Pod> Of(string run) => [.. _pods.GetValueOrDefault(run, None).Values];
}
