using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Hearth.Cluster.ApiServer.Core;

/// <summary>One stored version of an object, parsed once and then only read: selectors, tables and in-process clients share it.</summary>
internal sealed class ObjectDocument(ReadOnlyMemory<byte> bytes)
{
    private JsonDocument? _document;
    private FrozenDictionary<string, string>? _labels;

    public JsonElement Root => (_document ??= JsonDocument.Parse(bytes)).RootElement;

    public IReadOnlyDictionary<string, string> Labels => _labels ??= ReadLabels();

    private FrozenDictionary<string, string> ReadLabels()
    {
        var labels = Root.At("metadata", "labels");
        return labels.ValueKind != JsonValueKind.Object
            ? FrozenDictionary<string, string>.Empty
            : labels.EnumerateObject().ToFrozenDictionary(l => l.Name, l => l.Value.GetString() ?? "", StringComparer.Ordinal);
    }
}

/// <summary>
/// The documents of the values that are in memory anyway. A document lives as long as the store keeps the bytes it was parsed from.
/// </summary>
internal sealed class ObjectDocuments
{
    private readonly ConditionalWeakTable<byte[], ObjectDocument> _known = [];

    public ObjectDocument Of(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var segment) && segment.Offset == 0 && segment.Array is { } array && segment.Count == array.Length
            ? _known.GetValue(array, static a => new ObjectDocument(a))
            : new ObjectDocument(bytes);
}
