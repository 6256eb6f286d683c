using System.Text.Json.Nodes;
using Hearth.Jobs.Emr;
using Hearth.Jobs.Runner;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.Jobs.Tests.Controllers;

/// <summary>Plays the node under job runners: mounts their config maps, runs the program, sets the pod's status.</summary>
internal sealed class RunnerHands(IKubeClient cluster, string ns, Func<Pod, Task<IKubeClient>> clientOf)
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hearth-runner").FullName;

    /// <summary>What runners wrote.</summary>
    public StringWriter Log { get; } = new();

    /// <summary>Whether runners start; they wait as pending pods otherwise.</summary>
    public bool AreFree { get; set; } = true;

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var running = new List<Task>();
        try
        {
            await foreach (var (type, pod) in cluster.WatchAsync<Pod>(ns, new WatchOptions { LabelSelector = $"{EmrNames.ComponentLabel}={RunnerJob.Component}" }, ct))
            {
                if (type == WatchEventType.Added && AreFree)
                {
                    running.Add(ContainerAsync(pod, ct));
                }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Directory.Delete(_directory, recursive: true);
        }
    }

    /// <summary>Plays the job controller of a cluster that has none: a pod a Job, its end becomes the Job's.</summary>
    public static async Task ControlAsync(FakeCluster cluster, string ns, CancellationToken ct)
    {
        try
        {
            await foreach (var (type, job) in cluster.WatchAsync<Job>(ns, new WatchOptions(), ct))
            {
                if (type == WatchEventType.Added)
                {
                    var pod = (JsonObject)job.Spec!.Template!.DeepClone();
                    var metadata = (JsonObject)pod["metadata"]!;
                    metadata["name"] = job.Metadata.Name + "-abcde";
                    metadata["ownerReferences"] = new JsonArray(new JsonObject { ["apiVersion"] = "batch/v1", ["kind"] = "Job", ["name"] = job.Metadata.Name, ["uid"] = job.Metadata.Uid, ["controller"] = true });
                    await cluster.CreateAsync(Pod.Type, ns, pod, ct);
                }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The test ends.
        }
    }

    private async Task ContainerAsync(Pod pod, CancellationToken ct)
    {
        var root = Directory.CreateDirectory(Path.Combine(_directory, pod.Metadata.Name!)).FullName;
        foreach (var mount in pod.Spec!.Containers![0].VolumeMounts!)
        {
            var target = Directory.CreateDirectory(root + mount.MountPath).FullName;
            if (pod.Spec.Volumes!.Single(v => v.Name == mount.Name).ConfigMap?.Name is { } map)
            {
                foreach (var (file, text) in (await cluster.GetAsync<ConfigMap>(ns, map, ct)).Data ?? new Dictionary<string, string>())
                {
                    await File.WriteAllTextAsync(Path.Combine(target, file), text, ct);
                }
            }
        }

        await StatusAsync(pod, JobWorld.Running(RunnerJob.Container));
        var environment = pod.Spec.Containers[0].Env!.ToDictionary(e => e.Name!, e => e.Value ?? pod.Metadata.Name, StringComparer.Ordinal);
        var host = new RunnerHost { Client = await clientOf(pod), Namespace = ns, LocalPath = p => root + p, Variable = environment.GetValueOrDefault, Error = TextWriter.Synchronized(Log), Retry = TimeSpan.FromMilliseconds(20) };
        var code = await new RunnerProgram(host).RunAsync(pod.Spec.Containers[0].Args!, ct);
        await StatusAsync(pod, JobWorld.Ended(code, container: RunnerJob.Container));
        if (cluster is FakeCluster fake && pod.Metadata.OwnerReferences is [{ Name: { } job }])
        {
            var condition = new JsonObject { ["type"] = code == 0 ? "Complete" : "Failed", ["status"] = "True", ["message"] = "it ended" };
            await TryAsync(() => fake.PatchAsync(new ObjectRef(Job.Type, ns, job), KubePatch.Status(new JsonObject { ["conditions"] = new JsonArray(condition) }), CancellationToken.None));
        }
    }

    private Task StatusAsync(Pod pod, string status) =>
        TryAsync(() => cluster.PatchAsync(pod.Ref(), KubePatch.Status((JsonObject)JsonNode.Parse(status)!), CancellationToken.None));

    // Somebody may have deleted it.
    private static async Task TryAsync(Func<Task> write)
    {
        try
        {
            await write();
        }
        catch (KubeException e) when (e.IsNotFound)
        {
            // As with a kubelet.
        }
    }
}
