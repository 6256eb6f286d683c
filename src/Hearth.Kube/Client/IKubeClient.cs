using System.Text.Json.Nodes;
using Hearth.Kube.Objects;

namespace Hearth.Kube.Client;

/// <summary>
/// Some Kubernetes cluster: the embedded one called in the same process, or any other over HTTPS. Controllers know nothing else.
/// Every member throws <see cref="KubeException"/> for an answer that is not a success, and honours cancellation.
/// </summary>
public interface IKubeClient
{
    /// <summary>Reads one object.</summary>
    Task<JsonObject> GetAsync(ObjectRef target, CancellationToken ct);

    /// <summary>Reads a collection, in one namespace or (null) all.</summary>
    Task<KubeList> ListAsync(ResourceType type, string? ns, ListOptions options, CancellationToken ct);

    /// <summary>Creates an object and returns it as stored.</summary>
    Task<JsonObject> CreateAsync(ResourceType type, string? ns, JsonObject body, CancellationToken ct);

    /// <summary>Replaces an object; a <c>resourceVersion</c> in the body that is not current gives a conflict.</summary>
    Task<JsonObject> ReplaceAsync(ObjectRef target, JsonObject body, string? subresource, CancellationToken ct);

    /// <summary>Patches an object or a sub-resource such as <c>status</c>.</summary>
    Task<JsonObject> PatchAsync(ObjectRef target, KubePatch patch, CancellationToken ct);

    /// <summary>Deletes an object. With finalizers or a grace period it may go on existing for a while.</summary>
    Task DeleteAsync(ObjectRef target, DeleteOptions options, CancellationToken ct);

    /// <summary>Posts to a sub-resource that is an action, such as <c>binding</c>, <c>eviction</c> or <c>token</c>.</summary>
    Task<JsonObject> PostAsync(ObjectRef target, string subresource, JsonObject body, CancellationToken ct);

    /// <summary>
    /// Streams changes. Ends when the server ends the stream; throws <see cref="KubeException"/> with code 410 when the wanted
    /// resource version is gone and the caller must list again.
    /// </summary>
    IAsyncEnumerable<WatchEvent> WatchAsync(ResourceType type, string? ns, WatchOptions options, CancellationToken ct);

    /// <summary>Opens a container's log. The stream ends with the log, or with the container when following.</summary>
    Task<Stream> LogAsync(string ns, string pod, LogOptions options, CancellationToken ct);
}

/// <summary>A collection as one consistent read.</summary>
/// <param name="Items">Objects, ordered by namespace and name.</param>
/// <param name="ResourceVersion">Where a watch continues from.</param>
/// <param name="Continue">Token of the next page, or null.</param>
public sealed record KubeList(IReadOnlyList<JsonObject> Items, string ResourceVersion, string? Continue);

/// <summary>What to list. Selectors are in their query form.</summary>
public sealed record ListOptions
{
    /// <summary>Everything.</summary>
    public static ListOptions All { get; } = new();

    public string? LabelSelector { get; init; }
    public string? FieldSelector { get; init; }

    /// <summary>Objects a page; null for all at once.</summary>
    public int? Limit { get; init; }
    public string? Continue { get; init; }
}

/// <summary>What to watch.</summary>
public sealed record WatchOptions
{
    public string? LabelSelector { get; init; }
    public string? FieldSelector { get; init; }

    /// <summary>Changes after this version; null for the present state first (as ADDED events), then changes.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>Seconds until the server ends the stream; null for its default.</summary>
    public int? TimeoutSeconds { get; init; }
}

/// <summary>How to delete.</summary>
public sealed record DeleteOptions
{
    /// <summary>The kind's default grace, dependents in the background.</summary>
    public static DeleteOptions Default { get; } = new();

    /// <summary>Seconds; 0 removes at once; null for the kind's default.</summary>
    public long? GracePeriodSeconds { get; init; }

    /// <summary><c>Background</c>, <c>Foreground</c> or <c>Orphan</c>.</summary>
    public string? PropagationPolicy { get; init; }

    /// <summary>Delete only the object with this uid.</summary>
    public string? Uid { get; init; }
}

/// <summary>Which part of which log.</summary>
public sealed record LogOptions
{
    public string? Container { get; init; }
    public bool Follow { get; init; }
    public bool Previous { get; init; }
    public bool Timestamps { get; init; }
    public int? TailLines { get; init; }
    public int? SinceSeconds { get; init; }
    public long? LimitBytes { get; init; }

    /// <summary><c>Stdout</c> or <c>Stderr</c>; null for both (the <c>stream</c> parameter of Kubernetes 1.32).</summary>
    public string? Stream { get; init; }
}

/// <summary>Kinds of patches a server understands.</summary>
public enum PatchType
{
    /// <summary>RFC 7386.</summary>
    Merge,

    /// <summary>RFC 6902.</summary>
    Json,

    /// <summary>Kubernetes' own; built-in kinds only.</summary>
    Strategic,

    /// <summary>Server-side apply.</summary>
    Apply,
}

/// <summary>A change to an object.</summary>
/// <param name="Type">How to read <paramref name="Body"/>.</param>
/// <param name="Body">The patch document.</param>
/// <param name="Subresource"><c>status</c> or null.</param>
/// <param name="FieldManager">Required for <see cref="PatchType.Apply"/>.</param>
/// <param name="Force">Take fields from other managers (<see cref="PatchType.Apply"/> only).</param>
public sealed record KubePatch(PatchType Type, JsonNode Body, string? Subresource = null, string? FieldManager = null, bool Force = false)
{
    /// <summary>A merge patch of the object.</summary>
    public static KubePatch Merge(JsonObject body) => new(PatchType.Merge, body);

    /// <summary>A merge patch of the status; <paramref name="status"/> is the content of <c>status</c>.</summary>
    public static KubePatch Status(JsonObject status) => new(PatchType.Merge, new JsonObject { ["status"] = status }, "status");
}

/// <summary>What happened to a watched object.</summary>
public enum WatchEventType
{
    /// <summary>It appeared (or matches the selector now).</summary>
    Added,

    /// <summary>It changed.</summary>
    Modified,

    /// <summary>It went away (or no longer matches); the object is its last state.</summary>
    Deleted,

    /// <summary>Nothing happened; the object carries only a resource version to continue from.</summary>
    Bookmark,
}

/// <summary>One event of a watch.</summary>
public sealed record WatchEvent(WatchEventType Type, JsonObject Object);
