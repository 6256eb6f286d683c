using System.Text.Json.Nodes;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Jobs.Service;
using Hearth.Kube.Client;
using Hearth.Kube.Informers;
using Hearth.Kube.Objects;

namespace Hearth.Jobs.Controllers;

/// <summary>
/// Writes the state of virtual clusters and carries out their termination: ends every job run and managed endpoint, waits for the ends. A termination
/// that the cluster forbids leaves the virtual cluster ARRESTED, until it is deleted again.
/// </summary>
public sealed class VirtualClusterController : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);
    private readonly IKubeClient _client;
    private readonly JobControllerOptions _options;
    private readonly Informer<VirtualCluster> _clusters;
    private readonly WorkQueue _queue;

    /// <summary>A controller for a cluster.</summary>
    public VirtualClusterController(IKubeClient client, JobControllerOptions options)
    {
        _client = client;
        _options = options;
        _queue = new WorkQueue(options.Time);
        _clusters = new Informer<VirtualCluster>(client, time: options.Time);
        _clusters.Changed += (_, cluster) => _queue.Add(cluster.Id);
    }

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var informer = _clusters.RunAsync(ct);
        try
        {
            await _queue.RunAsync(1, ReconcileAsync, (key, e) => _options.Log($"virtual cluster {key}: {e.Message}"), ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The platform stops.
        }

        await informer.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public void Dispose() => _queue.Dispose();

    private async Task<TimeSpan?> ReconcileAsync(string id, CancellationToken ct)
    {
        var cluster = await _client.FindAsync<VirtualCluster>(null, id, ct).ConfigureAwait(false);
        if (cluster is null || cluster.Status?.State == VirtualClusterState.Terminated)
        {
            return null;
        }

        if (cluster.Spec.Terminate != true)
        {
            await StateAsync(cluster, VirtualClusterState.Running, ct).ConfigureAwait(false);
            return null;
        }

        if (cluster.Status?.State == VirtualClusterState.Arrested)
        {
            return null;
        }

        await StateAsync(cluster, VirtualClusterState.Terminating, ct).ConfigureAwait(false);
        try
        {
            return await EmptyAsync(cluster, ct).ConfigureAwait(false);
        }
        catch (KubeException e) when (e.Code is 401 or 403)
        {
            await StateAsync(cluster, VirtualClusterState.Arrested, ct, $"The termination is not permitted: {e.Message} Restore the access and delete the virtual cluster again.").ConfigureAwait(false);
            return null;
        }
    }

    /// <summary>Ends what lives in a virtual cluster; a time for another look while something still does.</summary>
    private async Task<TimeSpan?> EmptyAsync(VirtualCluster cluster, CancellationToken ct)
    {
        var id = cluster.Id;
        var runs = await _client.ListAsync<JobRun>(cluster.Namespace, ListOptions.All, ct).ConfigureAwait(false);
        var live = runs.Where(r => r.Spec.VirtualClusterId == id && !r.State.IsTerminal()).ToArray();
        foreach (var run in live.Where(r => !r.CancelRequested))
        {
            await _client.PatchAsync(run.Ref(), KubePatch.Merge(new JsonObject { ["spec"] = new JsonObject { ["cancel"] = true } }), ct).ConfigureAwait(false);
        }

        var endpoints = await _client.ListAsync<ManagedEndpoint>(cluster.Namespace, ListOptions.All, ct).ConfigureAwait(false);
        var open = endpoints.Where(e => e.Spec.VirtualClusterId == id && !e.State.IsTerminal()).ToArray();
        foreach (var endpoint in open.Where(e => !e.EndRequested))
        {
            await _client.PatchAsync(endpoint.Ref(), KubePatch.Merge(new JsonObject { ["spec"] = new JsonObject { ["terminate"] = true } }), ct).ConfigureAwait(false);
        }

        if (live.Length + open.Length > 0)
        {
            return Poll;
        }

        await StateAsync(cluster, VirtualClusterState.Terminated, ct).ConfigureAwait(false);
        return null;
    }

    private async Task StateAsync(VirtualCluster cluster, VirtualClusterState state, CancellationToken ct, string? details = null)
    {
        if (cluster.Status?.State != state)
        {
            await _client.PatchStatusAsync(cluster, new JsonObject { ["state"] = Descriptions.Word(state), ["stateDetails"] = details }, ct).ConfigureAwait(false);
        }
    }
}
