using System.Text.Json.Nodes;

namespace Hearth.Kube.Patches;

/// <summary>
/// A set of field paths as a tree whose edges are the path elements of FieldsV1: <c>f:name</c>, <c>k:{"key":"value"}</c>, <c>v:"value"</c>. Operations give
/// new sets.
/// </summary>
internal sealed class FieldSet
{
    private readonly SortedDictionary<string, FieldSet> _children = new(StringComparer.Ordinal);

    /// <summary>The path to here belongs to the set (<c>.</c> in FieldsV1, or a leaf).</summary>
    public bool Owns { get; set; }

    public IReadOnlyDictionary<string, FieldSet> Children => _children;

    public bool IsEmpty => !Owns && _children.Values.All(child => child.IsEmpty);

    public FieldSet this[string element]
    {
        get => _children.TryGetValue(element, out var child) ? child : (_children[element] = new FieldSet());
        set => _children[element] = value;
    }

    public FieldSet? Find(string element) => _children.GetValueOrDefault(element);

    public FieldSet Union(FieldSet? other) => Combine(this, other, (a, b) => a || b);

    public FieldSet Intersect(FieldSet? other) => Combine(this, other, (a, b) => a && b);

    public FieldSet Except(FieldSet? other) => Combine(this, other, (a, b) => a && !b);

    public bool IsSubsetOf(FieldSet? other) => Except(other).IsEmpty;

    public bool SetEquals(FieldSet other) => IsSubsetOf(other) && other.IsSubsetOf(this);

    /// <summary>Every path of the set, as element lists, in order.</summary>
    public IEnumerable<IReadOnlyList<string>> Paths() => Paths([]);

    /// <summary>FieldsV1.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject();
        if (Owns && _children.Count > 0)
        {
            json["."] = new JsonObject();
        }

        foreach (var (element, child) in _children.Where(pair => !pair.Value.IsEmpty))
        {
            json[element] = child.ToJson();
        }

        return json;
    }

    public static FieldSet FromJson(JsonObject json, bool isRoot = true)
    {
        var set = new FieldSet { Owns = !isRoot && (json.Count == 0 || json.ContainsKey(".")) };
        foreach (var (element, value) in json)
        {
            if (element != ".")
            {
                set[element] = FromJson(value as JsonObject ?? [], isRoot: false);
            }
        }

        return set;
    }

    private static FieldSet Combine(FieldSet? left, FieldSet? right, Func<bool, bool, bool> keep)
    {
        var result = new FieldSet { Owns = keep(left?.Owns ?? false, right?.Owns ?? false) };
        foreach (var element in (left?._children.Keys ?? Enumerable.Empty<string>()).Union(right?._children.Keys ?? Enumerable.Empty<string>()).ToList())
        {
            var child = Combine(left?.Find(element), right?.Find(element), keep);
            if (!child.IsEmpty)
            {
                result[element] = child;
            }
        }

        return result;
    }

    private IEnumerable<IReadOnlyList<string>> Paths(IReadOnlyList<string> prefix)
    {
        if (Owns)
        {
            yield return prefix;
        }

        foreach (var (element, child) in _children)
        {
            foreach (var path in child.Paths([.. prefix, element]))
            {
                yield return path;
            }
        }
    }
}
