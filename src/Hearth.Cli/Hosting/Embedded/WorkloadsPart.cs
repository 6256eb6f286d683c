using Hearth.Cluster.Controllers;
using Hearth.Cluster.Controllers.Workloads;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Informers;
using Microsoft.Extensions.Logging;

namespace Hearth.Cli.Hosting.Embedded;

/// <summary>The controllers of deployments, replica sets, stateful sets and daemon sets.</summary>
internal static class WorkloadsPart
{
    public static void Start(IKubeClient client, ClusterInformers informers, BackgroundWork work, ILoggerFactory log, TimeProvider time)
    {
        var sets = new Informer<ReplicaSet>(client, time: time);
        var replicas = new ReplicaSetController(client, informers, sets, time, log.CreateLogger<ReplicaSetController>());
        var deployments = new DeploymentController(client, sets, time, log.CreateLogger<DeploymentController>());
        var stateful = new StatefulSetController(client, informers, time, log.CreateLogger<StatefulSetController>());
        var daemons = new DaemonSetController(client, informers, time, log.CreateLogger<DaemonSetController>());
        work.Start("replica set informer", sets.RunAsync);
        work.Start("replica sets", replicas.RunAsync);
        work.Start("deployments", deployments.RunAsync);
        work.Start("stateful sets", stateful.RunAsync);
        work.Start("daemon sets", daemons.RunAsync);
    }
}
