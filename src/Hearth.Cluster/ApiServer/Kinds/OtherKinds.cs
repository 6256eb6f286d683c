using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Registry;
using Hearth.Cluster.ApiServer.Tables;
using Hearth.Kube.Objects;

namespace Hearth.Cluster.ApiServer.Kinds;

/// <summary>Kinds of the groups beside core, apps, batch and RBAC.</summary>
internal static class OtherKinds
{
    public static IEnumerable<ResourceDefinition> Definitions() =>
    [
        ModernEvents, StorageClasses, CsiDrivers, CsiNodes, VolumeAttachments, Leases, PriorityClasses, PodDisruptionBudgets, Ingresses, IngressClasses,
        NetworkPolicies,
    ];

    public static ResourceDefinition ModernEvents { get; } = CoreKinds.Events with
    {
        Type = new ResourceType("events.k8s.io", "v1", "events", "Event", true),
        SelectableFields = EventRules.ModernFields,
        StoredAs = CoreKinds.Events.Type,
        FromStored = EventRules.ToModern,
        ToStored = EventRules.ToCore,
        Table = EventTable.ModernLayout,
    };

    public static ResourceDefinition StorageClasses { get; } = new()
    {
        Type = new("storage.k8s.io", "v1", "storageclasses", "StorageClass", false),
        ShortNames = ["sc"],
        Strategy = StorageRules.StorageClass,
        Table = StorageTables.StorageClass,
    };

    public static ResourceDefinition CsiDrivers { get; } = new()
    {
        Type = new("storage.k8s.io", "v1", "csidrivers", "CSIDriver", false),
        Table = StorageTables.CsiDriver,
    };

    public static ResourceDefinition CsiNodes { get; } = new()
    {
        Type = new("storage.k8s.io", "v1", "csinodes", "CSINode", false),
        Table = StorageTables.CsiNode,
    };

    public static ResourceDefinition VolumeAttachments { get; } = new()
    {
        Type = new("storage.k8s.io", "v1", "volumeattachments", "VolumeAttachment", false),
        Subresources = [CoreKinds.Status("VolumeAttachment")],
        Table = StorageTables.VolumeAttachment,
    };

    public static ResourceDefinition Leases { get; } = new()
    {
        Type = new("coordination.k8s.io", "v1", "leases", "Lease", true),
        Strategy = new ResourceStrategy { CreatesOnUpdate = true },
        Table = PolicyTables.Lease,
    };

    public static ResourceDefinition PriorityClasses { get; } = new()
    {
        Type = new("scheduling.k8s.io", "v1", "priorityclasses", "PriorityClass", false),
        ShortNames = ["pc"],
        Strategy = new ResourceStrategy
        {
            Default = tree =>
            {
                tree.SetDefaultText("preemptionPolicy", "PreemptLowerPriority");
                tree.SetDefault("value", 0L);
            },
            ValidateUpdate = (tree, old, errors) =>
            {
                if (tree.Int("value") != old.Int("value"))
                {
                    errors.Forbidden("value", "may not be changed in an update.");
                }
            },
        },
        Table = PolicyTables.PriorityClass,
    };

    public static ResourceDefinition PodDisruptionBudgets { get; } = new()
    {
        Type = new("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", true),
        ShortNames = ["pdb"],
        Subresources = [CoreKinds.Status("PodDisruptionBudget")],
        Strategy = new ResourceStrategy
        {
            TracksGeneration = true,
            Validate = (tree, errors) =>
            {
                if (tree.Obj("spec")?["minAvailable"] is not null && tree.Obj("spec")?["maxUnavailable"] is not null)
                {
                    errors.Invalid("spec", tree["spec"], "minAvailable and maxUnavailable cannot be both set");
                }
            },
        },
        Table = PolicyTables.PodDisruptionBudget,
    };

    public static ResourceDefinition Ingresses { get; } = new()
    {
        Type = new("networking.k8s.io", "v1", "ingresses", "Ingress", true),
        ShortNames = ["ing"],
        Subresources = [CoreKinds.Status("Ingress")],
        Strategy = new ResourceStrategy { TracksGeneration = true },
        Table = PolicyTables.Ingress,
    };

    public static ResourceDefinition IngressClasses { get; } = new()
    {
        Type = new("networking.k8s.io", "v1", "ingressclasses", "IngressClass", false),
        Strategy = new ResourceStrategy { TracksGeneration = true },
        Table = PolicyTables.IngressClass,
    };

    public static ResourceDefinition NetworkPolicies { get; } = new()
    {
        Type = new("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", true),
        ShortNames = ["netpol"],
        Strategy = new ResourceStrategy { TracksGeneration = true },
        Table = PolicyTables.NetworkPolicy,
    };

    public static ResourceDefinition CustomResourceDefinitions { get; } = new()
    {
        Type = new("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", false),
        ShortNames = ["crd", "crds"],
        Categories = ["api-extensions"],
        Subresources = [CoreKinds.Status("CustomResourceDefinition")],
        Strategy = new ResourceStrategy { TracksGeneration = true },
        Table = PolicyTables.NameAndCreated,
    };
}
