using Hearth.Kube.Client;

namespace Hearth.Jobs.Controllers;

/// <summary>All controllers of the room over one cluster. The custom resource definitions (<c>EmrCrds.All()</c>) must be there before.</summary>
public sealed class JobControllers(IKubeClient client, JobControllerOptions options)
{
    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        using var clusters = new VirtualClusterController(client, options);
        using var endpoints = new ManagedEndpointController(client, options);
        using var runs = new JobRunController(client, options);
        await Task.WhenAll(clusters.RunAsync(ct), endpoints.RunAsync(ct), runs.RunAsync(ct)).ConfigureAwait(false);
    }
}
