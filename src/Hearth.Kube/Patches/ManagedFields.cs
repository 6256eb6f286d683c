using System.Text.Json.Nodes;

namespace Hearth.Kube.Patches;

/// <summary>Field ownership of writes that are not applies.</summary>
public static class ManagedFields
{
    private static readonly FieldSet Unowned = MakeUnowned();

    /// <summary>
    /// Records in <c>after.metadata.managedFields</c> that the manager made the difference between the two objects (operation Update): changed and added
    /// fields become its own and nobody else's, removed ones leave all entries. Without a difference the entries stay as they are. Entries
    /// that the client sent in <paramref name="after"/> count instead of the stored ones; an empty list forgets them all.
    /// </summary>
    /// <param name="before">The stored object, null for a create.</param>
    /// <param name="after">The object about to be stored; its managedFields are rewritten in place.</param>
    /// <param name="manager">Who writes.</param>
    /// <param name="schema">How lists and maps merge.</param>
    public static void Update(JsonObject? before, JsonObject after, FieldManager manager, PatchSchema schema)
    {
        if (before is not null && ManagerEntries.IsReset(after))
        {
            ManagerEntries.Write(after, []);
            return;
        }

        var entries = ManagerEntries.Read(ManagerEntries.Has(after) ? after : before);
        var difference = Owned(TypedValues.Compare(before ?? Skeleton(after), after, schema.Root));
        if (difference.Changed.IsEmpty && difference.Removed.IsEmpty)
        {
            ManagerEntries.Write(after, entries);
            return;
        }

        var mine = entries.Find(entry => entry.IsOf(manager, ManagerEntry.Update));
        var others = entries.Where(entry => entry != mine)
            .Select(entry => entry with { Fields = entry.Fields.Except(difference.Changed).Except(difference.Removed) });
        var fields = (mine?.Fields ?? new FieldSet()).Union(difference.Changed).Except(difference.Removed);
        var changed = mine is null || !fields.SetEquals(mine.Fields) || !difference.Changed.IsEmpty;
        ManagerEntries.Write(after, [.. others, changed ? ManagerEntry.New(manager, ManagerEntry.Update, fields) : mine! with { Fields = fields }]);
    }

    /// <summary>Without the fields that nobody owns: identity and what the server sets.</summary>
    internal static FieldSet Owned(FieldSet fields) => fields.Except(Unowned);

    internal static Difference Owned(Difference difference) => new(Owned(difference.Changed), Owned(difference.Removed));

    /// <summary>The empty object that a create starts from: its first level exists, so nobody owns it as such.</summary>
    private static JsonObject Skeleton(JsonObject after) =>
        new(after.Where(pair => pair.Value is JsonObject { Count: > 0 }).Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)new JsonObject())));

    private static FieldSet MakeUnowned()
    {
        var set = new FieldSet();
        set["f:apiVersion"].Owns = true;
        set["f:kind"].Owns = true;
        set["f:metadata"].Owns = true;
        foreach (var name in new[] { "name", "namespace", "creationTimestamp", "selfLink", "uid", "clusterName", "generation", "resourceVersion", "managedFields" })
        {
            set["f:metadata"]["f:" + name].Owns = true;
        }

        return set;
    }
}
