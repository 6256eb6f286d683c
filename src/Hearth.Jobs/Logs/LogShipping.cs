using Hearth.Jobs.Storage;

namespace Hearth.Jobs.Logs;

/// <summary>How and where logs are shipped.</summary>
public sealed record LogShipping
{
    /// <summary>Directory for logs that are being gathered.</summary>
    public required string SpoolDirectory { get; init; }

    /// <summary>S3; null keeps nothing there.</summary>
    public IObjectWriter? Writer { get; init; }

    /// <summary>CloudWatch-like store; null keeps nothing there.</summary>
    public ILogStore? Store { get; init; }

    /// <summary>Whether the cluster can give stdout and stderr apart (Kubernetes 1.32 and later, the embedded one); else all lines are in stdout.</summary>
    public bool SplitStreams { get; init; } = true;
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Takes one line about something that went wrong.</summary>
    public Action<string> Log { get; init; } = _ => { };
}
