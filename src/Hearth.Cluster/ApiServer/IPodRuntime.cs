using Hearth.Kube.Client;

namespace Hearth.Cluster.ApiServer;

/// <summary>What only those who run containers can answer. The API server has checked that the pod exists and which container is meant.</summary>
public interface IPodRuntime
{
    /// <summary>
    /// Opens a container's log as raw bytes: ends with the log, or with the container when following.
    /// </summary>
    /// <param name="ns">Namespace of the pod.</param>
    /// <param name="pod">Name of the pod.</param>
    /// <param name="container">Name of the container; never empty.</param>
    /// <param name="options">Which part; <see cref="LogOptions.Container"/> is set.</param>
    /// <param name="ct">Ends a stream that follows.</param>
    /// <exception cref="KubeException">400: nothing has run yet, or there is no previous run; in the words of section "Logs" of the API.</exception>
    Task<Stream> OpenLogAsync(string ns, string pod, string container, LogOptions options, CancellationToken ct);

    /// <summary>Starts a further process in a running container: same files, processes, variables, user and limits.</summary>
    /// <param name="ns">Namespace of the pod.</param>
    /// <param name="pod">Name of the pod.</param>
    /// <param name="container">Name of the container; never empty.</param>
    /// <param name="command">What to start.</param>
    /// <param name="ct">Gives up starting; what has started goes on.</param>
    /// <exception cref="KubeException">400: the container does not run, or cannot be entered on this machine; the message says what to do.</exception>
    Task<IExecSession> ExecAsync(string ns, string pod, string container, ExecCommand command, CancellationToken ct);

    /// <summary>Connects to a TCP port of a pod.</summary>
    /// <param name="ns">Namespace of the pod.</param>
    /// <param name="pod">Name of the pod.</param>
    /// <param name="port">1 to 65535.</param>
    /// <param name="ct">Gives up connecting.</param>
    /// <exception cref="KubeException">The pod does not run, or nothing listens on the port.</exception>
    Task<Stream> ConnectAsync(string ns, string pod, int port, CancellationToken ct);
}

/// <summary>No containers run here: clusters made of objects only.</summary>
public sealed class NoPodRuntime : IPodRuntime
{
    /// <inheritdoc/>
    public Task<Stream> OpenLogAsync(string ns, string pod, string container, LogOptions options, CancellationToken ct) => throw None("it has no logs");

    /// <inheritdoc/>
    public Task<IExecSession> ExecAsync(string ns, string pod, string container, ExecCommand command, CancellationToken ct) => throw None("nothing can be started in one");

    /// <inheritdoc/>
    public Task<Stream> ConnectAsync(string ns, string pod, int port, CancellationToken ct) => throw None("nothing listens in one");

    private static KubeException None(string so) => new(501, "NotImplemented", $"this cluster runs no containers, so {so}");
}
