using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;

namespace Hearth.Cluster.ApiServer.Admission;

/// <summary>Pods stay five minutes on a node that is not ready or not reachable, unless they say otherwise.</summary>
internal sealed class TolerationAdmission : IAdmission
{
    private const long Seconds = 300;

    public void Admit(AdmissionRequest request)
    {
        if (request.Operation != AdmissionOperation.Create || !request.Is("", "pods"))
        {
            return;
        }

        foreach (var key in (ReadOnlySpan<string>)["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"])
        {
            AddUnlessTolerated(request.Object.Ensure("spec"), key);
        }
    }

    private static void AddUnlessTolerated(JsonObject spec, string key)
    {
        foreach (var toleration in spec.Objects("tolerations"))
        {
            var sameKey = string.IsNullOrEmpty(toleration.Str("key")) || toleration.Str("key") == key;
            var sameEffect = string.IsNullOrEmpty(toleration.Str("effect")) || toleration.Str("effect") == "NoExecute";
            if (sameKey && sameEffect)
            {
                return;
            }
        }

        if (spec["tolerations"] is not JsonArray tolerations)
        {
            spec["tolerations"] = tolerations = [];
        }

        tolerations.Add((JsonNode)new JsonObject { ["key"] = key, ["operator"] = "Exists", ["effect"] = "NoExecute", ["tolerationSeconds"] = Seconds });
    }
}
