using Hearth.Kube.Quantities;

namespace Hearth.Kube.Core;
/// <summary>An environment variable.</summary>
public sealed record EnvVar
{
    public string? Name { get; init; }
    public string? Value { get; init; }
    public EnvVarSource? ValueFrom { get; init; }
}

/// <summary>Where a value comes from.</summary>
public sealed record EnvVarSource
{
    public ObjectFieldSelector? FieldRef { get; init; }
    public ResourceFieldSelector? ResourceFieldRef { get; init; }
    public KeySelector? ConfigMapKeyRef { get; init; }
    public KeySelector? SecretKeyRef { get; init; }
}

/// <summary>A field of the pod.</summary>
public sealed record ObjectFieldSelector
{
    public string? FieldPath { get; init; }
}

/// <summary>A resource of a container.</summary>
public sealed record ResourceFieldSelector
{
    public string? ContainerName { get; init; }
    public string? Resource { get; init; }
    public Quantity? Divisor { get; init; }
}

/// <summary>A key of a ConfigMap or Secret.</summary>
public sealed record KeySelector
{
    public string? Name { get; init; }
    public string? Key { get; init; }
    public bool? Optional { get; init; }
}

/// <summary>All keys of a ConfigMap or Secret.</summary>
public sealed record EnvFromSource
{
    public string? Prefix { get; init; }
    public LocalReference? ConfigMapRef { get; init; }
    public LocalReference? SecretRef { get; init; }
}

/// <summary>An object in the same namespace.</summary>
public sealed record LocalReference
{
    public string? Name { get; init; }
    public bool? Optional { get; init; }
}
