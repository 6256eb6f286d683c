using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;

namespace Hearth.Jobs.Controllers;

/// <summary>What must be done on the cluster next.</summary>
public enum JobAction
{
    /// <summary>Nothing but writing the status.</summary>
    None,

    /// <summary>Put the job runner of the present attempt on the cluster.</summary>
    Submit,

    /// <summary>Delete the job runner and the driver pod.</summary>
    DeleteDriver,
}

/// <summary>What an observation leads to.</summary>
/// <param name="Status">The next status.</param>
/// <param name="Action">What to do besides writing it.</param>
/// <param name="Again">When to look again even if nothing changes.</param>
public sealed record JobRunStep(JobRunStatus Status, JobAction Action = JobAction.None, TimeSpan? Again = null);

/// <summary>Everything a step depends on.</summary>
public sealed record JobRunView
{
    public required JobRun Run { get; init; }

    /// <summary>The driver pod of the present attempt.</summary>
    public required DriverObservation Driver { get; init; }

    /// <summary>Whether a job runner is on the cluster, of which a driver may still come.</summary>
    public bool HasRunner { get; init; }

    /// <summary>Why the driver failed, when it has.</summary>
    public DriverFailure? Failure { get; init; }

    /// <summary>Whether the virtual cluster has room for it.</summary>
    public bool HasSlot { get; init; } = true;

    /// <summary>How long a driver may take to start.</summary>
    public required TimeSpan StartTimeout { get; init; }
    public required DateTimeOffset Now { get; init; }
}
