using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Registry;
using Hearth.Kube.Quantities;

namespace Hearth.Cluster.ApiServer.Kinds;

/// <summary>Volumes, claims and storage classes.</summary>
internal static class StorageRules
{
    private const string ClaimUpdateText = "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";

    public static ResourceStrategy PersistentVolume { get; } = new()
    {
        Default = tree =>
        {
            var spec = tree.Ensure("spec");
            spec.SetDefaultText("persistentVolumeReclaimPolicy", "Retain");
            spec.SetDefaultText("volumeMode", "Filesystem");
            QuantityFields.Canonicalize(spec.Obj("capacity"));
        },
        PrepareCreate = (tree, _, _) => tree["status"] = new JsonObject { ["phase"] = "Pending" },
        Validate = (tree, errors) =>
        {
            QuantityFields.Validate(tree.At("spec", "capacity"), "spec.capacity", errors);
            CheckModes(tree, errors);
            if (tree.At("spec", "capacity") is not { Count: > 0 })
            {
                errors.Required("spec.capacity");
            }
        },
    };

    public static ResourceStrategy PersistentVolumeClaim { get; } = new()
    {
        Default = tree =>
        {
            var spec = tree.Ensure("spec");
            spec.SetDefaultText("volumeMode", "Filesystem");
            QuantityFields.Canonicalize(spec.At("resources", "requests"));
        },
        PrepareCreate = (tree, _, _) => tree["status"] = new JsonObject { ["phase"] = "Pending" },
        Validate = (tree, errors) =>
        {
            CheckModes(tree, errors);
            QuantityFields.Validate(tree.At("spec", "resources", "requests"), "spec.resources.requests", errors);
            if (tree.At("spec", "resources", "requests").Str("storage") is null)
            {
                errors.Required("spec.resources[storage]");
            }
        },
        ValidateUpdate = ValidateClaimUpdate,
    };

    public static ResourceStrategy StorageClass { get; } = new()
    {
        Default = tree =>
        {
            tree.SetDefaultText("reclaimPolicy", "Delete");
            tree.SetDefaultText("volumeBindingMode", "Immediate");
        },
        Validate = (tree, errors) =>
        {
            if (string.IsNullOrEmpty(tree.Str("provisioner")))
            {
                errors.Required("provisioner");
            }

            if (tree.Str("reclaimPolicy") is { } policy and not ("Delete" or "Retain"))
            {
                errors.NotSupported("reclaimPolicy", policy, "Delete", "Retain");
            }

            if (tree.Str("volumeBindingMode") is { } mode and not ("Immediate" or "WaitForFirstConsumer"))
            {
                errors.NotSupported("volumeBindingMode", mode, "Immediate", "WaitForFirstConsumer");
            }
        },
        ValidateUpdate = (tree, old, errors) =>
        {
            foreach (var member in (ReadOnlySpan<string>)["parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"])
            {
                if (!JsonTree.Same(tree[member], old[member]))
                {
                    errors.Forbidden(member, "updates to " + member + " are forbidden.");
                }
            }
        },
    };

    private static void ValidateClaimUpdate(JsonObject tree, JsonObject old, FieldErrors errors)
    {
        var now = tree.Obj("spec")!.DeepClone().AsObject();
        var before = old.Obj("spec")!.DeepClone().AsObject();
        if (string.IsNullOrEmpty(before.Str("volumeName")))
        {
            before.SetOrRemove("volumeName", now["volumeName"]?.DeepClone());
        }
        else
        {
            before.SetOrRemove("resources", now["resources"]?.DeepClone());
        }

        if (before["storageClassName"] is null)
        {
            before.SetOrRemove("storageClassName", now["storageClassName"]?.DeepClone());
        }

        before.SetOrRemove("volumeAttributesClassName", now["volumeAttributesClassName"]?.DeepClone());
        if (!JsonTree.Same(now, before))
        {
            errors.Forbidden("spec", ClaimUpdateText);
        }

        if (Quantity.TryParse(tree.At("spec", "resources", "requests").Str("storage"), out var wanted)
            && Quantity.TryParse(old.At("spec", "resources", "requests").Str("storage"), out var had)
            && wanted < had)
        {
            errors.Forbidden("spec.resources.requests.storage", "field can not be less than status.capacity");
        }
    }

    private static void CheckModes(JsonObject tree, FieldErrors errors)
    {
        var modes = tree.Obj("spec").Strings("accessModes");
        if (modes.Count == 0)
        {
            errors.Required("spec.accessModes", "at least 1 access mode is required");
        }

        foreach (var mode in modes)
        {
            if (mode is not ("ReadOnlyMany" or "ReadWriteMany" or "ReadWriteOnce" or "ReadWriteOncePod"))
            {
                errors.NotSupported("spec.accessModes", mode, "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod");
            }
        }
    }
}
