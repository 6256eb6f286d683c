using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Kinds;
using Hearth.Kube.Quantities;

namespace Hearth.Cluster.ApiServer.Admission;

/// <summary>Fills in and checks what the LimitRanges of a namespace say about containers and claims (kubernetes plugin <c>limitranger</c>).</summary>
internal sealed class LimitRangeAdmission(ObjectReader reader) : IAdmission
{
    public void Admit(AdmissionRequest request)
    {
        if (request.Operation != AdmissionOperation.Create || !request.Is("", "pods"))
        {
            return;
        }

        foreach (var limit in Limits(request, "Container"))
        {
            foreach (var container in Containers(request.Object))
            {
                var resources = container.Ensure("resources");
                Fill(resources, "limits", limit.Obj("default"));
                Fill(resources, "requests", limit.Obj("defaultRequest") ?? limit.Obj("default"));
            }
        }
    }

    public void Validate(AdmissionRequest request)
    {
        if (request.Operation != AdmissionOperation.Create || request.Namespace is null)
        {
            return;
        }

        var faults = new List<string>();
        if (request.Is("", "pods"))
        {
            foreach (var limit in Limits(request, "Container"))
            {
                foreach (var container in Containers(request.Object))
                {
                    Check(limit, "Container", Amounts(container, "requests"), Amounts(container, "limits"), faults);
                }
            }
        }
        else if (request.Is("", "persistentvolumeclaims"))
        {
            var wanted = QuantityFields.Read(request.Object.At("spec", "resources", "requests")).ToDictionary(q => q.Name, q => q.Amount, StringComparer.Ordinal);
            foreach (var limit in Limits(request, "PersistentVolumeClaim"))
            {
                Check(limit, "PersistentVolumeClaim", wanted, wanted, faults);
            }
        }

        if (faults.Count > 0)
        {
            throw ApiErrors.Forbidden(request.Resource.Type, request.Name, faults.Count == 1 ? faults[0] : $"[{string.Join(", ", faults)}]");
        }
    }

    private IEnumerable<JsonObject> Limits(AdmissionRequest request, string type) => reader.All(CoreKinds.LimitRanges, request.Namespace)
        .SelectMany(r => r.ToTree().Obj("spec").Objects("limits")).Where(l => l.Str("type") == type);

    private static IEnumerable<JsonObject> Containers(JsonObject pod) => pod.Obj("spec").Objects("initContainers").Concat(pod.Obj("spec").Objects("containers"));

    private static Dictionary<string, Quantity> Amounts(JsonObject container, string member) =>
        QuantityFields.Read(container.Obj("resources").Obj(member)).ToDictionary(q => q.Name, q => q.Amount, StringComparer.Ordinal);

    private static void Fill(JsonObject resources, string member, JsonObject? defaults)
    {
        foreach (var (name, value) in defaults ?? [])
        {
            resources.Ensure(member).SetDefault(name, value!.DeepClone());
        }
    }

    private static void Check(JsonObject limit, string type, Dictionary<string, Quantity> requests, Dictionary<string, Quantity> limits, List<string> faults)
    {
        foreach (var (name, least) in QuantityFields.Read(limit.Obj("min")))
        {
            if (!requests.TryGetValue(name, out var request))
            {
                faults.Add($"minimum {name} usage per {type} is {least}.  No request is specified");
            }
            else if (request < least)
            {
                faults.Add($"minimum {name} usage per {type} is {least}, but request is {request}");
            }
        }

        foreach (var (name, most) in QuantityFields.Read(limit.Obj("max")))
        {
            if (!limits.TryGetValue(name, out var upper))
            {
                faults.Add($"maximum {name} usage per {type} is {most}.  No limit is specified");
            }
            else if (upper > most)
            {
                faults.Add($"maximum {name} usage per {type} is {most}, but limit is {upper}");
            }
        }

        foreach (var (name, ratio) in QuantityFields.Read(limit.Obj("maxLimitRequestRatio")))
        {
            if (requests.TryGetValue(name, out var request) && limits.TryGetValue(name, out var upper) && request > Quantity.Zero && upper.Exact / request.Exact > ratio.Exact)
            {
                faults.Add($"{name} max limit to request ratio per {type} is {ratio}, but provided ratio is {(upper.Exact / request.Exact).ToString("0.######", System.Globalization.CultureInfo.InvariantCulture)}");
            }
        }
    }
}
