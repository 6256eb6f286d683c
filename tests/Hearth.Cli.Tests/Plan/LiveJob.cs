using System.Text.Json.Nodes;
using Hearth.Cli.Commands.Plan;
using Hearth.Cluster.Controllers.Provisioning;
using Hearth.Cluster.Controllers.Scheduler;
using Hearth.Cluster.Controllers.YuniKorn;
using Hearth.Cluster.Tests.Controllers;
using Hearth.Delivery.Manifests;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Platform;
using Hearth.Scheduling.Karpenter;
using Nominations = Hearth.Cluster.Controllers.Provisioning.Nominations;

namespace Hearth.Cli.Tests.Plan;

/// <summary>The pods of a request on a cluster in this process: its real API, scheduler, YuniKorn and provisioner; containers are not run.</summary>
internal sealed class LiveJob : IAsyncDisposable
{
    private const string Namespace = "default";
    private static readonly BatchWindow Quick = new(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1));
    private readonly ControllerCluster _cluster;
    private readonly Queue<(Func<CancellationToken, Task> Run, TaskCompletionSource Start, CancellationTokenSource Stop)> _provisioners = new();
    private CancellationTokenSource? _provisioning;

    private LiveJob(ControllerCluster cluster) => _cluster = cluster;

    public IKubeClient Client => _cluster.Client;

    /// <summary>A cluster with the pools of a declaration, and with YuniKorn where that has it; a provisioner for each wave of pods.</summary>
    public static async Task<LiveJob> StartAsync(PlatformDeclaration platform, int waves, string? queues = null)
    {
        var cluster = await ControllerCluster.CreateAsync(new() { Region = platform.Region, Zones = platform.Network.Zones });
        var live = new LiveJob(cluster);
        foreach (var item in KarpenterObjects.Of(platform).Select(ManifestJson.Pruned))
        {
            await live.Client.CreateAsync(item["kind"]!.ToString() == "NodePool" ? Hearth.Scheduling.Karpenter.NodePool.Type : Ec2NodeClass.Type, null, item, default);
        }

        var (client, informers, cloud, time, log) = (cluster.Client, cluster.Informers, cluster.Cloud, TimeProvider.System, ControllerCluster.Log);
        var yunikorn = queues is null ? null : new YuniKornScheduler(client, informers, time, log);
        var scheduler = new PodScheduler(client, informers, time, log, yunikorn);
        yunikorn?.Configure(queues!);
        var (nominations, metrics) = (new Nominations(time), new KarpenterMetrics());
        for (var i = 0; i < waves; i++)
        {
            var provisioner = new NodeProvisioner(client, informers, cloud, nominations, metrics, Quick, time, log);
            live._provisioners.Enqueue((provisioner.RunAsync, new TaskCompletionSource(), new CancellationTokenSource()));
        }

        var lifecycle = new NodeClaimLifecycle(client, informers, cloud, metrics, time, log);
        List<Func<CancellationToken, Task>> running = [scheduler.RunAsync, lifecycle.RunAsync, .. live._provisioners.Select(p => (Func<CancellationToken, Task>)(ct => WhenAllowed(p.Run, p.Start.Task, p.Stop.Token, ct)))];
        if (yunikorn is not null)
        {
            running.Add(yunikorn.RunAsync);
        }

        cluster.Run(running);
        return live;
    }

    /// <summary>Pods that come together, as a job's do. Nodes are planned when the scheduler has said of every one whether it has a place, so that all are planned for at once.</summary>
    public async Task WaveAsync(IEnumerable<JsonObject> pods)
    {
        if (_provisioning is not null)
        {
            await _provisioning.CancelAsync();
        }

        await CreateAsync(pods);
        await UntilAsync(all => all.All(p => p.Spec?.NodeName is not null || p.Status?.Conditions?.Any(c => c is { Type: "PodScheduled", Status: "False" }) == true), "the scheduler has looked at every pod");
        Provision();
    }

    /// <summary>Has a provisioner plan from here on.</summary>
    public void Provision()
    {
        var (_, start, stop) = _provisioners.Dequeue();
        _provisioning = stop;
        start.SetResult();
    }

    /// <summary>Creates pods.</summary>
    public async Task CreateAsync(IEnumerable<JsonObject> pods)
    {
        foreach (var pod in pods)
        {
            await Client.CreateAsync(Pod.Type, Namespace, pod, default);
        }
    }

    /// <summary>Waits until something holds of all pods.</summary>
    public Task<IReadOnlyList<Pod>> UntilAsync(Func<IReadOnlyList<Pod>, bool> holds, string what) =>
        ControllerCluster.Until(async () => (IReadOnlyList<Pod>)[.. await Client.ListAsync<Pod>(Namespace, ListOptions.All, default)], holds, what);

    /// <summary>Every pod has a place.</summary>
    public Task<IReadOnlyList<Pod>> AllBoundAsync() => UntilAsync(all => all.All(p => p.Spec?.NodeName is not null), "all pods are bound");

    /// <summary>A pod of a job for this cluster.</summary>
    public static JsonObject Object(Pod pod, string name, Action<JsonObject>? change = null)
    {
        var body = KubeJson.Write(pod with { Metadata = new ObjectMeta { Name = name, Namespace = Namespace, Labels = pod.Metadata.Labels, Annotations = pod.Metadata.Annotations } });
        var spec = body["spec"]!.AsObject();
        spec.Remove("serviceAccountName");
        spec.Remove("serviceAccount");
        spec.Remove("nodeName");
        body.Remove("status");
        change?.Invoke(body);
        return body;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, start, _) in _provisioners)
        {
            start.TrySetCanceled();
        }

        await _cluster.DisposeAsync();
        _provisioning?.Dispose();
    }

    private static async Task WhenAllowed(Func<CancellationToken, Task> run, Task start, CancellationToken stop, CancellationToken ct)
    {
        await start.WaitAsync(ct);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(stop, ct);
        await run(linked.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
