using Hearth.Cluster.ApiServer.Registry;
using Hearth.Cluster.ApiServer.Tables;
using Hearth.Kube.Objects;

namespace Hearth.Cluster.ApiServer.Kinds;

/// <summary>Workloads: the groups apps and batch.</summary>
internal static class AppsKinds
{
    private static readonly string[] All = ["all"];
    private static readonly ScalePaths Replicas = new("spec.replicas", "status.replicas", "spec.selector");
    private static readonly Subresource Scale = new("scale", "Scale", "autoscaling", "v1", Subresource.ReadWrite);

    public static IEnumerable<ResourceDefinition> Definitions() =>
        [ControllerRevisions, DaemonSets, Deployments, ReplicaSets, StatefulSets, CronJobs, Jobs];

    public static ResourceDefinition Deployments { get; } = new()
    {
        Type = Apps("deployments", "Deployment"),
        ShortNames = ["deploy"],
        Categories = All,
        Subresources = [Scale, CoreKinds.Status("Deployment")],
        Scale = Replicas,
        Strategy = WorkloadRules.Deployment,
        Table = WorkloadTables.Deployment,
    };

    public static ResourceDefinition ReplicaSets { get; } = new()
    {
        Type = Apps("replicasets", "ReplicaSet"),
        ShortNames = ["rs"],
        Categories = All,
        Subresources = [Scale, CoreKinds.Status("ReplicaSet")],
        SelectableFields = FieldReaders.Paths("status.replicas"),
        Scale = Replicas,
        Strategy = WorkloadRules.ReplicaSet,
        Table = WorkloadTables.ReplicaSet,
    };

    public static ResourceDefinition StatefulSets { get; } = new()
    {
        Type = Apps("statefulsets", "StatefulSet"),
        ShortNames = ["sts"],
        Categories = All,
        Subresources = [Scale, CoreKinds.Status("StatefulSet")],
        Scale = Replicas,
        Strategy = WorkloadRules.StatefulSet,
        Table = WorkloadTables.StatefulSet,
    };

    public static ResourceDefinition DaemonSets { get; } = new()
    {
        Type = Apps("daemonsets", "DaemonSet"),
        ShortNames = ["ds"],
        Categories = All,
        Subresources = [CoreKinds.Status("DaemonSet")],
        Strategy = WorkloadRules.DaemonSet,
        Table = WorkloadTables.DaemonSet,
    };

    public static ResourceDefinition ControllerRevisions { get; } = new() { Type = Apps("controllerrevisions", "ControllerRevision") };

    public static ResourceDefinition Jobs { get; } = new()
    {
        Type = new ResourceType("batch", "v1", "jobs", "Job", true),
        Categories = All,
        Subresources = [CoreKinds.Status("Job")],
        SelectableFields = FieldReaders.Paths("status.successful"),
        Strategy = JobRules.Job,
        Table = WorkloadTables.Job,
    };

    public static ResourceDefinition CronJobs { get; } = new()
    {
        Type = new ResourceType("batch", "v1", "cronjobs", "CronJob", true),
        ShortNames = ["cj"],
        Categories = All,
        Subresources = [CoreKinds.Status("CronJob")],
        Strategy = JobRules.CronJob,
        Table = WorkloadTables.CronJob,
    };

    private static ResourceType Apps(string plural, string kind) => new("apps", "v1", plural, kind, true);
}
