using System.Text.Json.Nodes;
using Hearth.Kube.Schema;

namespace Hearth.Kube.Patches;

/// <summary>The paths of values, the difference of values, and their merge, all by shape.</summary>
internal static class TypedValues
{
    /// <summary>The paths that a value sets: its leaves and its list items; objects and lists themselves too when <paramref name="containers"/>.</summary>
    public static FieldSet Fields(JsonNode? value, Shape shape, bool containers = false)
    {
        var set = new FieldSet();
        var members = Members(value, shape);
        if (members is null || members.Count == 0)
        {
            set.Owns = true;
            return set;
        }

        set.Owns = containers;
        foreach (var (element, (member, memberShape)) in members)
        {
            var child = Fields(member, memberShape, containers);
            child.Owns |= value is JsonArray;
            set[element] = child;
        }

        return set;
    }

    /// <summary>What changes from one value to the other.</summary>
    public static Difference Compare(JsonNode? before, JsonNode? after, Shape shape)
    {
        var difference = new Difference(new FieldSet(), new FieldSet());
        Compare(before, after, shape, difference);
        return difference;
    }

    /// <summary>The live value with what is applied laid over it.</summary>
    public static JsonNode? Merge(JsonNode? live, JsonNode? applied, Shape shape)
    {
        switch (live, applied)
        {
            case (JsonObject was, JsonObject wanted) when !shape.IsAtomic:
                var merged = was.DeepClone().AsObject();
                foreach (var (name, value) in wanted)
                {
                    merged[name] = Merge(was[name], value, shape.Member(name));
                }

                return merged;
            case (JsonArray was, JsonArray wanted) when shape.Topology != ListTopology.Atomic:
                return MergeLists(was, wanted, shape);
            default:
                return applied?.DeepClone();
        }
    }

    /// <summary>The members of an object or the items of a set or keyed list; null for anything that is one value.</summary>
    public static Dictionary<string, (JsonNode? Value, Shape Shape)>? Members(JsonNode? value, Shape shape) => value switch
    {
        JsonObject map when !shape.IsAtomic => map.ToDictionary(
            pair => PathElements.Field(pair.Key), pair => (pair.Value, shape.Member(pair.Key)), StringComparer.Ordinal),
        JsonArray list when shape.Topology != ListTopology.Atomic => PathElements.Items(list, shape).ToDictionary(
            pair => pair.Key, pair => (pair.Value, shape.Topology == ListTopology.Set ? Shape.Unknown : shape.Item), StringComparer.Ordinal),
        _ => null,
    };

    private static void Compare(JsonNode? before, JsonNode? after, Shape shape, Difference difference)
    {
        var (old, now) = (Members(before, shape), Members(after, shape));
        if (old is null || now is null || before!.GetType() != after!.GetType())
        {
            difference.Changed.Owns = !JsonNode.DeepEquals(before, after);
            return;
        }

        foreach (var element in old.Keys.Union(now.Keys).ToList())
        {
            var (isOld, isNew) = (old.TryGetValue(element, out var was), now.TryGetValue(element, out var will));
            if (isOld && isNew)
            {
                Compare(was.Value, will.Value, will.Shape, new Difference(difference.Changed[element], difference.Removed[element]));
            }
            else if (isNew)
            {
                difference.Changed[element] = Fields(will.Value, will.Shape, containers: true);
            }
            else
            {
                difference.Removed[element] = Fields(was.Value, was.Shape, containers: true);
            }
        }
    }

    private static JsonArray MergeLists(JsonArray live, JsonArray applied, Shape shape)
    {
        var (was, wanted) = (PathElements.Items(live, shape), PathElements.Items(applied, shape));
        if (wanted.Count != applied.Count)
        {
            throw PatchException.Malformed("a list of the applied configuration has two items with the same key");
        }

        var old = was.ToDictionary(StringComparer.Ordinal);
        var merged = wanted.ToDictionary(pair => pair.Key, pair => Merge(old.GetValueOrDefault(pair.Key), pair.Value, shape.Item), StringComparer.Ordinal);
        var order = ListOrder.Interleave([.. was.Select(pair => pair.Key)], [.. wanted.Select(pair => pair.Key)]);
        return new JsonArray([.. order.Select(key => merged.TryGetValue(key, out var node) ? node : old[key]?.DeepClone())]);
    }
}

/// <summary>Paths added or with another value, and paths that are gone.</summary>
internal sealed record Difference(FieldSet Changed, FieldSet Removed);
