using Hearth.Kube.Objects;

namespace Hearth.Kube.Core;
/// <summary>A check the kubelet repeats; times in seconds.</summary>
public sealed record Probe
{
    public ExecAction? Exec { get; init; }
    public HttpGetAction? HttpGet { get; init; }
    public TcpSocketAction? TcpSocket { get; init; }
    public int? InitialDelaySeconds { get; init; }
    public int? PeriodSeconds { get; init; }
    public int? TimeoutSeconds { get; init; }
    public int? SuccessThreshold { get; init; }
    public int? FailureThreshold { get; init; }
}

/// <summary>Runs a command in the container.</summary>
public sealed record ExecAction
{
    public IReadOnlyList<string>? Command { get; init; }
}

/// <summary>Asks an HTTP endpoint.</summary>
public sealed record HttpGetAction
{
    public string? Path { get; init; }
    public IntOrString? Port { get; init; }
    public string? Host { get; init; }
    public string? Scheme { get; init; }
}

/// <summary>Opens a TCP connection.</summary>
public sealed record TcpSocketAction
{
    public IntOrString? Port { get; init; }
    public string? Host { get; init; }
}
