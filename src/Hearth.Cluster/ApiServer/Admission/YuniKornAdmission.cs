using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Scheduling.YuniKorn;

namespace Hearth.Cluster.ApiServer.Admission;

/// <summary>
/// YuniKorn's admission controller: pods go to its scheduler (except those of kube-system and those that name another one), get an application id when they carry
/// none, and say whose they are (yunikorn-k8shim, pkg/admission).
/// </summary>
internal sealed class YuniKornAdmission : IAdmission
{
    private const string Bypassed = "kube-system";
    private const string DefaultScheduler = "default-scheduler";

    public void Admit(AdmissionRequest request)
    {
        if (request.Operation != AdmissionOperation.Create || !request.Is("", "pods") || request.Namespace == Bypassed)
        {
            return;
        }

        var spec = request.Object.Ensure("spec");
        if (spec.Str("schedulerName") is { Length: > 0 } scheduler and not DefaultScheduler and not YuniKornNames.Scheduler)
        {
            return;
        }

        spec["schedulerName"] = YuniKornNames.Scheduler;
        var metadata = request.Object.Ensure("metadata");
        var labels = metadata["labels"] as JsonObject;
        var annotations = metadata.Ensure("annotations");
        if (!Carries(labels, YuniKornNames.ApplicationId) && !Carries(annotations, YuniKornNames.ApplicationId)
            && !Carries(labels, YuniKornNames.OldApplicationId) && !Carries(labels, YuniKornNames.SparkApplicationId))
        {
            metadata.Ensure("labels")[YuniKornNames.ApplicationId] = $"yunikorn-{request.Namespace}-autogen";
        }

        if (!Carries(annotations, YuniKornNames.UserInfo))
        {
            annotations[YuniKornNames.UserInfo] = new JsonObject
            {
                ["user"] = request.Call.User.Name, ["groups"] = new JsonArray([.. request.Call.User.Groups.Select(g => (JsonNode)g)]),
            }.ToJsonString();
        }
    }

    private static bool Carries(JsonObject? map, string key) => map?.Str(key) is { Length: > 0 };
}
