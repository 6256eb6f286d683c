using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hearth.Kube.Patches;

/// <summary>Who applies, to what part of the object, and when.</summary>
/// <param name="Manager">The field manager's name.</param>
/// <param name="ApiVersion">Of the request, for example <c>apps/v1</c>.</param>
/// <param name="Time">For the managedFields entry.</param>
/// <param name="Subresource">"" for the main resource, else <c>status</c> or <c>scale</c>.</param>
public sealed record FieldManager(string Manager, string ApiVersion, DateTimeOffset Time, string Subresource = "");

/// <summary>Server-side apply (<c>application/apply-patch+yaml</c>), after the public description of the algorithm.</summary>
public static class ServerSideApply
{
    private const string Kubectl = "kubectl";
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    /// <summary>Merges what a manager wants into the live object; the inputs are not changed.</summary>
    /// <param name="live">The stored object with its managedFields, null when it does not exist.</param>
    /// <param name="applied">The manager's complete intent; must not contain managedFields.</param>
    /// <param name="manager">Who applies.</param>
    /// <param name="force">Take conflicting fields over instead of reporting them.</param>
    /// <param name="schema">How lists and maps merge.</param>
    /// <exception cref="PatchException">The intent is malformed, for example a list item without its key.</exception>
    public static ApplyResult Apply(JsonObject? live, JsonObject applied, FieldManager manager, bool force, PatchSchema schema)
    {
        if (ManagerEntries.Has(applied))
        {
            throw PatchException.Malformed("metadata.managedFields must be nil");
        }

        var intent = WithoutNulls(applied)!.AsObject();
        var entries = Entries(live, manager, schema);
        var mine = entries.Find(entry => entry.IsOf(manager, ManagerEntry.Apply));
        var others = entries.Where(entry => entry != mine).ToList();
        var wanted = ManagedFields.Owned(TypedValues.Fields(intent, schema.Root));

        var merged = TypedValues.Merge(live ?? [], intent, schema.Root)!.AsObject();
        var ownedByOthers = others.Aggregate(new FieldSet(), (set, entry) => set.Union(entry.Fields));
        Pruning.Prune(merged, mine?.Fields ?? new FieldSet(), wanted, ownedByOthers, schema.Root);

        var difference = ManagedFields.Owned(TypedValues.Compare(live ?? [], merged, schema.Root));
        var conflicts = others.Select(entry => (Entry: entry, Fields: entry.Fields.Intersect(difference.Changed))).Where(pair => !pair.Fields.IsEmpty).ToList();
        if (conflicts.Count > 0 && !force && !IsMigration(live, manager, conflicts.Select(pair => pair.Fields), schema))
        {
            return new ApplyResult(null, conflicts.SelectMany(pair => Conflicts(pair.Entry, pair.Fields)).ToList());
        }

        KeepLastApplied(merged, intent, manager);
        var unchanged = live is not null && mine is not null && wanted.SetEquals(mine.Fields) && JsonNode.DeepEquals(live, merged);
        if (!unchanged)
        {
            ManagerEntries.Write(merged, [
                .. others.Select(entry => entry with { Fields = entry.Fields.Except(difference.Changed).Except(difference.Removed) }),
                ManagerEntry.New(manager, ManagerEntry.Apply, wanted),
            ]);
        }

        return new ApplyResult(merged, []);
    }

    /// <summary>An object that nobody is recorded for is owned as a whole by what came before the first apply.</summary>
    private static List<ManagerEntry> Entries(JsonObject? live, FieldManager manager, PatchSchema schema)
    {
        var entries = ManagerEntries.Read(live);
        if (live is not null && entries.Count == 0)
        {
            var before = manager with { Manager = "before-first-apply", ApiVersion = live["apiVersion"]?.ToString() ?? manager.ApiVersion, Subresource = "" };
            entries.Add(ManagerEntry.New(before, ManagerEntry.Update, ManagedFields.Owned(TypedValues.Fields(live, schema.Root))));
        }

        return entries;
    }

    /// <summary>kubectl takes over without conflict what its own client-side apply had set.</summary>
    private static bool IsMigration(JsonObject? live, FieldManager manager, IEnumerable<FieldSet> conflicts, PatchSchema schema)
    {
        if (manager.Manager != Kubectl || live?["metadata"]?["annotations"]?[LastApplied]?.ToString() is not { } text)
        {
            return false;
        }

        try
        {
            return JsonNode.Parse(text) is JsonObject last && conflicts.All(set => set.IsSubsetOf(TypedValues.Fields(WithoutNulls(last), schema.Root)));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Where client-side apply left its annotation, kubectl's server-side apply keeps it up to date.</summary>
    private static void KeepLastApplied(JsonObject merged, JsonObject intent, FieldManager manager)
    {
        if (manager.Manager == Kubectl && manager.Subresource.Length == 0 && merged["metadata"]?["annotations"] is JsonObject annotations && annotations.ContainsKey(LastApplied))
        {
            var last = intent.DeepClone().AsObject();
            (last["metadata"]?["annotations"] as JsonObject)?.Remove(LastApplied);
            annotations[LastApplied] = last.ToJsonString() + "\n";
        }
    }

    private static IEnumerable<ApplyConflict> Conflicts(ManagerEntry entry, FieldSet fields) =>
        fields.Paths().Select(path => new ApplyConflict(entry.Manager, entry.ApiVersion, entry.Subresource, PathElements.Show(path)));

    private static JsonNode? WithoutNulls(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.Where(pair => pair.Value is not null).Select(pair => KeyValuePair.Create(pair.Key, WithoutNulls(pair.Value)))),
        JsonArray list => new JsonArray([.. list.Select(WithoutNulls)]),
        _ => node?.DeepClone(),
    };
}
