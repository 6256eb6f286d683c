using System.Text.Json;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Registry;
using Hearth.Cluster.ApiServer.Tables;
using Hearth.Kube.Objects;

namespace Hearth.Cluster.ApiServer.Kinds;

/// <summary>The kinds of the core group.</summary>
internal static class CoreKinds
{
    private static readonly string[] All = ["all"];

    public static IEnumerable<ResourceDefinition> Definitions() =>
    [
        Namespaces, Pods, Nodes, Events, ConfigMaps, Secrets, ServiceAccounts, Services, Endpoints,
        PersistentVolumes, PersistentVolumeClaims, ReplicationControllers, ResourceQuotas, LimitRanges, Bindings,
    ];

    public static ResourceDefinition Namespaces { get; } = new()
    {
        Type = Core("namespaces", "Namespace", namespaced: false),
        ShortNames = ["ns"],
        Verbs = ["create", "delete", "get", "list", "patch", "update", "watch"],
        Subresources = [new("finalize", "Namespace", null, null, ["update"]), Status("Namespace")],
        SelectableFields = FieldReaders.Paths("status.phase"),
        Strategy = NamespaceRules.Strategy,
        Table = CoreTables.Namespace,
    };

    public static ResourceDefinition Pods { get; } = new()
    {
        Type = Core("pods", "Pod"),
        ShortNames = ["po"],
        Categories = All,
        Subresources =
        [
            new("attach", "PodAttachOptions", null, null, Subresource.Connect),
            new("binding", "Binding", null, null, ["create"]),
            new("ephemeralcontainers", "Pod", null, null, Subresource.ReadWrite),
            new("eviction", "Eviction", "policy", "v1", ["create"]),
            new("exec", "PodExecOptions", null, null, Subresource.Connect),
            new("log", "Pod", null, null, ["get"]),
            new("portforward", "PodPortForwardOptions", null, null, Subresource.Connect),
            Status("Pod"),
        ],
        SelectableFields = new Dictionary<string, Func<JsonElement, string?>>(
            FieldReaders.Paths(
                "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "status.phase", "status.podIP", "status.nominatedNodeName"),
            StringComparer.Ordinal)
        {
            ["spec.hostNetwork"] = root => root.IsTrue("spec", "hostNetwork") ? "true" : "false",
            ["status.podIPs"] = root => root.Items("status", "podIPs").Select(i => i.Text("ip")).FirstOrDefault(),
        },
        Strategy = PodRules.Strategy,
        Table = PodTable.Layout,
    };

    public static ResourceDefinition Nodes { get; } = new()
    {
        Type = Core("nodes", "Node", namespaced: false),
        ShortNames = ["no"],
        Subresources = [Status("Node")],
        SelectableFields = new Dictionary<string, Func<JsonElement, string?>>(StringComparer.Ordinal)
        {
            ["spec.unschedulable"] = root => root.IsTrue("spec", "unschedulable") ? "true" : "false",
        },
        Strategy = new ResourceStrategy { PrepareStatus = NodeRules.PrepareStatus, Default = NodeRules.Default },
        Table = NodeTable.Layout,
    };

    public static ResourceDefinition Events { get; } = new()
    {
        Type = Core("events", "Event"),
        ShortNames = ["ev"],
        SelectableFields = EventRules.CoreFields,
        Strategy = EventRules.Strategy,
        Table = EventTable.Layout,
    };

    public static ResourceDefinition ConfigMaps { get; } = new()
    {
        Type = Core("configmaps", "ConfigMap"),
        ShortNames = ["cm"],
        Strategy = ConfigurationRules.ConfigMap,
        Table = CoreTables.ConfigMap,
    };

    public static ResourceDefinition Secrets { get; } = new()
    {
        Type = Core("secrets", "Secret"),
        SelectableFields = FieldReaders.Paths("type"),
        Strategy = ConfigurationRules.Secret,
        Table = CoreTables.Secret,
    };

    public static ResourceDefinition ServiceAccounts { get; } = new()
    {
        Type = Core("serviceaccounts", "ServiceAccount"),
        ShortNames = ["sa"],
        Subresources = [new("token", "TokenRequest", "authentication.k8s.io", "v1", ["create"])],
        Table = CoreTables.ServiceAccount,
    };

    public static ResourceDefinition Services { get; } = new()
    {
        Type = Core("services", "Service"),
        ShortNames = ["svc"],
        Categories = All,
        Subresources = [Status("Service")],
        SelectableFields = FieldReaders.Paths("spec.clusterIP", "spec.type"),
        Strategy = ServiceRules.Strategy,
        Table = CoreTables.Service,
    };

    public static ResourceDefinition Endpoints { get; } = new()
    {
        Type = Core("endpoints", "Endpoints"),
        ShortNames = ["ep"],
        ListKindName = "EndpointsList",
        SingularName = "endpoints",
        Strategy = new ResourceStrategy { CreatesOnUpdate = true },
        Table = CoreTables.Endpoints,
    };

    public static ResourceDefinition PersistentVolumes { get; } = new()
    {
        Type = Core("persistentvolumes", "PersistentVolume", namespaced: false),
        ShortNames = ["pv"],
        Subresources = [Status("PersistentVolume")],
        Strategy = StorageRules.PersistentVolume,
        Table = StorageTables.PersistentVolume,
    };

    public static ResourceDefinition PersistentVolumeClaims { get; } = new()
    {
        Type = Core("persistentvolumeclaims", "PersistentVolumeClaim"),
        ShortNames = ["pvc"],
        Subresources = [Status("PersistentVolumeClaim")],
        Strategy = StorageRules.PersistentVolumeClaim,
        Table = StorageTables.PersistentVolumeClaim,
    };

    public static ResourceDefinition ReplicationControllers { get; } = new()
    {
        Type = Core("replicationcontrollers", "ReplicationController"),
        ShortNames = ["rc"],
        Categories = All,
        Verbs = ["get", "list", "watch"],
    };

    public static ResourceDefinition ResourceQuotas { get; } = new()
    {
        Type = Core("resourcequotas", "ResourceQuota"),
        ShortNames = ["quota"],
        Subresources = [Status("ResourceQuota")],
        Table = PolicyTables.ResourceQuota,
    };

    public static ResourceDefinition LimitRanges { get; } = new()
    {
        Type = Core("limitranges", "LimitRange"),
        ShortNames = ["limits"],
        Table = PolicyTables.NameAndCreated,
    };

    public static ResourceDefinition Bindings { get; } = new() { Type = Core("bindings", "Binding"), Verbs = ["create"] };

    public static Subresource Status(string kind) => new("status", kind, null, null, Subresource.ReadWrite);

    private static ResourceType Core(string plural, string kind, bool namespaced = true) => new("", "v1", plural, kind, namespaced);
}
