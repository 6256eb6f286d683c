using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Tables;
using Hearth.Kube.Objects;
using Hearth.Kube.Patches;

namespace Hearth.Cluster.ApiServer.Registry;

/// <summary>A part of a resource with a path of its own, as discovery lists it.</summary>
/// <param name="Name">Last path segment, for example <c>status</c>.</param>
/// <param name="Kind">Kind of the bodies.</param>
/// <param name="Group">Group of the bodies' kind; null: the resource's own group.</param>
/// <param name="Version">Version of the bodies' kind; null: the resource's own.</param>
/// <param name="Verbs">What may be asked.</param>
internal sealed record Subresource(string Name, string Kind, string? Group, string? Version, IReadOnlyList<string> Verbs)
{
    public static readonly IReadOnlyList<string> ReadWrite = ["get", "patch", "update"];

    /// <summary>Connections: a WebSocket is opened by GET, a SPDY connection by POST.</summary>
    public static readonly IReadOnlyList<string> Connect = ["create", "get"];
}

/// <summary>
/// Everything the server knows about one served version of a resource, as data. Built-in kinds and custom resources look the same to all code
/// that handles requests.
/// </summary>
internal sealed record ResourceDefinition
{
    public static readonly IReadOnlyList<string> StandardVerbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    public required ResourceType Type { get; init; }
    public IReadOnlyList<string> ShortNames { get; init; } = [];
    public IReadOnlyList<string> Categories { get; init; } = [];
    public IReadOnlyList<string> Verbs { get; init; } = StandardVerbs;
    public IReadOnlyList<Subresource> Subresources { get; init; } = [];
    public string? SingularName { get; init; }
    public string? ListKindName { get; init; }

    /// <summary>Fields that field selectors may name besides <c>metadata.name</c> and <c>metadata.namespace</c>.</summary>
    public IReadOnlyDictionary<string, Func<JsonElement, string?>> SelectableFields { get; init; } = FieldReaders.None;

    public ResourceStrategy Strategy { get; init; } = ResourceStrategy.Plain;
    public TableLayout Table { get; init; } = TableLayout.NameAndAge;

    /// <summary>Where <c>scale</c> finds its numbers; null when the kind has none.</summary>
    public ScalePaths? Scale { get; init; }

    /// <summary>Served by custom resource definition.</summary>
    public bool IsCustom { get; init; }

    /// <summary>The type whose bytes are stored, when this one is only another view of the same objects.</summary>
    public ResourceType? StoredAs { get; init; }

    /// <summary>From the stored form to this version; null: only kind and apiVersion differ.</summary>
    public Func<JsonObject, JsonObject>? FromStored { get; init; }

    /// <summary>From this version to the stored form; null: only kind and apiVersion differ.</summary>
    public Func<JsonObject, JsonObject>? ToStored { get; init; }

    /// <summary>Answers unknown fields of a body, for strict validation; null: nothing is known about the fields.</summary>
    public Func<JsonObject, IReadOnlyList<string>>? UnknownFields { get; init; }

    /// <summary>Removes what the kind does not have; null: nothing is known about the fields.</summary>
    public Action<JsonObject>? Prune { get; init; }

    /// <summary>How lists and maps merge; null: as the built-in tables say.</summary>
    public PatchSchema? PatchSchema { get; init; }

    /// <summary>The schema of a custom resource (openAPIV3Schema), as it is served for explain; null for built-in kinds.</summary>
    public JsonObject? OpenApiSchema { get; init; }

    public string Singular => SingularName ?? Type.Kind.ToLowerInvariant();

    public string ListKind => ListKindName ?? Type.Kind + "List";

    public bool HasStatus => FindSubresource("status") is not null;

    public Subresource? FindSubresource(string name) => Subresources.FirstOrDefault(s => string.Equals(s.Name, name, StringComparison.Ordinal));

    /// <summary>The first bytes of a stored object that needs no conversion.</summary>
    public ReadOnlyMemory<byte> StoredPrefix => _storedPrefix ??= ObjectCodec.Prefix(Type.Kind, Type.ApiVersion);

    private byte[]? _storedPrefix;

    /// <summary>The text of a selectable field; false when the kind has no such field.</summary>
    public bool TryField(string label, JsonElement root, out string? value)
    {
        value = null;
        if (string.Equals(label, "metadata.name", StringComparison.Ordinal))
        {
            value = root.Text("metadata", "name");
            return true;
        }

        if (string.Equals(label, "metadata.namespace", StringComparison.Ordinal))
        {
            value = root.Text("metadata", "namespace");
            return true;
        }

        if (SelectableFields.TryGetValue(label, out var read))
        {
            value = read(root);
            return true;
        }

        return false;
    }
}

/// <summary>JSON paths (dot separated, without a leading dot) of the numbers of a <c>scale</c> sub-resource.</summary>
/// <param name="Replicas">Wanted number.</param>
/// <param name="StatusReplicas">Present number.</param>
/// <param name="Selector">Where the selector is: an object (built-ins) or a string (custom resources); null for none.</param>
internal sealed record ScalePaths(string Replicas, string StatusReplicas, string? Selector);
