using System.Diagnostics;
using System.Globalization;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Kube.Client;
using Hearth.Kube.Core;

namespace Hearth.Bench.Platform;

/// <summary>Follows a job run through the Kubernetes API.</summary>
internal sealed class JobWatch(IKubeClient client, string ns, bool trace)
{
    private readonly Dictionary<string, string> _told = new(StringComparer.Ordinal);

    /// <summary>Seconds from <paramref name="started"/> (of <see cref="Stopwatch"/>) until the run is seen to be COMPLETED.</summary>
    public async Task<double> CompletedAsync(string id, long started, TimeSpan deadline)
    {
        using var ending = new CancellationTokenSource(deadline);
        var pods = trace ? PodsAsync(id, started, ending.Token) : Task.CompletedTask;
        try
        {
            await foreach (var (_, run) in client.WatchAsync<JobRun>(ns, new WatchOptions { FieldSelector = $"metadata.name={id}" }, ending.Token))
            {
                Tell(started, id, $"job {run.State}");
                if (run.State.IsTerminal())
                {
                    var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
                    return run.State == JobRunState.Completed ? seconds : throw new BenchException($"job run {id} ended {run.State}: {run.Status?.StateDetails}");
                }
            }

            throw new BenchException($"the watch of job run {id} ended before the run did");
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            throw new BenchException($"job run {id} was not complete within {deadline.TotalSeconds:0} s");
        }
        finally
        {
            await ending.CancelAsync();
            await pods.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task PodsAsync(string id, long started, CancellationToken ct)
    {
        await foreach (var (type, pod) in client.WatchAsync<Pod>(ns, new WatchOptions(), ct))
        {
            var name = pod.Metadata.Name!;
            if (name.Contains(id, StringComparison.Ordinal) || pod.Metadata.Labels?.Values.Any(v => v.Contains(id, StringComparison.Ordinal)) == true)
            {
                Tell(started, name, $"pod {name} {(type == WatchEventType.Deleted ? "deleted" : pod.Status?.Phase)} {(pod.Spec?.NodeName is null ? "" : "bound")}");
            }
        }
    }

    private void Tell(long started, string about, string line)
    {
        if (!trace)
        {
            return;
        }

        lock (_told)
        {
            if (_told.GetValueOrDefault(about) != line)
            {
                _told[about] = line;
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(started).TotalMilliseconds,7:0} ms  {line}"));
            }
        }
    }
}
