using Constructs;
using Hearth.Deploy.Cluster;
using Hearth.Deploy.Network;
using Hearth.Platform;

namespace Hearth.Deploy.Stacks;

/// <summary>The EKS cluster, its nodes, EKS add-ons, and the roles of add-ons that charts install.</summary>
public sealed class ClusterStack : PlatformStack
{
    /// <summary>Adds the stack to an app.</summary>
    public ClusterStack(Construct scope, PlatformPlan plan, ClusterNetwork network)
        : base(scope, plan, StackNames.Cluster(plan.Platform), "EKS cluster, nodes, add-ons")
    {
        var platform = plan.Platform;
        Cluster = new EmrEksCluster(this, "Eks", new EmrEksClusterProps
        {
            ClusterName = platform.Name,
            Where = plan.Where,
            Network = network,
            KubernetesVersion = platform.KubernetesVersion,
            Autoscaler = plan.Autoscaler,
            Identity = plan.Identity,
            AdminArns = plan.Admins,
            PublicApi = platform.Network.PublicApi,
            PublicApiCidrs = platform.Network.PublicApi ? platform.Network.PublicApiCidrs : [],
            ControlPlaneLogs = platform.Monitoring.ControlPlaneLogs,
            ControlPlaneLogDays = platform.Monitoring.ControlPlaneLogRetentionDays,
            EksAddons = plan.EksAddons,
            Lustre = plan.Lustre,
        });
        foreach (var group in platform.NodeGroups)
        {
            Cluster.AddEmrEksNodegroup(group);
        }

        foreach (var pool in platform.NodePools)
        {
            Cluster.AddKarpenterNodePool(pool);
        }

        ChartRoles.Add(this, plan, Cluster.Roles);
        Output("ClusterEndpoint", Cluster.Endpoint, "The Kubernetes API");
        Output("ConfigureKubectl", StackNames.KubectlCommand(platform), "How to point kubectl at the cluster");
    }

    /// <summary>The cluster.</summary>
    public EmrEksCluster Cluster { get; }
}
