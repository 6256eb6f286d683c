using System.Text.Json.Nodes;
using Hearth.Platform;

namespace Hearth.Cli.Hosting.Realization;

/// <summary>
/// The Kubernetes objects that a declaration means, in the order they are applied: classes and pools, then the teams. Pure. Custom resource
/// definitions come from the rooms that own them; the access that Spark needs in a team's namespace comes from <c>Hearth.Jobs</c>.
/// </summary>
internal static class PlatformObjects
{
    /// <summary>Label of everything that the declaration made.</summary>
    public const string ManagedBy = "hearth.dev/platform";

    public static IEnumerable<JsonObject> Of(PlatformDeclaration platform) =>
        platform.StorageClasses.Select(StorageClass)
            .Concat(KarpenterObjects.Of(platform))
            .Concat(platform.Teams.SelectMany(Team))
            .Select(o => Labelled(Json.Pruned(o), platform.Name));

    private static JsonObject StorageClass(StorageClass storage) => new()
    {
        ["apiVersion"] = "storage.k8s.io/v1",
        ["kind"] = "StorageClass",
        ["metadata"] = new JsonObject
        {
            ["name"] = storage.Name,
            ["annotations"] = storage.Default ? new JsonObject { ["storageclass.kubernetes.io/is-default-class"] = "true" } : null,
        },
        ["provisioner"] = storage.Provisioner,
        ["parameters"] = Json.Map(storage.Parameters),
        ["reclaimPolicy"] = storage.ReclaimPolicy,
        ["volumeBindingMode"] = storage.VolumeBindingMode,
        ["allowVolumeExpansion"] = storage.AllowVolumeExpansion,
        ["mountOptions"] = storage.MountOptions.Count > 0 ? Json.Strings(storage.MountOptions) : null,
    };

    private static IEnumerable<JsonObject> Team(Team team)
    {
        yield return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Namespace",
            ["metadata"] = new JsonObject { ["name"] = team.Namespace, ["labels"] = Json.Map(team.Labels) },
        };
        if (team.Quota.Count > 0)
        {
            yield return new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "ResourceQuota",
                ["metadata"] = new JsonObject { ["name"] = team.Name, ["namespace"] = team.Namespace },
                ["spec"] = new JsonObject { ["hard"] = Json.Map(team.Quota) },
            };
        }
    }

    private static JsonObject Labelled(JsonObject item, string platform)
    {
        var metadata = item["metadata"]!.AsObject();
        if (metadata["labels"] is not JsonObject labels)
        {
            metadata["labels"] = labels = [];
        }

        labels[ManagedBy] = platform;
        return item;
    }
}
