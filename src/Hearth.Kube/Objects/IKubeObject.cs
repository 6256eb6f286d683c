using System.Text.Json.Serialization.Metadata;

namespace Hearth.Kube.Objects;

/// <summary>
/// A typed, immutable view of an object. It carries the fields that Hearth reads or writes, not all that a server may hold:
/// change objects with patches, never by writing a typed view back.
/// </summary>
public interface IKubeObject
{
    /// <summary>Metadata; <see cref="ObjectMeta.Name"/> is set on everything read from a server.</summary>
    ObjectMeta Metadata { get; }
}

/// <summary>A typed view that knows its resource type and its JSON shape.</summary>
/// <typeparam name="TSelf">The record itself.</typeparam>
public interface IKubeObject<TSelf> : IKubeObject
    where TSelf : class, IKubeObject<TSelf>
{
    /// <summary>Where the API serves it.</summary>
    static abstract ResourceType Type { get; }

    /// <summary>Source-generated JSON shape.</summary>
    static abstract JsonTypeInfo<TSelf> Json { get; }
}
