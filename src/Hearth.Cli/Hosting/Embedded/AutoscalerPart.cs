using Hearth.Cli.Hosting.Realization;
using Hearth.Cluster.Controllers;
using Hearth.Cluster.Controllers.Autoscaler;
using Hearth.Cluster.Controllers.NodeGroups;
using Hearth.Cluster.Controllers.Simulation;
using Hearth.Kube.Client;
using Hearth.Platform;
using Microsoft.Extensions.Logging;

namespace Hearth.Cli.Hosting.Embedded;

/// <summary>Cluster Autoscaler for the managed node groups and the cluster-proportional autoscaler of CoreDNS, when the declaration has their add-ons on.</summary>
internal static class AutoscalerPart
{
    private const string Addon = "cluster-autoscaler";

    /// <summary>How many nodes each group is to have: changed by the autoscaler when there is one.</summary>
    public static GroupSizes Sizes(PlatformDeclaration platform) => new(platform.NodeGroups, platform.Network.Zones, platform.IsEnabled(Addon));

    /// <summary>Whether it is there in Karpenter's place: then Karpenter has nothing to say to pods that wait.</summary>
    public static bool Replaces(PlatformDeclaration platform) => platform.IsEnabled(Addon) && !platform.IsEnabled("karpenter");

    /// <summary>Has it run with the other controllers; before the informers start.</summary>
    public static void Prepare(
        PlatformDeclaration platform, IKubeClient client, ClusterInformers informers, SimulatedCloud cloud, GroupSizes sizes, BackgroundWork work, ILoggerFactory log, TimeProvider time)
    {
        if (platform.IsEnabled(Addon))
        {
            var autoscaler = new NodeGroupAutoscaler(client, informers, cloud, sizes, new AutoscalerSettings(), time, log.CreateLogger<NodeGroupAutoscaler>());
            work.Start("cluster autoscaler", autoscaler.RunAsync);
        }

        if (platform.IsEnabled(CoreDnsObjects.Addon))
        {
            var proportional = new ProportionalAutoscaler(
                client, informers, new ProportionalSettings { ConfigMap = CoreDnsObjects.ConfigMap }, time, log.CreateLogger<ProportionalAutoscaler>());
            work.Start("cluster proportional autoscaler", proportional.RunAsync);
        }
    }
}
