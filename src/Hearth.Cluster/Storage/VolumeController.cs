using System.Text.Json.Nodes;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Events;
using Hearth.Kube.Informers;
using Hearth.Kube.Objects;
using Hearth.Kube.Quantities;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.Storage;

/// <summary>
/// Binds claims to volumes and makes volumes for storage classes, as the persistent-volume controller together with the EBS and FSx
/// provisioners does. Behind a volume is a directory of this machine (label <c>hearth.dev/simulated=true</c>), made by the node that mounts it.
/// </summary>
/// <param name="volumesDirectory">Where the directories are; the one of a deleted volume goes with it.</param>
public sealed partial class VolumeController(IKubeClient client, string volumesDirectory, TimeProvider time, ILogger logger)
{
    private const string Zone = "topology.kubernetes.io/zone";
    private readonly Informer<PersistentVolumeClaim> _claims = new(client, time: time);
    private readonly Informer<PersistentVolume> _volumes = new(client, time: time);
    private readonly Informer<StorageClass> _classes = new(client, time: time);
    private readonly Informer<Pod> _pods = new(client, time: time);
    private readonly EventRecorder _events = new(client, "persistentvolume-controller", null, time);

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        using var queue = new WorkQueue(time);
        _claims.Changed += (_, c) => OnClaim(queue, c);
        _volumes.Changed += (_, v) => OnVolume(queue, v);
        _classes.Changed += (_, _) => AddPending(queue);
        _pods.Changed += (_, p) => OnPod(queue, p);
        var informers = Task.WhenAll(_claims.RunAsync(ct), _volumes.RunAsync(ct), _classes.RunAsync(ct), _pods.RunAsync(ct));
        await Task.WhenAll(_claims.Synced, _volumes.Synced, _classes.Synced, _pods.Synced).ConfigureAwait(false);
        await queue.RunAsync(1, ReconcileAsync, (key, e) => LogFailed(logger, key, e.Message), ct).ConfigureAwait(false);
        await informers.ConfigureAwait(false);
    }

    private static string Key(ObjectMeta meta) => $"{meta.Namespace}/{meta.Name}";

    private static void OnClaim(WorkQueue queue, PersistentVolumeClaim claim)
    {
        queue.Add("c/" + Key(claim.Metadata));
        if (claim.Spec?.VolumeName is { } volume)
        {
            queue.Add("v/" + volume);
        }
    }

    private static void OnVolume(WorkQueue queue, PersistentVolume volume)
    {
        queue.Add("v/" + volume.Metadata.Name);
        if (volume.Spec?.ClaimRef is { } claim)
        {
            queue.Add($"c/{claim.Namespace}/{claim.Name}");
        }
    }

    private static void OnPod(WorkQueue queue, Pod pod)
    {
        foreach (var claim in (pod.Spec?.Volumes ?? []).Select(v => v.PersistentVolumeClaim?.ClaimName).OfType<string>())
        {
            queue.Add($"c/{pod.Metadata.Namespace}/{claim}");
        }
    }

    private void AddPending(WorkQueue queue)
    {
        foreach (var claim in _claims.Items.Values.Where(c => c.Status?.Phase != "Bound"))
        {
            queue.Add("c/" + Key(claim.Metadata));
        }
    }

    private async Task<TimeSpan?> ReconcileAsync(string key, CancellationToken ct)
    {
        var parts = key.Split('/');
        if (parts[0] == "v")
        {
            if (_volumes.Find(null, parts[1]) is { } volume)
            {
                await ReleaseAsync(volume, ct).ConfigureAwait(false);
            }
        }
        else if (_claims.Find(parts[1], parts[2]) is { } claim)
        {
            await ReconcileAsync(claim, ct).ConfigureAwait(false);
        }

        return null;
    }

    private async Task ReconcileAsync(PersistentVolumeClaim claim, CancellationToken ct)
    {
        switch (ClaimDecision.For(claim, _volumes.Items.Values, [.. _classes.Items.Values], await ConsumerZoneAsync(claim, ct).ConfigureAwait(false)))
        {
            case ClaimDecision.Wait wait:
                await _events.RecordAsync(claim, new EventText(wait.Reason, wait.Message, Warning: wait.Reason == "ProvisioningFailed"), ct).ConfigureAwait(false);
                break;
            case ClaimDecision.Bind bind:
                await BindAsync(claim, bind.Volume, ct).ConfigureAwait(false);
                break;
            case ClaimDecision.Provision provision:
                await BindAsync(claim, await ProvisionAsync(claim, provision, ct).ConfigureAwait(false), ct).ConfigureAwait(false);
                break;
        }
    }

    private async Task<string?> ConsumerZoneAsync(PersistentVolumeClaim claim, CancellationToken ct)
    {
        var node = _pods.Items.Values
            .Where(p => p.Metadata.Namespace == claim.Metadata.Namespace && p.Spec?.NodeName is not null)
            .Where(p => (p.Spec!.Volumes ?? []).Any(v => v.PersistentVolumeClaim?.ClaimName == claim.Metadata.Name))
            .Select(p => p.Spec!.NodeName!).FirstOrDefault();
        return node is null ? null : (await client.FindAsync<Node>(null, node, ct).ConfigureAwait(false))?.Metadata.Label(Zone) ?? "";
    }

    private async Task<PersistentVolume> ProvisionAsync(PersistentVolumeClaim claim, ClaimDecision.Provision decision, CancellationToken ct)
    {
        var name = $"pvc-{claim.Metadata.Uid}";
        await _events.RecordAsync(claim, new EventText("Provisioning", $"External provisioner is provisioning volume for claim \"{Key(claim.Metadata)}\""), ct).ConfigureAwait(false);
        var volume = new PersistentVolume
        {
            Metadata = new ObjectMeta
            {
                Name = name,
                Labels = new Dictionary<string, string> { ["hearth.dev/simulated"] = "true" },
                Annotations = new Dictionary<string, string> { ["pv.kubernetes.io/provisioned-by"] = decision.Class.Provisioner! },
            },
            Spec = new PersistentVolumeSpec
            {
                Capacity = new Dictionary<string, Quantity> { ["storage"] = claim.Spec?.Resources?.Requests?.GetValueOrDefault("storage") ?? Quantity.Zero },
                AccessModes = claim.Spec?.AccessModes,
                VolumeMode = claim.Spec?.VolumeMode ?? "Filesystem",
                StorageClassName = decision.Class.Metadata.Name,
                PersistentVolumeReclaimPolicy = decision.Class.ReclaimPolicy ?? "Delete",
                ClaimRef = Reference(claim),
                Csi = new CsiVolumeSource { Driver = decision.Class.Provisioner, VolumeHandle = name },
                NodeAffinity = string.IsNullOrEmpty(decision.Zone) ? null : new VolumeNodeAffinity
                {
                    Required = new NodeSelector { NodeSelectorTerms = [new NodeSelectorTerm { MatchExpressions = [new NodeSelectorRequirement { Key = Zone, Operator = "In", Values = [decision.Zone] }] }] },
                },
            },
        };
        try
        {
            volume = await client.CreateAsync(volume, ct).ConfigureAwait(false);
        }
        catch (KubeException e) when (e.IsAlreadyExists)
        {
            volume = await client.GetAsync<PersistentVolume>(null, name, ct).ConfigureAwait(false);
        }

        await _events.RecordAsync(claim, new EventText("ProvisioningSucceeded", $"Successfully provisioned volume {name}"), ct).ConfigureAwait(false);
        return volume;
    }

    private async Task BindAsync(PersistentVolumeClaim claim, PersistentVolume volume, CancellationToken ct)
    {
        var reference = new JsonObject
        {
            ["apiVersion"] = "v1", ["kind"] = "PersistentVolumeClaim", ["namespace"] = claim.Metadata.Namespace, ["name"] = claim.Metadata.Name, ["uid"] = claim.Metadata.Uid,
        };
        await client.PatchAsync(volume.Ref(), KubePatch.Merge(new JsonObject { ["spec"] = new JsonObject { ["claimRef"] = reference } }), ct).ConfigureAwait(false);
        await client.PatchStatusAsync(volume, new JsonObject { ["phase"] = "Bound" }, ct).ConfigureAwait(false);
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["pv.kubernetes.io/bind-completed"] = "yes", ["pv.kubernetes.io/bound-by-controller"] = "yes" } },
            ["spec"] = new JsonObject { ["volumeName"] = volume.Metadata.Name },
        };
        await client.PatchAsync(claim.Ref(), KubePatch.Merge(patch), ct).ConfigureAwait(false);
        var status = new JsonObject
        {
            ["phase"] = "Bound",
            ["accessModes"] = new JsonArray([.. (volume.Spec?.AccessModes ?? []).Select(m => (JsonNode)m)]),
            ["capacity"] = new JsonObject { ["storage"] = volume.Spec?.Capacity?.GetValueOrDefault("storage").ToString() ?? "0" },
        };
        await client.PatchStatusAsync(claim, status, ct).ConfigureAwait(false);
    }

    /// <summary>A volume whose claim is gone is released, and deleted with its directory when its policy says so.</summary>
    private async Task ReleaseAsync(PersistentVolume volume, CancellationToken ct)
    {
        if (volume.Spec?.ClaimRef is not { Uid: { } uid } claim || volume.Status?.Phase is not "Bound" and not "Released")
        {
            if (volume.Status?.Phase is null or "Pending" && volume.Spec?.ClaimRef is null)
            {
                await client.PatchStatusAsync(volume, new JsonObject { ["phase"] = "Available" }, ct).ConfigureAwait(false);
            }

            return;
        }

        var live = await client.FindAsync<PersistentVolumeClaim>(claim.Namespace, claim.Name!, ct).ConfigureAwait(false);
        if (live?.Metadata.Uid == uid)
        {
            return;
        }

        if (volume.Spec.PersistentVolumeReclaimPolicy == "Delete")
        {
            await client.DeleteIfExistsAsync(volume.Ref(), DeleteOptions.Default, ct).ConfigureAwait(false);
            DeleteDirectory(volume);
        }
        else if (volume.Status.Phase != "Released")
        {
            await client.PatchStatusAsync(volume, new JsonObject { ["phase"] = "Released" }, ct).ConfigureAwait(false);
        }
    }

    private void DeleteDirectory(PersistentVolume volume)
    {
        var handle = volume.Spec?.Csi?.VolumeHandle ?? volume.Metadata.Name!;
        var path = Path.GetFullPath(Path.Combine(volumesDirectory, handle));
        if (path.StartsWith(volumesDirectory + Path.DirectorySeparatorChar, StringComparison.Ordinal) && Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private static ObjectReference Reference(PersistentVolumeClaim claim) => new()
    {
        ApiVersion = "v1", Kind = "PersistentVolumeClaim", Namespace = claim.Metadata.Namespace, Name = claim.Metadata.Name, Uid = claim.Metadata.Uid,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "volume controller: {Key}: {Problem}")]
    private static partial void LogFailed(ILogger logger, string key, string problem);
}
