using System.ComponentModel;
using System.Net.Sockets;
using Hearth.Cluster.ApiServer;
using Hearth.Cluster.Nodes.Containers;
using Hearth.Cluster.Nodes.Sandbox;
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
        var attached = Attached();
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

    /// <inheritdoc/>
    public async Task<IExecSession> ExecAsync(string ns, string pod, string container, ExecCommand command, CancellationToken ct)
    {
        var (agent, client, options) = Attached();
        var found = await client.GetAsync<Pod>(ns, pod, ct).ConfigureAwait(false);
        var running = agent.Worker(found)?.Running(container)
            ?? throw new KubeException(400, "BadRequest", $"container \"{container}\" in pod \"{pod}\" does not run");
        try
        {
            return await running.ExecAsync(agent.Starter, command, options.PodDirectory(found)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SandboxEntryException or ContainerConfigException or Win32Exception or IOException)
        {
            throw new KubeException(400, "BadRequest", $"nothing can be started in container \"{container}\" of pod \"{pod}\": {e.Message}");
        }
    }

    /// <inheritdoc/>
    public async Task<Stream> ConnectAsync(string ns, string pod, int port, CancellationToken ct)
    {
        var found = await Attached().Client.GetAsync<Pod>(ns, pod, ct).ConfigureAwait(false);
        if (found.Status is not { Phase: "Running", PodIP: { } address })
        {
            throw new KubeException(400, "BadRequest", $"pod \"{pod}\" does not run: its phase is {found.Status?.Phase ?? "Pending"}");
        }

        // Pods share this machine's network: a program that listens on the loopback interface of its pod is on this machine's.
        return await PortAsync(address, port, ct).ConfigureAwait(false) ?? await PortAsync("127.0.0.1", port, ct).ConfigureAwait(false)
            ?? throw new KubeException(400, "BadRequest", $"nothing listens on port {port} of pod \"{pod}\" (connection refused)");
    }

    private static async Task<Stream?> PortAsync(string address, int port, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, port, ct).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private (NodeAgent Agent, IKubeClient Client, NodeAgentOptions Options) Attached() =>
        _attached ?? throw new KubeException(503, "ServiceUnavailable", "the nodes are still starting; try again in a moment");

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
