using System.Text.Json;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Kinds;

namespace Hearth.Cluster.ApiServer.Admission;

/// <summary>Gives pods the number behind their priority class.</summary>
internal sealed class PriorityAdmission(ObjectReader reader) : IAdmission
{
    public void Admit(AdmissionRequest request)
    {
        if (request.Operation != AdmissionOperation.Create || !request.Is("", "pods"))
        {
            return;
        }

        var spec = request.Object.Ensure("spec");
        var name = MetaTree.NullIfEmpty(spec.Str("priorityClassName"));
        var found = name is null ? GlobalDefault() : BuiltIn(name) ?? Named(request, name);
        if (found?.Name is { } chosen)
        {
            spec["priorityClassName"] = chosen;
        }

        spec["priority"] = found?.Value ?? 0L;
        spec["preemptionPolicy"] = MetaTree.NullIfEmpty(spec.Str("preemptionPolicy")) ?? found?.Policy ?? "PreemptLowerPriority";
    }

    private static Priority? BuiltIn(string name) => name switch
    {
        "system-node-critical" => new Priority(name, 2000001000, "PreemptLowerPriority"),
        "system-cluster-critical" => new Priority(name, 2000000000, "PreemptLowerPriority"),
        _ => null,
    };

    private Priority Named(AdmissionRequest request, string name) =>
        reader.Find(OtherKinds.PriorityClasses, null, name) is { } found
            ? Of(found.Root)
            : throw ApiErrors.Forbidden(request.Resource.Type, request.Name, $"no PriorityClass with name {name} was found");

    private Priority? GlobalDefault()
    {
        var defaults = reader.All(OtherKinds.PriorityClasses).Where(c => c.Root.IsTrue("globalDefault")).Select(c => Of(c.Root)).ToList();
        return defaults.Count == 0 ? null : defaults.MinBy(p => p.Value);
    }

    private static Priority Of(JsonElement root) => new(root.Text("metadata", "name")!, root.Number("value") ?? 0, root.Text("preemptionPolicy") ?? "PreemptLowerPriority");

    private sealed record Priority(string Name, long Value, string Policy);
}
