using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Registry;
using Hearth.Kube.Objects;

namespace Hearth.Cluster.ApiServer.Core;

/// <summary>A sub-resource that one posts to, such as <c>binding</c>.</summary>
internal interface ISubresourceAction
{
    /// <summary>Does it and returns the body of the 201 answer.</summary>
    Task<JsonObject> PostAsync(ApiCall call, string? ns, string name, JsonObject body, CancellationToken ct);
}

/// <summary>A resource that is computed, not stored. What it does not override is not supported.</summary>
internal interface IVirtualResource
{
    /// <summary>Answers a posted question.</summary>
    Task<JsonObject> CreateAsync(ApiCall call, string? ns, JsonObject body, CancellationToken ct) => throw ApiErrors.MethodNotAllowed();

    /// <summary>Reads one object.</summary>
    Task<JsonObject> GetAsync(string? ns, string name, CancellationToken ct) => throw ApiErrors.MethodNotAllowed();

    /// <summary>Reads all objects.</summary>
    Task<IReadOnlyList<JsonObject>> ListAsync(string? ns, CancellationToken ct) => throw ApiErrors.MethodNotAllowed();
}

/// <summary>The actions and computed resources, by what they belong to.</summary>
internal sealed class ActionTable
{
    private readonly Dictionary<(string Group, string Plural, string Subresource), ISubresourceAction> _actions = [];
    private readonly Dictionary<(string Group, string Plural), IVirtualResource> _virtual = [];

    public void Add(ResourceType type, string subresource, ISubresourceAction action) => _actions.Add((type.Group, type.Plural, subresource), action);

    public void Add(string group, string plural, IVirtualResource resource) => _virtual.Add((group, plural), resource);

    public ISubresourceAction? Action(ResourceDefinition definition, string subresource) =>
        _actions.GetValueOrDefault((definition.Type.Group, definition.Type.Plural, subresource));

    public IVirtualResource? Virtual(ResourceDefinition definition) => _virtual.GetValueOrDefault((definition.Type.Group, definition.Type.Plural));
}
