using System.Collections.Concurrent;
using System.Globalization;
using Hearth.Jobs.Resources;
using Hearth.Kube.Client;
using Hearth.Kube.Informers;

namespace Hearth.Jobs.Service;

/// <summary>
/// Job runs by virtual cluster, newest first, without their programs and configurations: so that listings and queue counts cost the same
/// however many runs there are. It follows the cluster through a watch that begins with the first question; what the service itself writes
/// is put in at once, so that a client finds what it has just made.
/// </summary>
internal sealed class RunIndex : IDisposable
{
    private readonly ConcurrentDictionary<string, ClusterRuns> _clusters = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly Informer<JobRun> _informer;
    private readonly Lazy<Task> _following;

    public RunIndex(IKubeClient client, TimeProvider time)
    {
        _informer = new Informer<JobRun>(client, time: time);
        _informer.Changed += (change, run) => Apply(change, run);
        _following = new Lazy<Task>(() => Task.Run(() => _informer.RunAsync(_stop.Token), _stop.Token));
    }

    /// <summary>The runs of a virtual cluster.</summary>
    public async Task<ClusterRuns> OfAsync(string virtualClusterId, CancellationToken ct)
    {
        _ = _following.Value;
        await _informer.Synced.WaitAsync(ct).ConfigureAwait(false);
        return Cluster(virtualClusterId);
    }

    /// <summary>A run that was just made.</summary>
    public void Add(JobRun run) => Apply(WatchEventType.Added, run);

    /// <summary>A run that was just changed; one that is gone meanwhile does not come back.</summary>
    public void Replace(JobRun run) => Apply(WatchEventType.Bookmark, run);

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    /// <summary>The store's order of writes; 0 where a server gives no number.</summary>
    internal static long Version(JobRun run) =>
        long.TryParse(run.Metadata.ResourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;

    private void Apply(WatchEventType change, JobRun run)
    {
        if (run.Spec.VirtualClusterId is { } cluster)
        {
            Cluster(cluster).Apply(change, run);
        }
    }

    private ClusterRuns Cluster(string id) => _clusters.GetOrAdd(id, _ => new ClusterRuns());
}
