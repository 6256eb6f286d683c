using System.Globalization;

namespace Hearth.Kube.Schema;

/// <summary>One value, a list of them, or a map from strings to them.</summary>
public enum FieldShape
{
    One,
    List,
    Map,
}

/// <summary>How server-side apply sees a list.</summary>
public enum ListTopology
{
    /// <summary>One value.</summary>
    Atomic,

    /// <summary>Unordered distinct scalars.</summary>
    Set,

    /// <summary>Objects identified by their key fields.</summary>
    Map,
}

/// <summary>A field of an <see cref="ApiType"/>.</summary>
public sealed class ApiField
{
    private readonly ApiTypes _types;

    private ApiField(ApiTypes types, string name, string element)
    {
        (_types, Name, ElementType) = (types, name, element);
    }

    /// <summary>In JSON.</summary>
    public string Name { get; }

    /// <summary>In protobuf.</summary>
    public int Number { get; private init; }

    /// <summary>One, list or map.</summary>
    public FieldShape Shape { get; private init; }

    /// <summary>
    /// Of the value, the list's items or the map's values: string, bool, int32, int64, double, bytes, Time, MicroTime, Duration, Quantity, IntOrString, Json, or the
    /// qualified name of a structure.
    /// </summary>
    public string ElementType { get; }

    /// <summary>The structure, null for scalars.</summary>
    public ApiType? Type => _types.FindType(ElementType);

    /// <summary>The structure's fields stand in the enclosing JSON object.</summary>
    public bool IsInline { get; private init; }

    /// <summary>A zero or empty value means something and is kept in JSON.</summary>
    public bool KeepsZero { get; private init; }

    /// <summary>Server-side apply treats the struct or map as one value; null: as its type says.</summary>
    public bool? IsAtomic { get; private init; }

    /// <summary>Strategic merge patch merges the list instead of replacing it.</summary>
    public bool Merges { get; private init; }

    /// <summary>The field by which strategic merge patch finds items; null for lists of scalars.</summary>
    public string? MergeKey { get; private init; }

    /// <summary>How server-side apply sees the list.</summary>
    public ListTopology Topology { get; private init; }

    /// <summary>The fields that identify an item of a <see cref="ListTopology.Map"/>.</summary>
    public IReadOnlyList<string> MapKeys { get; private init; } = [];

    /// <summary>The value that an absent field stands for, null when the table knows none.</summary>
    public string? Default { get; private init; }

    internal static ApiField Parse(string[] words, string package, ApiTypes types)
    {
        var (shape, element) = words[2] switch
        {
            _ when words[2].StartsWith("[]", StringComparison.Ordinal) => (FieldShape.List, words[2][2..]),
            _ when words[2].StartsWith("map:", StringComparison.Ordinal) => (FieldShape.Map, words[2][4..]),
            var one => (FieldShape.One, one),
        };
        var flags = words[3..];
        var merge = flags.FirstOrDefault(flag => flag == "merge" || flag.StartsWith("merge=", StringComparison.Ordinal));
        var mergeKey = merge?.Length > 6 ? merge[6..] : null;
        var (topology, keys) = Topologies(Value(flags, "list="), merge is not null, mergeKey);
        return new ApiField(types, words[1], Qualify(element, package))
        {
            Number = int.Parse(words[0], CultureInfo.InvariantCulture),
            Shape = shape,
            IsInline = flags.Contains("inline"),
            KeepsZero = flags.Contains("keep"),
            IsAtomic = flags.Contains("atomic") ? true : flags.Contains("granular") ? false : null,
            Merges = merge is not null,
            MergeKey = mergeKey,
            Topology = topology,
            MapKeys = keys,
            Default = Value(flags, "default="),
        };
    }

    /// <summary>Names of scalars are lower case or one of the special ones; a structure without package belongs to the table's.</summary>
    private static string Qualify(string element, string package) =>
        char.IsLower(element[0]) || element is "Time" or "MicroTime" or "Duration" or "Quantity" or "IntOrString" or "Json"
            ? element
            : $"{package}.{element}";

    private static string? Value(string[] flags, string prefix) =>
        flags.FirstOrDefault(flag => flag.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..];

    private static (ListTopology Topology, string[] Keys) Topologies(string? declared, bool merges, string? mergeKey) => declared?.Split(':') switch
    {
        ["atomic"] => (ListTopology.Atomic, []),
        ["set"] => (ListTopology.Set, []),
        ["map", var keys] => (ListTopology.Map, keys.Split(',')),
        _ when mergeKey is not null => (ListTopology.Map, [mergeKey]),
        _ => (merges ? ListTopology.Set : ListTopology.Atomic, []),
    };
}
