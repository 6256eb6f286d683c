using Hearth.Jobs.Model;
using Hearth.Jobs.Runner;
using Hearth.Kube.Core;

namespace Hearth.Jobs.Controllers;

/// <summary>What the state machine sees while there is no driver pod yet: the job runner's doing. Made from a Job and its pods alone.</summary>
internal static class RunnerObservation
{
    /// <summary>Reason of a runner that the cluster does not let create the driver, for now.</summary>
    public const string NotTaken = "NotTaken";

    /// <summary>Reason of a Job that has no pod.</summary>
    public const string NoPod = "NoPod";

    private const string Who = "job runner";

    /// <summary>Looks.</summary>
    /// <param name="job">The Kubernetes Job of the attempt; null when it was deleted.</param>
    /// <param name="runners">Its pods, as far as known.</param>
    /// <param name="refusal">Why the cluster does not let the Job have a pod, for now; null when it does, or when nobody has said so.</param>
    public static (DriverObservation Seen, DriverFailure? Failure) Of(Job? job, IReadOnlyList<Pod> runners, string? refusal = null)
    {
        if (job is null)
        {
            return (new DriverObservation(DriverPhase.Refused), new DriverFailure(FailureReason.UserError, "JobRun submission failed.\nThe Kubernetes Job of the job run was deleted before it created the driver."));
        }

        if (HasFailed(job))
        {
            return (new DriverObservation(DriverPhase.Refused), Failure(job, runners));
        }

        if (Has(job, "Complete"))
        {
            // It created a driver, which is gone already.
            return (new DriverObservation(DriverPhase.Missing), null);
        }

        var runner = runners.Where(p => p.Status?.Phase is not ("Failed" or "Succeeded")).MaxBy(p => p.Metadata.CreationTimestamp);
        return (runner is not null ? Waiting(runner)
            : refusal is null ? new DriverObservation(DriverPhase.Waiting, Reason: NoPod, Who: Who)
            : new DriverObservation(DriverPhase.Waiting, Reason: NotTaken, Message: $"The cluster does not take the {Who}'s pod yet: {refusal}", Who: Who), null);
    }

    /// <summary>Whether the Job has been given up.</summary>
    public static bool HasFailed(Job? job) => job is not null && Has(job, "Failed");

    private static bool Has(Job job, string condition) => job.Status?.Conditions?.Any(c => c.Type == condition && c.Status == "True") == true;

    private static DriverObservation Waiting(Pod runner) => runner.Metadata.Annotation(RunnerJob.WaitingAnnotation) is { } why
        ? new DriverObservation(DriverPhase.Waiting, Reason: NotTaken, Message: why, Who: Who)
        : DriverObservation.Waiting(runner) with { Who = Who };

    private static DriverFailure Failure(Job job, IReadOnlyList<Pod> runners)
    {
        var last = runners.Where(p => p.Status?.Phase == "Failed").MaxBy(p => p.Metadata.CreationTimestamp);
        if (RunnerProgram.ReadMessage(last?.Metadata.Annotation(RunnerJob.FailureAnnotation)) is { } said)
        {
            return new DriverFailure(said.Reason, said.Details);
        }

        var ended = last is null ? null : SparkContainer.Status(last)?.State?.Terminated;
        var why = ended?.ExitCode is { } code ? FailureText.ExitCode(code) : last?.Status?.Message ?? job.Status?.Conditions?.FirstOrDefault(c => c.Type == "Failed")?.Message ?? "no message";
        return new DriverFailure(FailureReason.InternalError, $"JobRun submission failed due to an internal error.\nThe job runner failed: {why}");
    }
}
