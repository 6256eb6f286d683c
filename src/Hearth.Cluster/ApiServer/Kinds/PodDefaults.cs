using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;

namespace Hearth.Cluster.ApiServer.Kinds;

/// <summary>What users leave out of pod specs (kubernetes <c>core/v1 defaults</c>), in pods and in pod templates.</summary>
internal static class PodDefaults
{
    /// <summary>The spec of a pod: what holds for templates, and requests from limits.</summary>
    public static void Pod(JsonObject spec)
    {
        Spec(spec);
        spec.SetDefault("enableServiceLinks", true);
        foreach (var container in spec.Objects("initContainers").Concat(spec.Objects("containers")))
        {
            var resources = container.Ensure("resources");
            foreach (var (name, limit) in resources.Obj("limits")?.ToArray() ?? [])
            {
                resources.Ensure("requests").SetDefault(name, limit!.DeepClone());
            }
        }
    }

    /// <summary>The spec of a pod or of a pod template.</summary>
    public static void Spec(JsonObject spec)
    {
        spec.SetDefaultText("restartPolicy", "Always");
        spec.SetDefaultText("dnsPolicy", "ClusterFirst");
        spec.SetDefaultText("schedulerName", "default-scheduler");
        spec.SetDefault("terminationGracePeriodSeconds", 30L);
        spec.SetDefault("securityContext", new JsonObject());
        ServiceAccount(spec);
        foreach (var container in spec.Objects("initContainers").Concat(spec.Objects("containers")))
        {
            Container(container, spec.Bool("hostNetwork") == true);
        }

        foreach (var volume in spec.Objects("volumes"))
        {
            Volume(volume);
        }

        QuantityFields.Canonicalize(spec.Obj("overhead"));
    }

    /// <summary>A pod template: defaults of its spec.</summary>
    public static void Template(JsonObject? template)
    {
        if (template is not null)
        {
            template.SetDefault("metadata", new JsonObject());
            Spec(template.Ensure("spec"));
        }
    }

    /// <summary>The old and the new name of one field.</summary>
    private static void ServiceAccount(JsonObject spec)
    {
        var name = MetaTree.NullIfEmpty(spec.Str("serviceAccountName")) ?? MetaTree.NullIfEmpty(spec.Str("serviceAccount"));
        if (name is not null)
        {
            spec["serviceAccountName"] = name;
            spec["serviceAccount"] = name;
        }
    }

    private static void Container(JsonObject container, bool hostNetwork)
    {
        container.SetDefaultText("imagePullPolicy", PullPolicy(container.Str("image") ?? ""));
        container.SetDefaultText("terminationMessagePath", "/dev/termination-log");
        container.SetDefaultText("terminationMessagePolicy", "File");
        Resources(container.Ensure("resources"));
        foreach (var port in container.Objects("ports"))
        {
            port.SetDefaultText("protocol", "TCP");
            if (hostNetwork && port["hostPort"] is null && port["containerPort"] is { } number)
            {
                port["hostPort"] = number.DeepClone();
            }
        }

        foreach (var variable in container.Objects("env"))
        {
            variable.At("valueFrom", "fieldRef")?.SetDefaultText("apiVersion", "v1");
        }

        foreach (var member in (ReadOnlySpan<string>)["livenessProbe", "readinessProbe", "startupProbe"])
        {
            Probe(container.Obj(member));
        }
    }

    private static void Resources(JsonObject resources)
    {
        QuantityFields.Canonicalize(resources.Obj("limits"));
        QuantityFields.Canonicalize(resources.Obj("requests"));
    }

    private static void Probe(JsonObject? probe)
    {
        if (probe is null)
        {
            return;
        }

        probe.SetDefault("timeoutSeconds", 1L);
        probe.SetDefault("periodSeconds", 10L);
        probe.SetDefault("successThreshold", 1L);
        probe.SetDefault("failureThreshold", 3L);
        probe.Obj("httpGet")?.SetDefaultText("path", "/");
        probe.Obj("httpGet")?.SetDefaultText("scheme", "HTTP");
    }

    private static void Volume(JsonObject volume)
    {
        foreach (var member in (ReadOnlySpan<string>)["secret", "configMap", "downwardAPI", "projected"])
        {
            volume.Obj(member)?.SetDefault("defaultMode", 420L);
        }

        volume.Obj("hostPath")?.SetDefault("type", "");
        foreach (var source in volume.Obj("projected").Objects("sources"))
        {
            source.Obj("serviceAccountToken")?.SetDefault("expirationSeconds", 3600L);
            FieldReferences(source.Obj("downwardAPI"));
        }

        FieldReferences(volume.Obj("downwardAPI"));
        if (volume.At("ephemeral", "volumeClaimTemplate", "spec") is { } claim)
        {
            claim.SetDefaultText("volumeMode", "Filesystem");
            QuantityFields.Canonicalize(claim.At("resources", "requests"));
        }

        if (volume.Count == 1 && volume.ContainsKey("name"))
        {
            volume["emptyDir"] = new JsonObject();
        }
    }

    private static void FieldReferences(JsonObject? downward)
    {
        foreach (var item in downward.Objects("items"))
        {
            item.Obj("fieldRef")?.SetDefaultText("apiVersion", "v1");
        }
    }

    private static string PullPolicy(string image)
    {
        if (image.Contains('@', StringComparison.Ordinal))
        {
            return "IfNotPresent";
        }

        var tag = image.LastIndexOf(':');
        var tagged = tag > image.LastIndexOf('/');
        return !tagged || image.AsSpan(tag + 1).SequenceEqual("latest") ? "Always" : "IfNotPresent";
    }
}
