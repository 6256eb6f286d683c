using Hearth.Kube.Core;
using Hearth.Kube.Quantities;

namespace Hearth.Cluster.Storage;

/// <summary>What shall happen to a claim. Pure.</summary>
public abstract record ClaimDecision
{
    /// <summary>Nothing can be done now; the event says why.</summary>
    public sealed record Wait(string Reason, string Message) : ClaimDecision;

    /// <summary>Bind to a volume that exists.</summary>
    public sealed record Bind(PersistentVolume Volume) : ClaimDecision;

    /// <summary>Make a volume of the class, reachable in a zone (null: anywhere).</summary>
    public sealed record Provision(StorageClass Class, string? Zone) : ClaimDecision;

    /// <summary>Nothing to do.</summary>
    public sealed record Done : ClaimDecision;

    /// <summary>Decides as the persistent-volume controller does.</summary>
    /// <param name="claim">An existing claim.</param>
    /// <param name="volumes">All volumes.</param>
    /// <param name="classes">All classes.</param>
    /// <param name="consumerZone">Zone of the node of the first pod that uses the claim; null while there is none.</param>
    public static ClaimDecision For(PersistentVolumeClaim claim, IEnumerable<PersistentVolume> volumes, IReadOnlyCollection<StorageClass> classes, string? consumerZone)
    {
        if (claim.Status?.Phase == "Bound" || claim.Metadata.DeletionTimestamp is not null)
        {
            return new Done();
        }

        var className = claim.Spec?.StorageClassName;
        var storage = className is null
            ? classes.FirstOrDefault(c => c.Metadata.Annotation("storageclass.kubernetes.io/is-default-class") == "true")
            : classes.FirstOrDefault(c => c.Metadata.Name == className);
        var waits = storage?.VolumeBindingMode == "WaitForFirstConsumer";
        if (waits && consumerZone is null && claim.Spec?.VolumeName is null)
        {
            return new Wait("WaitForFirstConsumer", "waiting for first consumer to be created before binding");
        }

        var wanted = className ?? storage?.Metadata.Name ?? "";
        var match = volumes.Where(v => Fits(v, claim, wanted, consumerZone))
            .OrderBy(v => Capacity(v)).ThenBy(v => v.Metadata.Name, StringComparer.Ordinal).FirstOrDefault();
        if (match is not null)
        {
            return new Bind(match);
        }

        return storage switch
        {
            null when wanted.Length > 0 => new Wait("ProvisioningFailed", $"storageclass.storage.k8s.io \"{wanted}\" not found"),
            null => new Wait("FailedBinding", "no persistent volumes available for this claim and no storage class is set"),
            { Provisioner: null or "kubernetes.io/no-provisioner" } => new Wait("FailedBinding", "no persistent volumes available for this claim and its storage class has no provisioner"),
            _ when claim.Spec?.VolumeName is not null => new Wait("FailedBinding", $"volume \"{claim.Spec.VolumeName}\" is not available"),
            _ => new Provision(storage, waits ? consumerZone : null),
        };
    }

    private static bool Fits(PersistentVolume volume, PersistentVolumeClaim claim, string wanted, string? zone)
    {
        var reserved = volume.Spec?.ClaimRef;
        if (reserved is not null && (reserved.Namespace != claim.Metadata.Namespace || reserved.Name != claim.Metadata.Name || (reserved.Uid ?? claim.Metadata.Uid) != claim.Metadata.Uid))
        {
            return false;
        }

        if (claim.Spec?.VolumeName is { } name && name != volume.Metadata.Name)
        {
            return false;
        }

        return volume.Metadata.DeletionTimestamp is null
            && volume.Status?.Phase is null or "Available" or "Pending"
            && (volume.Spec?.StorageClassName ?? "") == wanted
            && (claim.Spec?.AccessModes ?? []).All(m => volume.Spec?.AccessModes?.Contains(m) == true)
            && (claim.Spec?.VolumeMode ?? "Filesystem") == (volume.Spec?.VolumeMode ?? "Filesystem")
            && Capacity(volume) >= Requested(claim)
            && Matches(claim.Spec?.Selector, volume)
            && Reaches(volume, zone);
    }

    private static bool Matches(ObjectSelector? selector, PersistentVolume volume) =>
        (selector?.MatchLabels ?? new Dictionary<string, string>()).All(l => volume.Metadata.Label(l.Key) == l.Value);

    private static bool Reaches(PersistentVolume volume, string? zone)
    {
        var terms = volume.Spec?.NodeAffinity?.Required?.NodeSelectorTerms;
        return zone is null || terms is null || terms.Any(t => (t.MatchExpressions ?? [])
            .Where(e => e.Key is "topology.kubernetes.io/zone" or "topology.ebs.csi.aws.com/zone").All(e => e.Values?.Contains(zone) == true));
    }

    private static Quantity Capacity(PersistentVolume volume) => volume.Spec?.Capacity?.GetValueOrDefault("storage") ?? Quantity.Zero;

    private static Quantity Requested(PersistentVolumeClaim claim) => claim.Spec?.Resources?.Requests?.GetValueOrDefault("storage") ?? Quantity.Zero;
}
