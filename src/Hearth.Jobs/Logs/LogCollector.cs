using System.Collections.Concurrent;
using Hearth.Jobs.Resources;
using Hearth.Kube.Client;
using Hearth.Kube.Core;

namespace Hearth.Jobs.Logs;

/// <summary>Keeps a shipper for every Spark container that has started, once each.</summary>
internal sealed class LogCollector(IKubeClient client, LogShipping shipping)
{
    private readonly ConcurrentDictionary<string, Task> _shippers = new(StringComparer.Ordinal);

    /// <summary>Starts shipping the log of a pod if it has begun and nobody ships it yet.</summary>
    public void Observe(JobRun run, Pod pod, CancellationToken ct)
    {
        var container = SparkContainer.Of(pod);
        if (container is null || pod.Metadata.Annotation(Hearth.Jobs.Runner.RunnerJob.NoLogAnnotation) == "DISABLED" || !SparkContainer.HasStarted(pod) || (LogPlaces.S3Root(run) is null && LogPlaces.Group(run) is null))
        {
            return;
        }

        _ = _shippers.GetOrAdd(pod.Metadata.Uid!, _ => Task.Run(() => RunAsync(new PodLogShipper(client, shipping, run, pod.Metadata.Name!, container), run, ct), CancellationToken.None));
    }

    /// <summary>Whether everything of a pod is written; true also when nothing is shipped for it.</summary>
    public bool IsDone(Pod pod) => !_shippers.TryGetValue(pod.Metadata.Uid!, out var task) || task.IsCompleted;

    /// <summary>Completes when a pod's log is written.</summary>
    public Task DoneAsync(string podUid) => _shippers.GetValueOrDefault(podUid, Task.CompletedTask);

    /// <summary>Completes when everything begun is written.</summary>
    public Task AllDoneAsync() => Task.WhenAll(_shippers.Values);

    /// <summary>Forgets a pod that is gone.</summary>
    public void Forget(string podUid)
    {
        if (_shippers.TryGetValue(podUid, out var task) && task.IsCompleted)
        {
            _shippers.TryRemove(podUid, out _);
        }
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
}
