using Hearth.Kube.Core;
using Hearth.Scheduling.Fit;

namespace Hearth.Cluster.Controllers.Scheduler;

/// <summary>What the claims of a pod demand of its node, in kube-scheduler's words where they forbid one.</summary>
public sealed class PodVolumesReader(ClusterInformers informers)
{
    /// <summary>Whether a pod has claims at all.</summary>
    public static bool HasClaims(Pod pod) => pod.Spec?.Volumes?.Any(v => v.PersistentVolumeClaim is not null) == true;

    /// <summary>Looks at the claims and volumes as they are now.</summary>
    public PodVolumes Read(Pod pod)
    {
        var alternatives = new List<IReadOnlyList<NodeTerm>>();
        var unbound = new List<string>();
        foreach (var name in (pod.Spec?.Volumes ?? []).Select(v => v.PersistentVolumeClaim?.ClaimName).OfType<string>())
        {
            var claim = informers.Claims.Find(pod.Metadata.Namespace, name);
            if (Problem(name, claim) is { } problem)
            {
                return new PodVolumes([], problem, []);
            }

            if (claim!.Status?.Phase == "Bound")
            {
                var volume = informers.Volumes.Find(null, claim.Spec?.VolumeName ?? "");
                if (volume is null)
                {
                    return new PodVolumes([], $"persistentvolume \"{claim.Spec?.VolumeName}\" not found", []);
                }

                if (volume.Spec?.NodeAffinity?.Required?.NodeSelectorTerms is { Count: > 0 } terms)
                {
                    alternatives.Add([.. terms.Select(NodeTerm.From)]);
                }
            }
            else
            {
                unbound.Add(name);
            }
        }

        return alternatives.Count + unbound.Count == 0 ? PodVolumes.None : new PodVolumes(alternatives, null, unbound);
    }

    private string? Problem(string name, PersistentVolumeClaim? claim)
    {
        if (claim is null)
        {
            return $"persistentvolumeclaim \"{name}\" not found";
        }

        if (claim.Metadata.IsDeleting())
        {
            return $"persistentvolumeclaim \"{name}\" is being deleted";
        }

        return claim.Status?.Phase switch
        {
            "Bound" => null,
            "Lost" => $"persistentvolumeclaim \"{name}\" bound to non-existent persistentvolume \"{claim.Spec?.VolumeName}\"",
            _ => WaitsForConsumer(claim) ? null : "pod has unbound immediate PersistentVolumeClaims",
        };
    }

    private bool WaitsForConsumer(PersistentVolumeClaim claim)
    {
        var storage = claim.Spec?.StorageClassName is { } name
            ? informers.StorageClasses.Find(null, name)
            : informers.StorageClasses.Items.Values.FirstOrDefault(c => c.Metadata.Annotation("storageclass.kubernetes.io/is-default-class") == "true");
        return storage?.VolumeBindingMode == "WaitForFirstConsumer";
    }
}
