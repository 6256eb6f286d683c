using Hearth.Cli.Hosting.Simulation;
using Hearth.Cluster.ApiServer.Services;
using Hearth.Cluster.Controllers;
using Hearth.Cluster.Controllers.Disruption;
using Hearth.Cluster.Controllers.GarbageCollection;
using Hearth.Cluster.Controllers.Jobs;
using Hearth.Cluster.Controllers.Ledger;
using Hearth.Cluster.Controllers.Namespaces;
using Hearth.Cluster.Controllers.NodeGroups;
using Hearth.Cluster.Controllers.PodBudgets;
using Hearth.Cluster.Controllers.Pods;
using Hearth.Cluster.Controllers.Provisioning;
using Hearth.Cluster.Controllers.Scheduler;
using Hearth.Cluster.Controllers.ServiceAccounts;
using Hearth.Cluster.Controllers.Simulation;
using Hearth.Kube.Client;
using Hearth.Platform;
using Microsoft.Extensions.Logging;

namespace Hearth.Cli.Hosting.Embedded;

/// <summary>Starts the cluster's controllers over one set of informers.</summary>
internal static class ClusterControllers
{
    private static readonly TimeSpan LostNodeQuarantine = TimeSpan.FromSeconds(5);

    public static void Start(
        PlatformDeclaration platform, bool realistic, ServiceBackends services, IKubeClient client, IResourceCatalog catalog, string authorityPem, BackgroundWork work, ILoggerFactory log, TimeProvider time)
    {
        var cloud = new SimulatedCloud(new SimulatedCloudOptions
        {
            ClusterName = platform.Name,
            Region = platform.Region,
            Zones = platform.Network.Zones,
            NodeCidr = platform.Network.SecondaryCidrs.FirstOrDefault() ?? platform.Network.VpcCidr,
            BootTime = DeclaredSimulation.LaunchDelay(platform) ?? (realistic ? SimulatedCloudOptions.RealisticBootTime : default),
            Spot = DeclaredSimulation.Spot(platform),
            KubeletVersion = $"v{platform.KubernetesVersion}.0-hearth",
        }, time);
        var karpenter = KarpenterOptions.FromEnvironment();
        var informers = new ClusterInformers(client, time);
        var nominations = new Nominations(time);
        var metrics = new KarpenterMetrics();
        metrics.AddSource(new ClusterMetrics(informers, cloud, time).Read);
        _ = new PodTimings(informers, metrics, time); // lives as long as the informers
        services.Set("kube-system", "karpenter", metrics.AnswerAsync);
        var yunikorn = YuniKornPart.Start(platform, services, client, informers, work, log, time);
        var scheduler = new PodScheduler(client, informers, time, log.CreateLogger<PodScheduler>(), yunikorn);
        var provisioner = new NodeProvisioner(client, informers, cloud, nominations, metrics, realistic ? BatchWindow.Karpenter : BatchWindow.Embedded, time, log.CreateLogger<NodeProvisioner>()) { Policy = karpenter.Policy };
        var claims = new NodeClaimLifecycle(client, informers, cloud, metrics, time, log.CreateLogger<NodeClaimLifecycle>());
        var pools = new PoolStatusController(client, informers, cloud, time, log.CreateLogger<PoolStatusController>());
        var sizes = AutoscalerPart.Sizes(platform);
        var groups = new NodeGroupController(client, informers, cloud, sizes, time, log.CreateLogger<NodeGroupController>());
        var interruptions = new NodeGroupInterruptions(client, informers, time, log.CreateLogger<NodeGroupInterruptions>());
        var disruption = new NodeDisruption(client, informers, cloud, nominations, metrics, new DisruptionOptions { Policy = karpenter.Policy, SpotToSpot = karpenter.SpotToSpot }, time, log.CreateLogger<NodeDisruption>());
        var faults = new CloudFaultController(client, informers, cloud, metrics, time, log.CreateLogger<CloudFaultController>());
        var provisioners = new ProvisionerConversion(client, time, log.CreateLogger<ProvisionerConversion>());
        var ledger = new NodeLedger(client, informers, LedgerRetention.Default, time, log.CreateLogger<NodeLedger>());
        var garbage = new GarbageCollector(client, catalog, time, log.CreateLogger<GarbageCollector>());
        var namespaces = new NamespaceController(client, catalog, informers, time, log.CreateLogger<NamespaceController>());
        var defaults = new NamespaceDefaults(client, informers, authorityPem, time, log.CreateLogger<NamespaceDefaults>());
        var pods = new PodGarbage(client, informers, LostNodeQuarantine, time, log.CreateLogger<PodGarbage>());
        var budgets = new PodBudgetController(client, informers, time, log.CreateLogger<PodBudgetController>());
        var jobs = new JobController(client, informers, time, log.CreateLogger<JobController>());
        WorkloadsPart.Start(client, informers, work, log, time);
        AutoscalerPart.Prepare(platform, client, informers, cloud, sizes, work, log, time);
        work.Start("informers", informers.RunAsync);
        work.Start("scheduler", scheduler.RunAsync);
        if (!AutoscalerPart.Replaces(platform))
        {
            work.Start("provisioner", provisioner.RunAsync);
        }

        work.Start("node claims", claims.RunAsync);
        work.Start("node pools", pools.RunAsync);
        work.Start("node groups", groups.RunAsync);
        work.Start("node group interruptions", interruptions.RunAsync);
        work.Start("cloud faults", faults.RunAsync);
        work.Start("provisioners", provisioners.RunAsync);
        work.Start("disruption", disruption.RunAsync);
        work.Start("node ledger", ledger.RunAsync);
        work.Start("garbage collector", garbage.RunAsync);
        work.Start("namespaces", namespaces.RunAsync);
        work.Start("namespace defaults", defaults.RunAsync);
        work.Start("pod garbage", pods.RunAsync);
        work.Start("pod disruption budgets", budgets.RunAsync);
        work.Start("jobs", jobs.RunAsync);
    }
}
