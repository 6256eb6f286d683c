using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Registry;

namespace Hearth.Cluster.ApiServer.Kinds;

/// <summary>Services. Cluster addresses are handed out but lead nowhere: there is no virtual network in an embedded cluster.</summary>
internal static class ServiceRules
{
    public static ResourceStrategy Strategy { get; } = new()
    {
        Name = NameRule.DnsLabel1035,
        Default = Default,
        PrepareCreate = (tree, _, _) =>
        {
            AssignAddress(tree.Ensure("spec"));
            tree["status"] = new JsonObject { ["loadBalancer"] = new JsonObject() };
        },
        PrepareUpdate = KeepAddress,
        Validate = Validate,
        ValidateUpdate = (tree, old, errors) =>
        {
            var (now, before) = (tree.Obj("spec").Str("clusterIP"), old.Obj("spec").Str("clusterIP"));
            if (!string.IsNullOrEmpty(before) && !string.Equals(now, before, StringComparison.Ordinal) && old.Obj("spec").Str("type") != "ExternalName" && tree.Obj("spec").Str("type") != "ExternalName")
            {
                errors.Invalid("spec.clusterIPs[0]", now, "may not change once set");
            }
        },
    };

    private static void Default(JsonObject tree)
    {
        var spec = tree.Ensure("spec");
        spec.SetDefaultText("type", "ClusterIP");
        spec.SetDefaultText("sessionAffinity", "None");
        foreach (var port in spec.Objects("ports"))
        {
            port.SetDefaultText("protocol", "TCP");
            if (port["targetPort"] is null && port["port"] is { } number)
            {
                port["targetPort"] = number.DeepClone();
            }
        }

        if (spec.Str("type") != "ExternalName")
        {
            spec.SetDefaultText("internalTrafficPolicy", "Cluster");
            spec.SetDefaultText("ipFamilyPolicy", "SingleStack");
            spec.SetDefault("ipFamilies", new JsonArray("IPv4"));
        }
    }

    private static void AssignAddress(JsonObject spec)
    {
        if (spec.Str("type") == "ExternalName")
        {
            return;
        }

        if (string.IsNullOrEmpty(spec.Str("clusterIP")))
        {
            spec["clusterIP"] = $"10.100.{RandomNumberGenerator.GetInt32(0, 256)}.{RandomNumberGenerator.GetInt32(2, 255)}";
        }

        spec["clusterIPs"] = new JsonArray(spec.Str("clusterIP"));
    }

    private static void KeepAddress(JsonObject tree, JsonObject old)
    {
        var (spec, oldSpec) = (tree.Ensure("spec"), old.Obj("spec"));
        if (string.IsNullOrEmpty(spec.Str("clusterIP")) && spec.Str("type") != "ExternalName")
        {
            spec.SetOrRemove("clusterIP", oldSpec?["clusterIP"]?.DeepClone());
            spec.SetOrRemove("clusterIPs", oldSpec?["clusterIPs"]?.DeepClone());
            AssignAddress(spec);
        }
    }

    private static void Validate(JsonObject tree, FieldErrors errors)
    {
        var spec = tree.Obj("spec");
        var type = spec.Str("type");
        if (type is not ("ClusterIP" or "ExternalName" or "LoadBalancer" or "NodePort"))
        {
            errors.NotSupported("spec.type", type, "ClusterIP", "ExternalName", "LoadBalancer", "NodePort");
        }

        if (type != "ExternalName" && spec.Str("clusterIP") != "None" && spec.Arr("ports") is not { Count: > 0 })
        {
            errors.Required("spec.ports");
        }

        var index = 0;
        foreach (var port in spec.Objects("ports"))
        {
            if (port.Int("port") is not (>= 1 and <= 65535))
            {
                errors.Invalid($"spec.ports[{index}].port", port["port"], "must be between 1 and 65535, inclusive");
            }

            if (spec.Arr("ports")!.Count > 1 && string.IsNullOrEmpty(port.Str("name")))
            {
                errors.Required($"spec.ports[{index}].name");
            }

            index++;
        }
    }
}
