using System.Text.Json.Nodes;
using Hearth.Kube.Objects;

namespace Hearth.Cluster.Controllers.GarbageCollection;

/// <summary>One object as the collector sees it: who it is, who owns it, what keeps it.</summary>
internal sealed record GraphObject(ObjectRef Ref, string Uid, IReadOnlyList<OwnerReference> Owners, bool Deleting, IReadOnlyList<string> Finalizers)
{
    public const string ForegroundFinalizer = "foregroundDeletion";
    public const string OrphanFinalizer = "orphan";

    /// <summary>Waits for its dependents to go first.</summary>
    public bool WaitsForDependents => Deleting && Finalizers.Contains(ForegroundFinalizer, StringComparer.Ordinal);

    /// <summary>Lets its dependents go before it goes itself.</summary>
    public bool Orphans => Deleting && Finalizers.Contains(OrphanFinalizer, StringComparer.Ordinal);

    public static GraphObject Read(ResourceType type, JsonObject json)
    {
        var meta = json["metadata"]!.AsObject();
        return new GraphObject(
            new ObjectRef(type, type.Namespaced ? Text(meta["namespace"]) : null, Text(meta["name"])!),
            Text(meta["uid"]) ?? "",
            meta["ownerReferences"] is JsonArray owners ? [.. owners.OfType<JsonObject>().Select(Owner)] : [],
            meta["deletionTimestamp"] is not null,
            meta["finalizers"] is JsonArray finalizers ? [.. finalizers.Select(f => Text(f)!)] : []);
    }

    private static OwnerReference Owner(JsonObject owner) => new()
    {
        ApiVersion = Text(owner["apiVersion"]) ?? "",
        Kind = Text(owner["kind"]) ?? "",
        Name = Text(owner["name"]) ?? "",
        Uid = Text(owner["uid"]) ?? "",
        Controller = owner["controller"]?.GetValue<bool>(),
        BlockOwnerDeletion = owner["blockOwnerDeletion"]?.GetValue<bool>(),
    };

    private static string? Text(JsonNode? node) => node?.GetValue<string>();
}

/// <summary>Objects that have owners, and objects that wait for their dependents; dependents by owner. Thread-safe.</summary>
internal sealed class OwnerGraph
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, GraphObject> _objects = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _dependents = new(StringComparer.Ordinal);

    /// <summary>Takes note of an object.</summary>
    public void Set(GraphObject item)
    {
        lock (_lock)
        {
            Unlink(item.Uid);
            if (item.Owners.Count == 0 && !item.WaitsForDependents && !item.Orphans)
            {
                return; // nothing depends on what is known of it
            }

            _objects[item.Uid] = item;
            foreach (var owner in item.Owners)
            {
                if (!_dependents.TryGetValue(owner.Uid, out var set))
                {
                    _dependents[owner.Uid] = set = new(StringComparer.Ordinal);
                }

                set.Add(item.Uid);
            }
        }
    }

    /// <summary>The object is gone.</summary>
    public void Remove(string uid)
    {
        lock (_lock)
        {
            Unlink(uid);
        }
    }

    /// <summary>What is known of an object, or null.</summary>
    public GraphObject? Find(string uid)
    {
        lock (_lock)
        {
            return _objects.GetValueOrDefault(uid);
        }
    }

    /// <summary>Objects that name this one as an owner.</summary>
    public IReadOnlyList<GraphObject> DependentsOf(string uid)
    {
        lock (_lock)
        {
            return _dependents.TryGetValue(uid, out var set) ? [.. set.Select(d => _objects[d])] : [];
        }
    }

    /// <summary>Uids of the objects of one kind.</summary>
    public IReadOnlyList<string> OfType(ResourceType type)
    {
        lock (_lock)
        {
            return [.. _objects.Values.Where(o => o.Ref.Type == type).Select(o => o.Uid)];
        }
    }

    private void Unlink(string uid)
    {
        if (!_objects.Remove(uid, out var old))
        {
            return;
        }

        foreach (var owner in old.Owners)
        {
            if (_dependents.TryGetValue(owner.Uid, out var set) && set.Remove(uid) && set.Count == 0)
            {
                _dependents.Remove(owner.Uid);
            }
        }
    }
}
