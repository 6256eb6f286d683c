using Hearth.Cluster.ApiServer;
using Hearth.Cluster.Nodes.Containers;
using Hearth.Kube.Client;
using Hearth.Kube.Core;

namespace Hearth.Cluster.Nodes;

/// <summary>
/// Answers the API server's questions about containers out of the node agent. The API server exists before the agent (which is its client), so
/// the agent is attached later; until then there are no logs.
/// </summary>
public sealed class NodePodRuntime(TimeProvider time) : IPodRuntime
{
    private (NodeAgent Agent, IKubeClient Client, NodeAgentOptions Options)? _attached;

    /// <summary>Names the agent that runs the containers.</summary>
    public void Attach(NodeAgent agent, IKubeClient client, NodeAgentOptions options) => _attached = (agent, client, options);

    /// <inheritdoc/>
    public async Task<Stream> OpenLogAsync(string ns, string pod, string container, LogOptions options, CancellationToken ct)
    {
        if (_attached is not { } attached)
        {
            throw new KubeException(503, "ServiceUnavailable", "the nodes are still starting; try again in a moment");
        }

        var found = await attached.Client.GetAsync<Pod>(ns, pod, ct).ConfigureAwait(false);
        var worker = attached.Agent.Worker(found);
        var status = (found.Status?.InitContainerStatuses ?? []).Concat(found.Status?.ContainerStatuses ?? []).FirstOrDefault(s => s.Name == container);
        var run = Run(status, options.Previous);
        var path = attached.Options.LogPath(found, container, run);
        if (!File.Exists(path))
        {
            throw Missing(found, container, status, options.Previous);
        }

        var live = options.Previous ? null : worker?.LiveLog(container);
        return LogReader.Open(path, live is not null && live.Path == path ? live : null, options, time, ct);
    }

    // While a container waits for its restart, its log is that of the run before.
    private static int Run(ContainerStatus? status, bool previous)
    {
        var restarts = status?.RestartCount ?? 0;
        var ended = status?.State?.Waiting is not null && restarts > 0;
        return previous || ended ? Math.Max(0, restarts - 1) : restarts;
    }

    private static KubeException Missing(Pod pod, string container, ContainerStatus? status, bool previous) => previous
        ? new KubeException(400, "BadRequest", $"previous terminated container \"{container}\" in pod \"{pod.Metadata.Name}\" not found")
        : new KubeException(400, "BadRequest", $"container \"{container}\" in pod \"{pod.Metadata.Name}\" is waiting to start: {status?.State?.Waiting?.Reason ?? "ContainerCreating"}");
}
