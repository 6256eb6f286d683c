using Hearth.Aws.Client;
using Hearth.Cli.CommandLine;
using Hearth.Jobs.Resources;
using Hearth.Kube.Client;
using Hearth.Platform;

namespace Hearth.Cli.Commands.Job;

/// <summary>The platform as the job commands see it: its two APIs, and whether it still runs.</summary>
internal sealed class JobPlatform(string region, IKubeClient kube, IAwsClient aws, Func<bool> isRunning) : IDisposable
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    public string Region { get; } = region;

    public IKubeClient Kube { get; } = kube;

    public IAwsClient Aws { get; } = aws;

    /// <summary>What the platform was declared as; null when it is not known.</summary>
    public PlatformDeclaration? Declaration { get; init; }

    /// <summary>Address of the web console with its key; empty when there is none.</summary>
    public string Console { get; init; } = "";

    /// <summary>The page of a job run in the console, or null when there is no console.</summary>
    public string? PageOf(JobRun run) =>
        Uri.TryCreate(Console, UriKind.Absolute, out var console) ? new Uri(console, $"/jobs/{run.Id}{console.Query}").ToString() : null;

    /// <summary>Does something that may wait for long; says so when the platform stops meanwhile.</summary>
    public async Task<T> WhileRunningAsync<T>(Func<CancellationToken, Task<T>> work, TimeProvider clock, CancellationToken ct)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var poll = new PeriodicTimer(LookAgain, clock);
        var task = work(linked.Token);
        while (!task.IsCompleted && !ct.IsCancellationRequested)
        {
            await Task.WhenAny(task, poll.WaitForNextTickAsync(linked.Token).AsTask()).ConfigureAwait(false);
            if (!task.IsCompleted && !isRunning())
            {
                await linked.CancelAsync().ConfigureAwait(false);
                await ((Task)task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                throw new CliException("the platform has stopped meanwhile", "Start it again with `hearth up`; `hearth job list` then shows what became of the job.");
            }
        }

        return await task.ConfigureAwait(false);
    }

    public void Dispose()
    {
        Aws.Dispose();
        (Kube as IDisposable)?.Dispose();
    }
}
