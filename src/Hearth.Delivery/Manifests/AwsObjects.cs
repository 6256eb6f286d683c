using System.Text.Json.Nodes;
using Hearth.Delivery.Charts;
using Hearth.Jobs.Access;
using Hearth.Platform;

namespace Hearth.Delivery.Manifests;

/// <summary>
/// Objects that a real cluster needs besides <see cref="PlatformObjects"/>: what the EMR service may do in each team's namespace, priorities, and with
/// the FSx add-on its storage class and static volume. Pure.
/// </summary>
public static class AwsObjects
{
    /// <summary>Verbs that Kubernetes knows; EMR's own documentation lists some that it does not.</summary>
    private static readonly string[] Verbs = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];

    /// <summary>Priorities of jobs, most important first.</summary>
    public static IEnumerable<JsonObject> Priorities()
    {
        yield return Priority("hearth-critical", 100_000, "Jobs with a deadline");
        yield return Priority("hearth-notebook", 50_000, "People who wait");
        yield return Priority("hearth-shared", 10_000, "Everything else");
    }

    /// <summary>Role and binding of user emr-containers in a team's namespace.</summary>
    public static IEnumerable<JsonObject> ServiceAccess(Team team) => TeamAccess.ForService(team.Namespace).Select(a => RealVerbs(a.Body.DeepClone().AsObject()));

    /// <summary>Storage class and static volume of the Lustre file system.</summary>
    public static IEnumerable<JsonObject> Lustre(StackOutputs outputs)
    {
        yield return new JsonObject
        {
            ["apiVersion"] = "storage.k8s.io/v1",
            ["kind"] = "StorageClass",
            ["metadata"] = new JsonObject { ["name"] = "fsx" },
            ["provisioner"] = "fsx.csi.aws.com",
            ["parameters"] = new JsonObject { ["subnetId"] = outputs["LustreSubnetId"], ["securityGroupIds"] = outputs["LustreSecurityGroupId"], ["deploymentType"] = "SCRATCH_2" },
            ["mountOptions"] = new JsonArray("flock"),
        };
        yield return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "PersistentVolume",
            ["metadata"] = new JsonObject { ["name"] = "fsx-static-pv" },
            ["spec"] = new JsonObject
            {
                ["capacity"] = new JsonObject { ["storage"] = "2400Gi" },
                ["volumeMode"] = "Filesystem",
                ["accessModes"] = new JsonArray("ReadWriteMany"),
                ["mountOptions"] = new JsonArray("flock"),
                ["persistentVolumeReclaimPolicy"] = "Retain",
                ["storageClassName"] = "fsx",
                ["csi"] = new JsonObject
                {
                    ["driver"] = "fsx.csi.aws.com",
                    ["volumeHandle"] = outputs["LustreFileSystemId"],
                    ["volumeAttributes"] = new JsonObject { ["dnsname"] = outputs["LustreDnsName"], ["mountname"] = outputs["LustreMountName"] },
                },
            },
        };
    }

    private static JsonObject Priority(string name, int value, string description) => new()
    {
        ["apiVersion"] = "scheduling.k8s.io/v1",
        ["kind"] = "PriorityClass",
        ["metadata"] = new JsonObject { ["name"] = name },
        ["value"] = value,
        ["globalDefault"] = false,
        ["preemptionPolicy"] = "PreemptLowerPriority",
        ["description"] = description,
    };

    private static JsonObject RealVerbs(JsonObject item)
    {
        foreach (var rule in (item["rules"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var asked = rule["verbs"]!.AsArray().Select(v => v!.GetValue<string>()).ToHashSet(StringComparer.Ordinal);
            if (asked.Contains("edit"))
            {
                asked.Add("update");
            }

            rule["verbs"] = new JsonArray([.. Verbs.Where(asked.Contains).Select(v => (JsonNode)v)]);
        }

        return item;
    }
}
