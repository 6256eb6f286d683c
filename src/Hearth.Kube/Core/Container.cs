using System.Text.Json.Serialization;
using Hearth.Kube.Quantities;

namespace Hearth.Kube.Core;
/// <summary>One container of a pod.</summary>
public sealed record Container
{
    public string? Name { get; init; }
    public string? Image { get; init; }
    public string? ImagePullPolicy { get; init; }
    public IReadOnlyList<string>? Command { get; init; }
    public IReadOnlyList<string>? Args { get; init; }
    public string? WorkingDir { get; init; }
    public IReadOnlyList<EnvVar>? Env { get; init; }
    public IReadOnlyList<EnvFromSource>? EnvFrom { get; init; }
    public IReadOnlyList<ContainerPort>? Ports { get; init; }
    public ResourceRequirements? Resources { get; init; }
    public IReadOnlyList<VolumeMount>? VolumeMounts { get; init; }
    public Probe? LivenessProbe { get; init; }
    public Probe? ReadinessProbe { get; init; }
    public Probe? StartupProbe { get; init; }
    public Lifecycle? Lifecycle { get; init; }
    public string? RestartPolicy { get; init; }
    public bool? Stdin { get; init; }
    public bool? StdinOnce { get; init; }
    public bool? Tty { get; init; }
    public string? TerminationMessagePath { get; init; }

    /// <summary><c>File</c> or <c>FallbackToLogsOnError</c>.</summary>
    public string? TerminationMessagePolicy { get; init; }
}

/// <summary>A port a container listens on.</summary>
public sealed record ContainerPort
{
    public string? Name { get; init; }
    [JsonPropertyName("containerPort")]
    public int? ContainerPortNumber { get; init; }
    public string? Protocol { get; init; }
    public int? HostPort { get; init; }
}

/// <summary>Requests decide placement; limits bound use.</summary>
public sealed record ResourceRequirements
{
    public IReadOnlyDictionary<string, Quantity>? Requests { get; init; }
    public IReadOnlyDictionary<string, Quantity>? Limits { get; init; }
}

/// <summary>Where a volume appears in a container.</summary>
public sealed record VolumeMount
{
    public string? Name { get; init; }
    public string? MountPath { get; init; }
    public string? SubPath { get; init; }
    public string? SubPathExpr { get; init; }
    public bool? ReadOnly { get; init; }
}

/// <summary>Hooks.</summary>
public sealed record Lifecycle
{
    public LifecycleHandler? PostStart { get; init; }
    public LifecycleHandler? PreStop { get; init; }
}

/// <summary>What a hook does.</summary>
public sealed record LifecycleHandler
{
    public ExecAction? Exec { get; init; }
    public HttpGetAction? HttpGet { get; init; }
}
