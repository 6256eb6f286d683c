using System.Text.Json.Nodes;

namespace Hearth.Kube.Patches;

/// <summary>Who applies, to what part of the object, and when.</summary>
/// <param name="Manager">The field manager's name.</param>
/// <param name="ApiVersion">Of the request, for example <c>apps/v1</c>.</param>
/// <param name="Time">For the managedFields entry.</param>
/// <param name="Subresource">"" for the main resource, else <c>status</c> or <c>scale</c>.</param>
public sealed record FieldManager(string Manager, string ApiVersion, DateTimeOffset Time, string Subresource = "");

/// <summary>A field that somebody else owns with another value.</summary>
/// <param name="Manager">The owner.</param>
/// <param name="ApiVersion">The API version the owner used.</param>
/// <param name="Field">For example <c>.spec.replicas</c> or <c>.spec.containers[name="c"].image</c>.</param>
public sealed record ApplyConflict(string Manager, string ApiVersion, string Field);

/// <summary>The outcome of an apply.</summary>
/// <param name="Object">The merged object with its new managedFields; null when there are conflicts.</param>
/// <param name="Conflicts">Empty on success.</param>
public sealed record ApplyResult(JsonObject? Object, IReadOnlyList<ApplyConflict> Conflicts)
{
    /// <summary>The text of the 409 that Kubernetes gives, for example <c>Apply failed with 1 conflict: conflict with "m" using apps/v1: .spec.replicas</c>.</summary>
    public string ConflictMessage => throw new NotSupportedException();
}

/// <summary>Server-side apply (<c>application/apply-patch+yaml</c>).</summary>
public static class ServerSideApply
{
    /// <summary>Merges what a manager wants into the live object; the inputs are not changed.</summary>
    /// <param name="live">The stored object with its managedFields, null when it does not exist.</param>
    /// <param name="applied">The manager's complete intent; must not contain managedFields.</param>
    /// <param name="manager">Who applies.</param>
    /// <param name="force">Take conflicting fields over instead of reporting them.</param>
    /// <param name="schema">How lists and maps merge.</param>
    /// <exception cref="PatchException">The intent is malformed, for example a list item without its key.</exception>
    public static ApplyResult Apply(JsonObject? live, JsonObject applied, FieldManager manager, bool force, PatchSchema schema) =>
        throw new NotSupportedException();
}

/// <summary>Field ownership of writes that are not applies.</summary>
public static class ManagedFields
{
    /// <summary>
    /// Records in <c>after.metadata.managedFields</c> that the manager made the difference between the two objects (operation Update): changed and added
    /// fields become its own and nobody else's, removed ones leave all entries. Without a difference the entries stay as they are.
    /// </summary>
    /// <param name="before">The stored object, null for a create.</param>
    /// <param name="after">The object about to be stored; its managedFields are rewritten in place.</param>
    /// <param name="manager">Who writes.</param>
    /// <param name="schema">How lists and maps merge.</param>
    public static void Update(JsonObject? before, JsonObject after, FieldManager manager, PatchSchema schema) => throw new NotSupportedException();
}
