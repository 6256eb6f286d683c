using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Hearth.Kube.Core;
using Hearth.Scheduling.YuniKorn.Gangs;

namespace Hearth.Scheduling.YuniKorn.Shim;

/// <summary>The pod that holds a place of a gang (yunikorn-k8shim, pkg/cache/placeholder.go): a pause container of the group's size, where the group says.</summary>
public static class PlaceholderPod
{
    private const int ApplicationPart = 28;
    private const int GroupPart = 20;
    private const int RandomPart = 10;
    private const string Letters = "abcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary><c>tg-&lt;application&gt;-&lt;group&gt;-&lt;ten letters&gt;</c>, at most 63 long. The letters follow from the originator, the time and the number, so that a simulation can be repeated.</summary>
    public static string Name(string applicationId, string group, string originatorUid, DateTimeOffset now, int number)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{originatorUid}/{group}/{now.UtcTicks}/{number}")));
        var letters = string.Concat(hash.Take(RandomPart).Select(b => Letters[b % Letters.Length]));
        return $"tg-{Cut(applicationId, ApplicationPart)}-{Cut(group, GroupPart)}-{letters}";
    }

    /// <summary>The object to create.</summary>
    /// <param name="originator">The pod that began the application; it owns the placeholder.</param>
    /// <param name="applicationId">Of both.</param>
    /// <param name="queue">Path of the queue.</param>
    /// <param name="group">The group.</param>
    /// <param name="name">See <see cref="Name"/>.</param>
    /// <param name="image">Of the pause container.</param>
    public static JsonObject Create(Pod originator, string applicationId, string queue, TaskGroup group, string name, string image)
    {
        var labels = group.Labels?.DeepClone().AsObject() ?? [];
        labels[YuniKornNames.ApplicationId] = applicationId;
        labels[YuniKornNames.Queue] = queue;
        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = originator.Metadata.Namespace,
                ["labels"] = labels,
                ["annotations"] = Annotations(originator, group),
                ["ownerReferences"] = new JsonArray(new JsonObject
                {
                    ["apiVersion"] = "v1", ["kind"] = "Pod", ["name"] = originator.Metadata.Name, ["uid"] = originator.Metadata.Uid,
                    ["controller"] = false, ["blockOwnerDeletion"] = true,
                }),
            },
            ["spec"] = Spec(originator, group, image),
        };
    }

    private static JsonObject Annotations(Pod originator, TaskGroup group)
    {
        var annotations = group.Annotations?.DeepClone().AsObject() ?? [];
        annotations[YuniKornNames.Placeholder] = "true";
        annotations[YuniKornNames.TaskGroupName] = group.Name;
        foreach (var key in (ReadOnlySpan<string>)[YuniKornNames.TaskGroups, YuniKornNames.PolicyParameters, YuniKornNames.UserInfo])
        {
            if (originator.Metadata.Annotation(key) is { } value)
            {
                annotations[key] = value;
            }
        }

        return annotations;
    }

    private static JsonObject Spec(Pod originator, TaskGroup group, string image)
    {
        var resources = new JsonObject(group.MinResource.Where(r => r.Value.Exact > 0).Select(r => new KeyValuePair<string, JsonNode?>(r.Key, r.Value.ToString())));
        var spec = new JsonObject
        {
            ["schedulerName"] = YuniKornNames.Scheduler,
            ["restartPolicy"] = "Never",
            ["terminationGracePeriodSeconds"] = 0,
            ["hostNetwork"] = false,
            ["automountServiceAccountToken"] = false,
            ["securityContext"] = new JsonObject
            {
                ["runAsNonRoot"] = true, ["runAsUser"] = 1000, ["runAsGroup"] = 3000, ["fsGroup"] = 2000, ["seccompProfile"] = new JsonObject { ["type"] = "RuntimeDefault" },
            },
            ["containers"] = new JsonArray(new JsonObject
            {
                ["name"] = "pause",
                ["image"] = image,
                ["imagePullPolicy"] = "IfNotPresent",
                ["resources"] = new JsonObject { ["requests"] = resources, ["limits"] = resources.DeepClone() },
                ["securityContext"] = new JsonObject
                {
                    ["allowPrivilegeEscalation"] = false, ["readOnlyRootFilesystem"] = true, ["capabilities"] = new JsonObject { ["drop"] = new JsonArray("ALL") },
                },
            }),
        };
        if (originator.Spec?.PriorityClassName is { Length: > 0 } priority)
        {
            spec["priorityClassName"] = priority;
        }

        spec["nodeSelector"] = group.NodeSelector?.DeepClone();
        spec["tolerations"] = group.Tolerations?.DeepClone();
        spec["affinity"] = group.Affinity?.DeepClone();
        spec["topologySpreadConstraints"] = group.TopologySpreadConstraints?.DeepClone();
        foreach (var empty in spec.Where(p => p.Value is null).Select(p => p.Key).ToArray())
        {
            spec.Remove(empty);
        }

        return spec;
    }

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..length];
}
