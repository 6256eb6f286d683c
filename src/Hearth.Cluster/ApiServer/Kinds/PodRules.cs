using System.Globalization;
using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Registry;
using Hearth.Kube.Objects;

namespace Hearth.Cluster.ApiServer.Kinds;

/// <summary>The life of pods as the API server sees it.</summary>
internal static class PodRules
{
    private const long DefaultGraceSeconds = 30;

    public static ResourceStrategy Strategy { get; } = new()
    {
        Default = tree => PodDefaults.Pod(tree.Ensure("spec")),
        PrepareCreate = PrepareCreate,
        PrepareStatus = PrepareStatus,
        Validate = (tree, errors) => PodValidation.Spec(tree.Obj("spec"), "spec", errors),
        ValidateUpdate = PodValidation.Update,
        Grace = Grace,
    };

    private static void PrepareCreate(JsonObject tree, ApiCall call, DateTimeOffset now)
    {
        var status = new JsonObject { ["phase"] = "Pending", ["qosClass"] = QualityOfService.Of(tree.Obj("spec")) };
        tree["status"] = status;
        var gates = tree.Obj("spec").Arr("schedulingGates");
        if (gates is { Count: > 0 })
        {
            status["conditions"] = new JsonArray(new JsonObject
            {
                ["type"] = "PodScheduled",
                ["status"] = "False",
                ["lastProbeTime"] = null,
                ["lastTransitionTime"] = KubeTimeConverter.ToText(now),
                ["reason"] = "SchedulingGated",
                ["message"] = "Scheduling is blocked due to non-empty scheduling gates",
            });
        }
    }

    private static void PrepareStatus(JsonObject tree, JsonObject old)
    {
        var status = tree.Ensure("status");
        if (status["qosClass"] is null && old.Obj("status")?["qosClass"] is { } quality)
        {
            status["qosClass"] = quality.DeepClone();
        }
    }

    /// <summary>A pod that nobody runs (not bound, or finished) goes at once; a running one gets its termination grace.</summary>
    private static long Grace(JsonObject tree, long? wanted)
    {
        var grace = wanted ?? tree.Obj("spec").Int("terminationGracePeriodSeconds") ?? DefaultGraceSeconds;
        if (string.IsNullOrEmpty(tree.Obj("spec").Str("nodeName")) || tree.Obj("status").Str("phase") is "Succeeded" or "Failed")
        {
            return 0;
        }

        grace = Math.Max(grace, 0);
        var running = tree.Obj("metadata").Int("deletionGracePeriodSeconds");
        return tree.IsDeleting() && running is { } before ? Math.Min(before, grace) : grace;
    }

    /// <summary>Binds a pod to a node (the <c>binding</c> sub-resource).</summary>
    public static JsonObject Bind(JsonObject pod, JsonObject binding, DateTimeOffset now)
    {
        var type = Hearth.Kube.Core.Pod.Type;
        var node = binding.Obj("target").Str("name");
        var spec = pod.Ensure("spec");
        if (pod.IsDeleting())
        {
            throw ApiErrors.Conflict(type, pod.Name()!, $"pod {pod.Name()} is being deleted, cannot be assigned to a host");
        }

        if (spec.Str("nodeName") is { Length: > 0 } bound)
        {
            throw ApiErrors.Conflict(type, pod.Name()!, $"pod {pod.Name()} is already assigned to node \"{bound}\"");
        }

        if (spec.Arr("schedulingGates") is { Count: > 0 })
        {
            throw ApiErrors.Conflict(type, pod.Name()!, $"pod {pod.Name()} has non-empty .spec.schedulingGates");
        }

        spec["nodeName"] = node;
        foreach (var (key, value) in binding.Obj("metadata").Obj("annotations") ?? [])
        {
            pod.Meta().Ensure("annotations")[key] = value?.DeepClone();
        }

        SetCondition(pod.Ensure("status"), "PodScheduled", "True", now);
        return pod;
    }

    /// <summary>Sets a condition without reason or message; the transition time changes only with the status.</summary>
    public static void SetCondition(JsonObject status, string type, string value, DateTimeOffset now)
    {
        if (status["conditions"] is not JsonArray conditions)
        {
            status["conditions"] = conditions = [];
        }

        var condition = conditions.OfType<JsonObject>().FirstOrDefault(c => c.Str("type") == type);
        if (condition is null)
        {
            condition = new JsonObject { ["type"] = type };
            conditions.Add((JsonNode)condition);
        }

        if (condition.Str("status") != value)
        {
            condition["lastTransitionTime"] = KubeTimeConverter.ToText(now);
        }

        condition["status"] = value;
        condition.Remove("reason");
        condition.Remove("message");
    }
}
