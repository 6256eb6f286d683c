namespace Hearth.Kube.Core;
/// <summary>A condition of an object's status; <c>status</c> is True, False or Unknown.</summary>
public sealed record Condition
{
    public string? Type { get; init; }
    public string? Status { get; init; }
    public string? Reason { get; init; }
    public string? Message { get; init; }
    public DateTimeOffset? LastTransitionTime { get; init; }

    /// <summary>Deployments only: when reason or message last changed.</summary>
    public DateTimeOffset? LastUpdateTime { get; init; }
    public DateTimeOffset? LastHeartbeatTime { get; init; }
    public long? ObservedGeneration { get; init; }
}
