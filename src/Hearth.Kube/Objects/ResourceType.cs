namespace Hearth.Kube.Objects;

/// <summary>
/// Names one kind of object as an API server serves it: group, version, plural resource name, kind and scope.
/// <see cref="Group"/> is empty for the core group.
/// </summary>
/// <param name="Group">API group, for example <c>apps</c>; empty for core.</param>
/// <param name="Version">API version, for example <c>v1</c>.</param>
/// <param name="Plural">Lower-case plural used in paths, for example <c>pods</c>.</param>
/// <param name="Kind">Kind as written in objects, for example <c>Pod</c>.</param>
/// <param name="Namespaced">Whether objects live in a namespace.</param>
public sealed record ResourceType(string Group, string Version, string Plural, string Kind, bool Namespaced)
{
    /// <summary><c>apiVersion</c> as objects carry it: <c>v1</c> or <c>apps/v1</c>.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>Plural with group, as Kubernetes error messages name it: <c>pods</c> or <c>deployments.apps</c>.</summary>
    public string GroupResource => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary>Path of the API root of this type: <c>/api/v1</c> or <c>/apis/apps/v1</c>.</summary>
    public string ApiRoot => Group.Length == 0 ? $"/api/{Version}" : $"/apis/{Group}/{Version}";

    /// <summary>Collection path, in <paramref name="ns"/> or (null) over all namespaces.</summary>
    public string CollectionPath(string? ns) =>
        Namespaced && !string.IsNullOrEmpty(ns) ? $"{ApiRoot}/namespaces/{ns}/{Plural}" : $"{ApiRoot}/{Plural}";
}

/// <summary>Names one object of a type. <see cref="Namespace"/> is null for cluster-scoped types.</summary>
public readonly record struct ObjectRef(ResourceType Type, string? Namespace, string Name)
{
    /// <summary>Path of the object, optionally of one of its sub-resources such as <c>status</c>.</summary>
    public string Path(string? subresource = null) =>
        subresource is null ? $"{Type.CollectionPath(Namespace)}/{Name}" : $"{Type.CollectionPath(Namespace)}/{Name}/{subresource}";

    /// <inheritdoc/>
    public override string ToString() => Namespace is null ? $"{Type.GroupResource} \"{Name}\"" : $"{Type.GroupResource} \"{Namespace}/{Name}\"";
}
