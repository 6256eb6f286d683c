using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hearth.Cluster.ApiServer.Core;

/// <summary>An object as read from the store: its bytes, which carry no resource version, and the version to show.</summary>
internal sealed class StoredObject(ReadOnlyMemory<byte> bytes, long revision, ObjectDocument document)
{
    /// <summary>UTF-8 JSON without <c>metadata.resourceVersion</c>.</summary>
    public ReadOnlyMemory<byte> Bytes => bytes;

    /// <summary>The resource version; 0 for an object that was not stored (dry run of a creation).</summary>
    public long Revision => revision;

    public ObjectDocument Document => document;

    public JsonElement Root => document.Root;

    public string Name => Root.Text("metadata", "name") ?? "";

    public string? Namespace => Root.Text("metadata", "namespace");

    public string? Uid => Root.Text("metadata", "uid");

    /// <summary>A tree of its own for whoever asks, with the resource version in it. Cheap: parts are made when they are touched.</summary>
    public JsonObject ToTree()
    {
        var tree = JsonObject.Create(Root)!;
        if (revision > 0)
        {
            tree.Meta()["resourceVersion"] = JsonTree.Text(revision);
        }

        return tree;
    }

    /// <summary>Writes the JSON with the resource version spliced in, without parsing.</summary>
    public void WriteTo(IBufferWriter<byte> output) => ObjectCodec.WriteSpliced(output, bytes.Span, revision);
}
