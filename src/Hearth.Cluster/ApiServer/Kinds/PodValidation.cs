using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;

namespace Hearth.Cluster.ApiServer.Kinds;

/// <summary>What makes a pod spec acceptable, and what may change in it later.</summary>
internal static class PodValidation
{
    private const string UpdateText =
        "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,"
        + "`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

    public static void Spec(JsonObject? spec, string path, FieldErrors errors)
    {
        if (spec.Arr("containers") is not { Count: > 0 })
        {
            errors.Required($"{path}.containers");
        }

        var volumes = Volumes(spec, path, errors);
        var names = new HashSet<string>(StringComparer.Ordinal);
        Containers(spec, "initContainers", path, names, volumes, errors);
        Containers(spec, "containers", path, names, volumes, errors);
        if (spec.Str("restartPolicy") is not ("Always" or "OnFailure" or "Never"))
        {
            errors.NotSupported($"{path}.restartPolicy", spec.Str("restartPolicy"), "Always", "OnFailure", "Never");
        }

        if (spec.Int("terminationGracePeriodSeconds") < 0)
        {
            errors.Invalid($"{path}.terminationGracePeriodSeconds", spec!["terminationGracePeriodSeconds"], "must be greater than or equal to 0");
        }

        if (spec.Str("nodeName") is { Length: > 0 } node)
        {
            NameRules.Check(Registry.NameRule.Subdomain, $"{path}.nodeName", node, errors);
        }

        Tolerations(spec, path, errors);
    }

    /// <summary>Compares specs after taking over what may change.</summary>
    public static void Update(JsonObject tree, JsonObject old, FieldErrors errors)
    {
        var now = tree.Obj("spec")!.DeepClone().AsObject();
        var before = old.Obj("spec")!.DeepClone().AsObject();
        foreach (var member in (ReadOnlySpan<string>)["containers", "initContainers", "ephemeralContainers"])
        {
            TakeImages(now.Arr(member), before.Arr(member));
        }

        Tolerations(now, before, errors);
        foreach (var member in (ReadOnlySpan<string>)["activeDeadlineSeconds", "tolerations", "nodeName"])
        {
            if (member != "nodeName" || before[member] is null)
            {
                before.SetOrRemove(member, now[member]?.DeepClone());
            }
        }

        if (before.Arr("schedulingGates") is { Count: > 0 })
        {
            foreach (var member in (ReadOnlySpan<string>)["schedulingGates", "nodeSelector", "affinity"])
            {
                before.SetOrRemove(member, now[member]?.DeepClone());
            }
        }

        if (!JsonTree.Same(now, before))
        {
            errors.Forbidden("spec", UpdateText);
        }
    }

    private static void TakeImages(JsonArray? now, JsonArray? before)
    {
        for (var i = 0; now is not null && before is not null && i < now.Count && i < before.Count; i++)
        {
            if (now[i] is JsonObject fresh && before[i] is JsonObject stale)
            {
                stale.SetOrRemove("image", fresh["image"]?.DeepClone());
            }
        }
    }

    private static void Tolerations(JsonObject now, JsonObject before, FieldErrors errors)
    {
        foreach (var toleration in before.Objects("tolerations"))
        {
            if (!now.Objects("tolerations").Any(t => SameButSeconds(t, toleration)))
            {
                errors.Forbidden("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds");
                return;
            }
        }
    }

    private static bool SameButSeconds(JsonObject a, JsonObject b)
    {
        var (left, right) = (a.DeepClone().AsObject(), b.DeepClone().AsObject());
        left.Remove("tolerationSeconds");
        right.Remove("tolerationSeconds");
        return JsonTree.Same(left, right);
    }

    private static HashSet<string> Volumes(JsonObject? spec, string path, FieldErrors errors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var index = 0;
        foreach (var volume in spec.Objects("volumes"))
        {
            var name = volume.Str("name") ?? "";
            var field = $"{path}.volumes[{index++}]";
            if (name.Length == 0)
            {
                errors.Required($"{field}.name");
            }
            else
            {
                NameRules.Check(Registry.NameRule.Label, $"{field}.name", name, errors);
                if (!names.Add(name))
                {
                    errors.Duplicate($"{field}.name", name);
                }
            }

            if (volume.Count > 2)
            {
                errors.Forbidden($"{field}.{volume.Select(v => v.Key).Last(k => k != "name")}", "may not specify more than 1 volume type");
            }
        }

        return names;
    }

    private static void Containers(JsonObject? spec, string member, string path, HashSet<string> names, HashSet<string> volumes, FieldErrors errors)
    {
        var index = 0;
        foreach (var container in spec.Objects(member))
        {
            var field = $"{path}.{member}[{index++}]";
            var name = container.Str("name") ?? "";
            if (name.Length == 0)
            {
                errors.Required($"{field}.name");
            }
            else
            {
                NameRules.Check(Registry.NameRule.Label, $"{field}.name", name, errors);
                if (!names.Add(name))
                {
                    errors.Duplicate($"{field}.name", name);
                }
            }

            if (string.IsNullOrWhiteSpace(container.Str("image")))
            {
                errors.Required($"{field}.image");
            }

            if (container.Str("imagePullPolicy") is { } policy and not ("Always" or "IfNotPresent" or "Never"))
            {
                errors.NotSupported($"{field}.imagePullPolicy", policy, "Always", "IfNotPresent", "Never");
            }

            Resources(container.Obj("resources"), field, errors);
            Mounts(container, field, volumes, errors);
            Environment(container, field, errors);
            Ports(container, field, errors);
        }
    }

    private static void Resources(JsonObject? resources, string field, FieldErrors errors)
    {
        QuantityFields.Validate(resources.Obj("limits"), $"{field}.resources.limits", errors);
        QuantityFields.Validate(resources.Obj("requests"), $"{field}.resources.requests", errors);
        var limits = QuantityFields.Read(resources.Obj("limits")).ToDictionary(q => q.Name, q => q.Amount, StringComparer.Ordinal);
        foreach (var (name, request) in QuantityFields.Read(resources.Obj("requests")))
        {
            if (limits.TryGetValue(name, out var limit) && request > limit)
            {
                errors.Invalid($"{field}.resources.requests", request.ToString(), $"must be less than or equal to {name} limit of {limit}");
            }
        }
    }

    private static void Mounts(JsonObject container, string field, HashSet<string> volumes, FieldErrors errors)
    {
        var index = 0;
        var paths = new HashSet<string>(StringComparer.Ordinal);
        foreach (var mount in container.Objects("volumeMounts"))
        {
            var here = $"{field}.volumeMounts[{index++}]";
            if (mount.Str("name") is not { Length: > 0 } name)
            {
                errors.Required($"{here}.name");
            }
            else if (!volumes.Contains(name))
            {
                errors.NotFound($"{here}.name", name);
            }

            if (mount.Str("mountPath") is not { Length: > 0 } path)
            {
                errors.Required($"{here}.mountPath");
            }
            else if (!paths.Add(path))
            {
                errors.Invalid($"{here}.mountPath", path, "must be unique");
            }
        }
    }

    private static void Environment(JsonObject container, string field, FieldErrors errors)
    {
        var index = 0;
        foreach (var variable in container.Objects("env"))
        {
            if (string.IsNullOrEmpty(variable.Str("name")))
            {
                errors.Required($"{field}.env[{index}].name");
            }

            if (!string.IsNullOrEmpty(variable.Str("value")) && variable.Obj("valueFrom") is { Count: > 0 })
            {
                errors.Invalid($"{field}.env[{index}].valueFrom", "", "may not be specified when `value` is not empty");
            }

            index++;
        }
    }

    private static void Ports(JsonObject container, string field, FieldErrors errors)
    {
        var index = 0;
        foreach (var port in container.Objects("ports"))
        {
            if (port.Int("containerPort") is not (>= 1 and <= 65535))
            {
                errors.Invalid($"{field}.ports[{index}].containerPort", port["containerPort"], "must be between 1 and 65535, inclusive");
            }

            index++;
        }
    }

    private static void Tolerations(JsonObject? spec, string path, FieldErrors errors)
    {
        var index = 0;
        foreach (var toleration in spec.Objects("tolerations"))
        {
            var field = $"{path}.tolerations[{index++}]";
            var op = toleration.Str("operator");
            if (op is not (null or "" or "Equal" or "Exists"))
            {
                errors.NotSupported($"{field}.operator", op, "Equal", "Exists");
            }
            else if (string.IsNullOrEmpty(toleration.Str("key")) && op != "Exists")
            {
                errors.Invalid($"{field}.operator", op, "operator must be Exists when `key` is empty, which means \"match all values and all keys\"");
            }
            else if (op == "Exists" && !string.IsNullOrEmpty(toleration.Str("value")))
            {
                errors.Invalid($"{field}.operator", op, "value must be empty when `operator` is 'Exists'");
            }

            if (toleration.Str("effect") is { Length: > 0 } effect and not ("NoSchedule" or "PreferNoSchedule" or "NoExecute"))
            {
                errors.NotSupported($"{field}.effect", effect, "NoSchedule", "PreferNoSchedule", "NoExecute");
            }
        }
    }
}
