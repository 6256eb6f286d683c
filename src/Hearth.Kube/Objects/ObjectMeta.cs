namespace Hearth.Kube.Objects;

/// <summary>Metadata of every object, as the Kubernetes API defines it (meta/v1 ObjectMeta).</summary>
public sealed record ObjectMeta
{
    public string? Name { get; init; }
    public string? GenerateName { get; init; }
    public string? Namespace { get; init; }
    public string? Uid { get; init; }

    /// <summary>Opaque to clients; in Hearth a store-wide increasing integer.</summary>
    public string? ResourceVersion { get; init; }
    public long? Generation { get; init; }
    public DateTimeOffset? CreationTimestamp { get; init; }
    public DateTimeOffset? DeletionTimestamp { get; init; }

    /// <summary>Seconds.</summary>
    public long? DeletionGracePeriodSeconds { get; init; }
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
    public IReadOnlyList<OwnerReference>? OwnerReferences { get; init; }
    public IReadOnlyList<string>? Finalizers { get; init; }

    /// <summary>The value of a label, or null.</summary>
    public string? Label(string key) => Labels?.GetValueOrDefault(key);

    /// <summary>The value of an annotation, or null.</summary>
    public string? Annotation(string key) => Annotations?.GetValueOrDefault(key);
}

/// <summary>Says which object owns this one; when all owners are gone the garbage collector deletes it.</summary>
public sealed record OwnerReference
{
    public required string ApiVersion { get; init; }
    public required string Kind { get; init; }
    public required string Name { get; init; }
    public required string Uid { get; init; }
    public bool? Controller { get; init; }
    public bool? BlockOwnerDeletion { get; init; }
}
