using System.Text.Json.Nodes;
using Hearth.Delivery.Manifests;
using Hearth.Platform;

namespace Hearth.Delivery.Charts;

/// <summary>YuniKorn with the declared queues.</summary>
internal static class YuniKornValues
{
    public static JsonObject Of(PlatformDeclaration platform, StackOutputs outputs)
    {
        var defaults = new JsonObject
        {
            ["service.volumeBindTimeout"] = "60s",
            ["service.placeholderImage"] = "registry.k8s.io/pause:3.7",
            ["service.operatorPlugins"] = "general,spark-k8s-operator",
            ["admissionController.filtering.bypassNamespaces"] = "^kube-system$",
        };
        if (platform.Queues.Count > 0)
        {
            defaults["queues.yaml"] = QueueText.Of(platform);
        }

        return new JsonObject { ["enableSchedulerPlugin"] = false, ["yunikornDefaults"] = defaults };
    }
}
