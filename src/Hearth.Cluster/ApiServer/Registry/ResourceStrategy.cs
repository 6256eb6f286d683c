using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;

namespace Hearth.Cluster.ApiServer.Registry;

/// <summary>Which names a kind accepts.</summary>
internal enum NameRule
{
    /// <summary>RFC 1123 subdomain, up to 253 characters.</summary>
    Subdomain,

    /// <summary>RFC 1123 label, up to 63 characters.</summary>
    Label,

    /// <summary>RFC 1035 label (begins with a letter), up to 63 characters.</summary>
    DnsLabel1035,

    /// <summary>Anything that can stand in a path segment (RBAC names such as <c>system:node</c>).</summary>
    PathSegment,
}

/// <summary>What happens to objects of a kind when they are written. All delegates work on the tree in place.</summary>
internal sealed record ResourceStrategy
{
    /// <summary>No defaults, no rules of its own.</summary>
    public static readonly ResourceStrategy Plain = new();

    public NameRule Name { get; init; } = NameRule.Subdomain;

    /// <summary><c>metadata.generation</c> counts changes of everything but metadata and status.</summary>
    public bool TracksGeneration { get; init; }

    /// <summary>PUT to a missing name creates it.</summary>
    public bool CreatesOnUpdate { get; init; }

    /// <summary>PUT must carry a resource version.</summary>
    public bool RequiresResourceVersion { get; init; }

    /// <summary>Fills in what users left out.</summary>
    public Action<JsonObject>? Default { get; init; }

    /// <summary>Last touches to a new object: server-owned fields.</summary>
    public Action<JsonObject, ApiCall, DateTimeOffset>? PrepareCreate { get; init; }

    /// <summary>Carries server-owned fields over from the old object (second argument).</summary>
    public Action<JsonObject, JsonObject>? PrepareUpdate { get; init; }

    /// <summary>Like <see cref="PrepareUpdate"/>, for writes of the status.</summary>
    public Action<JsonObject, JsonObject>? PrepareStatus { get; init; }

    /// <summary>Checks an object, new or changed.</summary>
    public Action<JsonObject, FieldErrors>? Validate { get; init; }

    /// <summary>Checks a new object besides.</summary>
    public Action<JsonObject, FieldErrors>? ValidateCreate { get; init; }

    /// <summary>Checks a change: new, old.</summary>
    public Action<JsonObject, JsonObject, FieldErrors>? ValidateUpdate { get; init; }

    /// <summary>Seconds of grace for a deletion, given what was asked for; null: the kind has no graceful deletion.</summary>
    public Func<JsonObject, long?, long>? Grace { get; init; }

    /// <summary>Whether something besides finalizers keeps a deleted object (namespaces: <c>spec.finalizers</c>).</summary>
    public Func<JsonObject, bool>? Holds { get; init; }

    /// <summary>Shows the deletion in the object (namespaces: phase Terminating).</summary>
    public Action<JsonObject>? OnDeleting { get; init; }
}
