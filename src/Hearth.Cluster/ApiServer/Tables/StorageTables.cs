using System.Text.Json;
using Hearth.Cluster.ApiServer.Core;

namespace Hearth.Cluster.ApiServer.Tables;

/// <summary>Volumes, claims and storage classes.</summary>
internal static class StorageTables
{
    private const string DefaultClass = "storageclass.kubernetes.io/is-default-class";

    public static TableLayout PersistentVolume { get; } = new(
        [
            TableColumn.ObjectName, new("Capacity"), new("Access Modes"), new("Reclaim Policy"), new("Status"), new("Claim"), new("StorageClass"),
            new("VolumeAttributesClass"), new("Reason"), TableColumn.Age, new("VolumeMode", Wide: true),
        ],
        c => c.Name().Text(c.Root.Text("spec", "capacity", "storage") ?? "").Text(Modes(c.Root.Items("spec", "accessModes")))
            .Text(c.Root.Text("spec", "persistentVolumeReclaimPolicy") ?? "").Text(Phase(c.Root))
            .Text(c.Root.Text("spec", "claimRef", "name") is { } claim ? $"{c.Root.Text("spec", "claimRef", "namespace")}/{claim}" : "")
            .Text(c.Root.Text("spec", "storageClassName") ?? "").Text(c.Root.Text("spec", "volumeAttributesClassName") ?? "<unset>")
            .Text(c.Root.Text("status", "reason") ?? "").Age().Text(c.Root.Text("spec", "volumeMode") ?? "<unset>"));

    public static TableLayout PersistentVolumeClaim { get; } = new(
        [
            TableColumn.ObjectName, new("Status"), new("Volume"), new("Capacity"), new("Access Modes"), new("StorageClass"), new("VolumeAttributesClass"),
            TableColumn.Age, new("VolumeMode", Wide: true),
        ],
        c =>
        {
            var volume = c.Root.Text("spec", "volumeName") ?? "";
            c.Name().Text(Phase(c.Root)).Text(volume)
                .Text(volume.Length > 0 ? c.Root.Text("status", "capacity", "storage") ?? "" : "")
                .Text(volume.Length > 0 ? Modes(c.Root.Items("status", "accessModes")) : "")
                .Text(c.Root.Text("spec", "storageClassName") ?? "").Text(c.Root.Text("spec", "volumeAttributesClassName") ?? "<unset>")
                .Age().Text(c.Root.Text("spec", "volumeMode") ?? "<unset>");
        });

    public static TableLayout StorageClass { get; } = new(
        [TableColumn.ObjectName, new("Provisioner"), new("ReclaimPolicy"), new("VolumeBindingMode"), new("AllowVolumeExpansion"), TableColumn.Age],
        c => c.Text(c.Root.Text("metadata", "name") + (c.Root.Text("metadata", "annotations", DefaultClass) == "true" ? " (default)" : ""))
            .Text(c.Root.Text("provisioner")).Text(c.Root.Text("reclaimPolicy")).Text(c.Root.Text("volumeBindingMode"))
            .Flag(c.Root.IsTrue("allowVolumeExpansion")).Age());

    public static TableLayout CsiDriver { get; } = new(
        [TableColumn.ObjectName, new("AttachRequired", "boolean"), new("PodInfoOnMount", "boolean"), new("StorageCapacity", "boolean"), new("Modes"), TableColumn.Age],
        c => c.Name().Flag(c.Root.At("spec", "attachRequired").ValueKind != JsonValueKind.False).Flag(c.Root.IsTrue("spec", "podInfoOnMount"))
            .Flag(c.Root.IsTrue("spec", "storageCapacity")).Text(string.Join(',', c.Root.Items("spec", "volumeLifecycleModes").Select(m => m.GetString()))).Age());

    public static TableLayout CsiNode { get; } = new(
        [TableColumn.ObjectName, new("Drivers", "integer"), TableColumn.Age], c => c.Name().Number(c.Root.Count("spec", "drivers")).Age());

    public static TableLayout VolumeAttachment { get; } = new(
        [TableColumn.ObjectName, new("Attacher"), new("PV"), new("Node"), new("Attached", "boolean"), TableColumn.Age],
        c => c.Name().Text(c.Root.Text("spec", "attacher")).Text(c.Root.Text("spec", "source", "persistentVolumeName") ?? "").Text(c.Root.Text("spec", "nodeName"))
            .Flag(c.Root.IsTrue("status", "attached")).Age());

    private static string Phase(JsonElement root) =>
        root.Text("metadata", "deletionTimestamp") is null ? root.Text("status", "phase") ?? "" : "Terminating";

    private static string Modes(IEnumerable<JsonElement> modes) => string.Join(',', modes.Select(m => m.GetString() switch
    {
        "ReadWriteOnce" => "RWO",
        "ReadOnlyMany" => "ROX",
        "ReadWriteMany" => "RWX",
        "ReadWriteOncePod" => "RWOP",
        var other => other,
    }));
}
