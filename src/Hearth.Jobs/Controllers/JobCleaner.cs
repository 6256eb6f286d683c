using Hearth.Jobs.Emr;
using Hearth.Jobs.Resources;
using Hearth.Jobs.Runner;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.Jobs.Controllers;

/// <summary>Removes what a run has left on the cluster: pods, settings, service and claims of its Spark application.</summary>
internal sealed class JobCleaner(IKubeClient client)
{
    private static readonly ResourceType[] Leftovers = [Hearth.Kube.Core.Service.Type, ConfigMap.Type, PersistentVolumeClaim.Type];

    /// <summary>Removes the Kubernetes Jobs of all attempts; their pods go with them.</summary>
    public async Task RunnersAsync(JobRun run, CancellationToken ct)
    {
        for (var attempt = 1; attempt <= (run.Status?.Attempt ?? 1); attempt++)
        {
            await client.DeleteIfExistsAsync(new ObjectRef(Job.Type, run.Metadata.Namespace, EmrNames.RunnerJob(run, attempt)), DeleteOptions.Default, ct).ConfigureAwait(false);
        }
    }

    /// <summary>Removes them; what is gone already does not matter.</summary>
    public async Task CleanAsync(JobRun run, IReadOnlyList<Pod> pods, CancellationToken ct)
    {
        foreach (var pod in pods.Where(p => p.Metadata.DeletionTimestamp is null))
        {
            await client.DeleteIfExistsAsync(pod.Ref(), DeleteOptions.Default, ct).ConfigureAwait(false);
        }

        await RunnersAsync(run, ct).ConfigureAwait(false);
        var ns = run.Metadata.Namespace;
        foreach (var map in (string[])[RunnerJob.DefaultsMap(run.Id), RunnerJob.TemplateMap(run.Id)])
        {
            await client.DeleteIfExistsAsync(new ObjectRef(ConfigMap.Type, ns, map), DeleteOptions.Default, ct).ConfigureAwait(false);
        }

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
