using System.Collections.Concurrent;
using Hearth.Jobs.Resources;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Shippers = System.Collections.Immutable.ImmutableDictionary<string, System.Threading.Tasks.Task>;

namespace Hearth.Jobs.Logs;

/// <summary>
/// Keeps a shipper for every Spark container that has started, once each. A pod is remembered until the caller no longer sees it, not until its
/// log is written: the cluster still shows a deleted pod for a moment, and a second shipper would write every line again.
/// </summary>
/// <remarks>Calls about one run come one after another; runs may be handled at the same time.</remarks>
internal sealed class LogCollector(IKubeClient client, LogShipping shipping)
{
    private readonly ConcurrentDictionary<string, Shippers> _runs = new(StringComparer.Ordinal);

    /// <summary>Containers that are remembered.</summary>
    public int Count => _runs.Values.Sum(r => r.Count);

    /// <summary>Starts shipping the logs of the pods that have begun and that nobody ships yet; forgets those that are written and no longer there.</summary>
    /// <param name="key">Namespace and name of the run.</param>
    /// <param name="run">The run.</param>
    /// <param name="pods">All pods of the run that are seen now.</param>
    /// <param name="ct">Ends the shipping, after the last words are written.</param>
    public void Observe(string key, JobRun run, IReadOnlyList<Pod> pods, CancellationToken ct)
    {
        var known = _runs.GetValueOrDefault(key, Shippers.Empty);
        var seen = pods.Select(p => p.Metadata.Uid!).ToHashSet(StringComparer.Ordinal);
        var next = known.RemoveRange(known.Where(s => s.Value.IsCompleted && !seen.Contains(s.Key)).Select(s => s.Key));
        foreach (var pod in pods.Where(p => !next.ContainsKey(p.Metadata.Uid!)))
        {
            if (Container(run, pod) is { } container)
            {
                var shipper = new PodLogShipper(client, shipping, run, pod.Metadata.Name!, container);
                next = next.Add(pod.Metadata.Uid!, Task.Run(() => RunAsync(shipper, run, ct), CancellationToken.None));
            }
        }

        if (next.IsEmpty)
        {
            _runs.TryRemove(key, out _);
        }
        else
        {
            _runs[key] = next;
        }
    }

    /// <summary>Whether everything of a run's pod is written; true also when nothing is shipped for it.</summary>
    public bool IsDone(string key, Pod pod) => _runs.GetValueOrDefault(key, Shippers.Empty).GetValueOrDefault(pod.Metadata.Uid!) is not { IsCompleted: false };

    /// <summary>Completes when everything begun is written.</summary>
    public Task AllDoneAsync() => Task.WhenAll(_runs.Values.SelectMany(r => r.Values));

    /// <summary>Forgets a run that is gone.</summary>
    public void Forget(string key) => _runs.TryRemove(key, out _);

    private static string? Container(JobRun run, Pod pod) =>
        (LogPlaces.S3Root(run) is null && LogPlaces.Group(run) is null)
        || pod.Metadata.Annotation(Runner.RunnerJob.NoLogAnnotation) == "DISABLED"
        || !SparkContainer.HasStarted(pod)
            ? null
            : SparkContainer.Of(pod);

    private async Task RunAsync(PodLogShipper shipper, JobRun run, CancellationToken ct)
    {
        try
        {
            await shipper.RunAsync(ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The platform stops.
        }
        catch (Exception e)
        {
            shipping.Log($"logs of job run {run.Id}: {e.Message}");
        }
    }
}
