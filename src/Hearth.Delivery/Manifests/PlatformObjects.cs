using System.Text.Json.Nodes;
using Hearth.Platform;

namespace Hearth.Delivery.Manifests;

/// <summary>
/// The Kubernetes objects that a declaration means, in the order they are applied: classes and pools, then the teams. Pure. Custom resource
/// definitions come from the rooms that own them; the access that Spark needs in a team's namespace comes from <c>Hearth.Jobs</c>.
/// </summary>
public static class PlatformObjects
{
    /// <summary>Label of everything that the declaration made.</summary>
    public const string ManagedBy = "hearth.dev/platform";

    private const string TeamRole = "hearth-team";

    /// <param name="platform">Complete and valid.</param>
    /// <param name="more">Objects that this kind of cluster needs besides.</param>
    public static IEnumerable<JsonObject> Of(PlatformDeclaration platform, IEnumerable<JsonObject>? more = null) =>
        platform.StorageClasses.Select(StorageClass)
            .Append(TeamClusterRole())
            .Concat(KarpenterObjects.Of(platform))
            .Concat(more ?? [])
            .Concat(platform.Teams.SelectMany(t => Team(platform, t)))
            .Select(o => Labelled(ManifestJson.Pruned(o), platform.Name));

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
        ["parameters"] = ManifestJson.Map(storage.Parameters),
        ["reclaimPolicy"] = storage.ReclaimPolicy,
        ["volumeBindingMode"] = storage.VolumeBindingMode,
        ["allowVolumeExpansion"] = storage.AllowVolumeExpansion,
        ["mountOptions"] = storage.MountOptions.Count > 0 ? ManifestJson.Strings(storage.MountOptions) : null,
    };

    private static IEnumerable<JsonObject> Team(PlatformDeclaration platform, Team team)
    {
        yield return TeamNamespace.Of(platform, team);
        yield return TeamBinding(team, "edit");
        yield return TeamBinding(team, TeamRole);
        if (team.Quota.Count > 0)
        {
            yield return new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "ResourceQuota",
                ["metadata"] = new JsonObject { ["name"] = team.Name, ["namespace"] = team.Namespace },
                ["spec"] = new JsonObject { ["hard"] = ManifestJson.Map(team.Quota) },
            };
        }
    }

    /// <summary>What team members may do in their namespace besides what <c>edit</c> allows: see their jobs, and end them.</summary>
    private static JsonObject TeamClusterRole() => new()
    {
        ["apiVersion"] = "rbac.authorization.k8s.io/v1",
        ["kind"] = "ClusterRole",
        ["metadata"] = new JsonObject { ["name"] = TeamRole },
        ["rules"] = new JsonArray(new JsonObject
        {
            ["apiGroups"] = ManifestJson.Strings(["emr.hearth.dev"]), ["resources"] = ManifestJson.Strings(["jobruns", "virtualclusters"]), ["verbs"] = ManifestJson.Strings(["get", "list", "watch", "delete"]),
        }),
    };

    /// <summary>Group <c>hearth:team:NAME</c> is what a team's AWS key becomes at the Kubernetes API.</summary>
    private static JsonObject TeamBinding(Team team, string role) => new()
    {
        ["apiVersion"] = "rbac.authorization.k8s.io/v1",
        ["kind"] = "RoleBinding",
        ["metadata"] = new JsonObject { ["name"] = $"{team.Name}-{role}", ["namespace"] = team.Namespace },
        ["subjects"] = new JsonArray(new JsonObject { ["kind"] = "Group", ["apiGroup"] = "rbac.authorization.k8s.io", ["name"] = $"hearth:team:{team.Name}" }),
        ["roleRef"] = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "ClusterRole", ["name"] = role },
    };

    /// <summary>Marks an object as the platform's, so that what a later rendering leaves out can be pruned by label. In place.</summary>
    internal static JsonObject Labelled(JsonObject item, string platform)
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
