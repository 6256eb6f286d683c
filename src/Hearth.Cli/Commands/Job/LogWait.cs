using Hearth.Jobs;
using Hearth.Jobs.Emr;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Informers;

namespace Hearth.Cli.Commands.Job;

/// <summary>Waits until a pod of a job run has a log to follow.</summary>
internal sealed class LogWait(IKubeClient client, JobRun run, Func<JobRun, string?> podName)
{
    /// <summary>Returns the job run as it is once that pod's container has started, or the job has ended.</summary>
    public async Task<JobRun> UntilStartedAsync(CancellationToken ct)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var runs = new Informer<JobRun>(client, run.Metadata.Namespace);
        var pods = new Informer<Pod>(client, run.Metadata.Namespace, $"{EmrNames.JobIdLabel}={run.Id}");
        var done = new TaskCompletionSource<JobRun>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            var now = runs.Find(run.Metadata.Namespace, run.Id) ?? run;
            var pod = podName(now) is { } name ? pods.Find(run.Metadata.Namespace, name) : null;
            if (now.State.IsTerminal() || (pod is not null && SparkContainer.HasStarted(pod)))
            {
                done.TrySetResult(now);
            }
        }

        runs.Changed += (_, _) => Look();
        pods.Changed += (_, _) => Look();
        Task[] informers = [runs.RunAsync(ending.Token), pods.RunAsync(ending.Token)];
        try
        {
            return await done.Task.WaitAsync(ct).ConfigureAwait(false);
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(informers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
