using System.Globalization;
using System.Text.Json.Nodes;

namespace Hearth.Kube.Patches;

/// <summary>A field that somebody else owns with another value.</summary>
/// <param name="Manager">The owner.</param>
/// <param name="ApiVersion">The API version the owner used.</param>
/// <param name="Subresource">"" or the subresource the owner wrote.</param>
/// <param name="Field">For example <c>.spec.replicas</c> or <c>.spec.containers[name="c"].image</c>.</param>
public sealed record ApplyConflict(string Manager, string ApiVersion, string Subresource, string Field)
{
    /// <summary>The message of the cause in a Status, for example <c>conflict with "m" using apps/v1</c>.</summary>
    public string Message => $"conflict with {Owner}";

    internal string Owner => $"\"{Manager}\"{(Subresource.Length > 0 ? $" with subresource \"{Subresource}\"" : "")} using {ApiVersion}";
}

/// <summary>The outcome of an apply.</summary>
/// <param name="Object">The merged object with its new managedFields; null when there are conflicts. Equal to the live object when nothing changes.</param>
/// <param name="Conflicts">Empty on success.</param>
public sealed record ApplyResult(JsonObject? Object, IReadOnlyList<ApplyConflict> Conflicts)
{
    /// <summary>The text of the 409 that Kubernetes gives, for example <c>Apply failed with 1 conflict: conflict with "m" using apps/v1: .spec.replicas</c>.</summary>
    public string ConflictMessage
    {
        get
        {
            var managers = Conflicts.GroupBy(conflict => conflict.Owner, StringComparer.Ordinal)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => group.Count() == 1
                    ? $"conflict with {group.Key}: {group.First().Field}"
                    : $"conflicts with {group.Key}:\n{string.Join('\n', group.Select(conflict => $"- {conflict.Field}"))}");
            var count = Conflicts.Count.ToString(CultureInfo.InvariantCulture);
            return $"Apply failed with {count} conflict{(Conflicts.Count == 1 ? "" : "s")}: {string.Join('\n', managers)}";
        }
    }
}
