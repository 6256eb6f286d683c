using Hearth.Jobs.Emr;
using Hearth.Jobs.Resources;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.Jobs.Controllers;

/// <summary>Removes what a run has left on the cluster: pods, settings, service and claims of its Spark application.</summary>
internal sealed class JobCleaner(IKubeClient client)
{
    private static readonly ResourceType[] Leftovers = [Hearth.Kube.Core.Service.Type, ConfigMap.Type, PersistentVolumeClaim.Type];

    /// <summary>Removes them; what is gone already does not matter.</summary>
    public async Task CleanAsync(JobRun run, IReadOnlyList<Pod> pods, CancellationToken ct)
    {
        foreach (var pod in pods.Where(p => p.Metadata.DeletionTimestamp is null))
        {
            await client.DeleteIfExistsAsync(pod.Ref(), DeleteOptions.Default, ct).ConfigureAwait(false);
        }

        var ns = run.Metadata.Namespace;
        var options = new ListOptions { LabelSelector = $"spark-app-selector={EmrNames.ApplicationId(run.Id)}" };
        foreach (var type in Leftovers)
        {
            var found = await client.ListAsync(type, ns, options, ct).ConfigureAwait(false);
            foreach (var item in found.Items)
            {
                await client.DeleteIfExistsAsync(new ObjectRef(type, ns, item["metadata"]!["name"]!.ToString()), DeleteOptions.Default, ct).ConfigureAwait(false);
            }
        }
    }
}
