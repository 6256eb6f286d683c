using System.Collections.Frozen;
using System.Text.Json;
using Hearth.Cluster.ApiServer.Core;

namespace Hearth.Cluster.ApiServer.Registry;

/// <summary>How field selectors find their values.</summary>
internal static class FieldReaders
{
    public static readonly IReadOnlyDictionary<string, Func<JsonElement, string?>> None = FrozenDictionary<string, Func<JsonElement, string?>>.Empty;

    /// <summary>Labels that are paths of the object themselves.</summary>
    public static IReadOnlyDictionary<string, Func<JsonElement, string?>> Paths(params IEnumerable<string> labels) =>
        labels.ToFrozenDictionary(l => l, Path, StringComparer.Ordinal);

    /// <summary>Reads a dotted path.</summary>
    public static Func<JsonElement, string?> Path(string path)
    {
        var parts = path.Split('.');
        return root => root.At(parts).Scalar();
    }
}
