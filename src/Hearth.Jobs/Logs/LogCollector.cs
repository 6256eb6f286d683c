using System.Collections.Concurrent;
using Hearth.Jobs.Resources;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Shippers = System.Collections.Immutable.ImmutableDictionary<string, Hearth.Jobs.Logs.LogCollector.Shipper>;

namespace Hearth.Jobs.Logs;

/// <summary>
/// Keeps a shipper for every Spark container that has started, once each. A pod is remembered until the watch has shown it and shows it no more, not
/// until its log is written: the watch is behind, and a second shipper would write every line again.
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
    /// <param name="watched">All pods of the run that the watch shows now.</param>
    /// <param name="driver">The driver as it was read, which the watch may not show yet; or null.</param>
    /// <param name="ct">Ends the shipping, after the last words are written.</param>
    public void Observe(string key, JobRun run, IReadOnlyList<Pod> watched, Pod? driver, CancellationToken ct)
    {
        var seen = watched.Select(p => p.Metadata.Uid!).ToHashSet(StringComparer.Ordinal);
        var known = _runs.GetValueOrDefault(key, Shippers.Empty);
        var next = known.RemoveRange(known.Where(s => s.Value is { IsSeen: true, Work.IsCompleted: true } && !seen.Contains(s.Key)).Select(s => s.Key));
        foreach (var pod in driver is null || seen.Contains(driver.Metadata.Uid!) ? watched : [.. watched, driver])
        {
            var uid = pod.Metadata.Uid!;
            if (next.TryGetValue(uid, out var shipper))
            {
                next = next.SetItem(uid, shipper with { IsSeen = shipper.IsSeen || seen.Contains(uid) });
            }
            else if (Container(run, pod) is { } container)
            {
                next = next.Add(uid, new Shipper(Start(run, pod, container, ct), seen.Contains(uid)));
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
    public bool IsDone(string key, Pod pod) => _runs.GetValueOrDefault(key, Shippers.Empty).GetValueOrDefault(pod.Metadata.Uid!) is not { Work.IsCompleted: false };

    /// <summary>Completes when everything begun is written.</summary>
    public Task AllDoneAsync() => Task.WhenAll(_runs.Values.SelectMany(r => r.Values).Select(s => s.Work));

    /// <summary>Forgets a run that is gone.</summary>
    public void Forget(string key) => _runs.TryRemove(key, out _);

    private static string? Container(JobRun run, Pod pod) =>
        (LogPlaces.S3Root(run) is null && LogPlaces.Group(run) is null)
        || pod.Metadata.Annotation(Runner.RunnerJob.NoLogAnnotation) == "DISABLED"
        || !SparkContainer.HasStarted(pod)
            ? null
            : SparkContainer.Of(pod);

    private Task Start(JobRun run, Pod pod, string container, CancellationToken ct)
    {
        var shipper = new PodLogShipper(client, shipping, run, pod.Metadata.Name!, container);
        return Task.Run(() => RunAsync(shipper, run, ct), CancellationToken.None);
    }

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

    /// <summary>What ships the log of one pod.</summary>
    /// <param name="Work">Completes when everything is written.</param>
    /// <param name="IsSeen">Whether the watch has shown the pod.</param>
    internal sealed record Shipper(Task Work, bool IsSeen);
}
