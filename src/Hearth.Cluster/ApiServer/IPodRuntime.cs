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
}

/// <summary>No containers run here: clusters made of objects only.</summary>
public sealed class NoPodRuntime : IPodRuntime
{
    /// <inheritdoc/>
    public Task<Stream> OpenLogAsync(string ns, string pod, string container, LogOptions options, CancellationToken ct) =>
        throw new KubeException(501, "NotImplemented", "this cluster runs no containers, so it has no logs");
}
