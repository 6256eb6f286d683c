using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Registry;

namespace Hearth.Cluster.ApiServer.Admission;

/// <summary>What a write does.</summary>
internal enum AdmissionOperation
{
    Create,
    Update,
    Delete,
}

/// <summary>A write on its way to the store.</summary>
/// <param name="Call">Who asks.</param>
/// <param name="Resource">What is written.</param>
/// <param name="Subresource">For example <c>status</c>; null for the object itself.</param>
/// <param name="Operation">What happens to it.</param>
/// <param name="Namespace">Null for cluster-scoped kinds.</param>
/// <param name="Name">Final name.</param>
/// <param name="Object">As it will be stored, defaults filled in; the old object for a deletion.</param>
/// <param name="Old">As it is stored now; null for a creation.</param>
internal sealed record AdmissionRequest(
    ApiCall Call, ResourceDefinition Resource, string? Subresource, AdmissionOperation Operation, string? Namespace, string Name, JsonObject Object, JsonObject? Old)
{
    /// <summary>Whether this writes the main resource of a built-in kind, named by group and plural.</summary>
    public bool Is(string group, string plural) =>
        Subresource is null && string.Equals(Resource.Type.Group, group, StringComparison.Ordinal) && string.Equals(Resource.Type.Plural, plural, StringComparison.Ordinal);
}

/// <summary>A rule that looks at writes across kinds: may complete the object, may refuse.</summary>
internal interface IAdmission
{
    /// <summary>Completes the object, before it is validated.</summary>
    void Admit(AdmissionRequest request)
    {
    }

    /// <summary>Refuses by throwing; the object is final.</summary>
    void Validate(AdmissionRequest request)
    {
    }
}

/// <summary>All rules, in order.</summary>
internal sealed class AdmissionChain(IReadOnlyList<IAdmission> rules)
{
    public void Admit(AdmissionRequest request)
    {
        foreach (var rule in rules)
        {
            rule.Admit(request);
        }
    }

    public void Validate(AdmissionRequest request)
    {
        foreach (var rule in rules)
        {
            rule.Validate(request);
        }
    }
}
