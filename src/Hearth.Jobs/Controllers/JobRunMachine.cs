using Hearth.Jobs.Emr;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;

namespace Hearth.Jobs.Controllers;

/// <summary>
/// The state machine of a job run, as a pure function of what is known. Source: EMR on EKS Development Guide, job run states and retry policies.
/// </summary>
public static class JobRunMachine
{
    private static readonly TimeSpan FirstBackOff = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LastBackOff = TimeSpan.FromMinutes(6);

    /// <summary>The next step.</summary>
    public static JobRunStep Next(JobRunView view, JobControllerOptions options)
    {
        var status = view.Run.Status ?? new JobRunStatus();
        if (status.State is { } known && known.IsTerminal())
        {
            return new JobRunStep(status);
        }

        if (view.Run.CancelRequested)
        {
            return Cancel(view, status);
        }

        return status.State switch
        {
            null => Pending(view, status with { State = JobRunState.Pending, Attempt = 1 }, options),
            JobRunState.Pending => Pending(view, status, options),
            _ when status.AttemptAt is { } at => Retry(view, status, at),
            _ => Observe(view, status, options),
        };
    }

    /// <summary>The status once the job runner of the present attempt is on the cluster.</summary>
    public static JobRunStatus Submitted(JobRun run, JobRunStatus status, Submission submission, DateTimeOffset now) => status with
    {
        State = status.State == JobRunState.Running ? JobRunState.Running : JobRunState.Submitted,
        StateDetails = null,
        Attempt = status.Attempt ?? 1,
        AttemptAt = null,
        SubmittedAt = status.SubmittedAt ?? now,
        ApplicationId = submission.Application.Id,
        Driver = new DriverStatus { PodName = submission.DriverPodName },
    };

    /// <summary>The status of a run that cannot be submitted.</summary>
    public static JobRunStatus Refused(JobRunStatus status, FailureReason reason, string message, DateTimeOffset now) => status with
    {
        State = JobRunState.Failed,
        StateDetails = message,
        FailureReason = reason,
        FailureMessage = message,
        FinishedAt = now,
    };

    private static JobRunStep Cancel(JobRunView view, JobRunStatus status) => view.Driver.Phase == DriverPhase.Missing && !view.HasRunner
        ? new JobRunStep(status with { State = JobRunState.Cancelled, StateDetails = StateTexts.Cancelled, FinishedAt = view.Now })
        : new JobRunStep(status with { State = JobRunState.CancelPending }, JobAction.DeleteDriver);

    private static JobRunStep Pending(JobRunView view, JobRunStatus status, JobControllerOptions options)
    {
        if (view.HasSlot)
        {
            return new JobRunStep(status, JobAction.Submit);
        }

        var left = options.QueueTimeout - (view.Now - (view.Run.Metadata.CreationTimestamp ?? view.Now));
        return left > TimeSpan.Zero
            ? new JobRunStep(status with { StateDetails = StateTexts.Queued }, JobAction.None, left)
            : new JobRunStep(Refused(status, FailureReason.UserError, StateTexts.QueuedTooLong(options.QueueTimeout), view.Now));
    }

    private static JobRunStep Retry(JobRunView view, JobRunStatus status, DateTimeOffset at) => view.Now >= at
        ? new JobRunStep(status, JobAction.Submit)
        : new JobRunStep(status, JobAction.None, at - view.Now);

    private static JobRunStep Observe(JobRunView view, JobRunStatus status, JobControllerOptions options) => view.Driver.Phase switch
    {
        DriverPhase.Waiting => Waiting(view, status, options),
        DriverPhase.Refused => new JobRunStep(Refused(status, view.Failure!.Reason, view.Failure.Cause, view.Now), JobAction.DeleteDriver),
        DriverPhase.Running => new JobRunStep(Running(status, view), JobAction.None, options.Refresh),
        DriverPhase.Succeeded => new JobRunStep(Running(status, view) with
        {
            State = JobRunState.Completed,
            StateDetails = StateTexts.Completed(view.Now - (status.StartedAt ?? view.Driver.StartedAt ?? view.Now)),
            FinishedAt = view.Now,
        }),
        _ => Failed(view, status),
    };

    private static JobRunStatus Running(JobRunStatus status, JobRunView view) => status with
    {
        State = JobRunState.Running,
        StateDetails = null,
        StartedAt = status.StartedAt ?? view.Driver.StartedAt ?? view.Now,
    };

    private static JobRunStep Waiting(JobRunView view, JobRunStatus status, JobControllerOptions options)
    {
        var waited = view.Now - (status.SubmittedAt ?? view.Now);
        if (waited >= view.StartTimeout)
        {
            var message = view.Driver.Reason == "Unschedulable" ? view.Driver.Message : null;
            var refused = view.Driver.Reason == RunnerObservation.NotTaken ? $" {view.Driver.Message}" : "";
            return new JobRunStep(Refused(status, FailureReason.UserError, StateTexts.TimedOut(message) + refused, view.Now), JobAction.DeleteDriver);
        }

        var isImage = view.Driver.Reason is "ErrImagePull" or "ImagePullBackOff" or "InvalidImageName" or "ErrImageNeverPull";
        if (isImage && waited >= options.ImageGrace)
        {
            var cause = $"The image of the {(view.Driver.Who == "driver pod" ? "driver" : view.Driver.Who)} cannot be had: {view.Driver.Message ?? view.Driver.Reason}";
            return new JobRunStep(Refused(status, FailureReason.UserError, StateTexts.Failed(cause), view.Now) with { FailureMessage = cause }, JobAction.DeleteDriver);
        }

        var details = view.Driver.Reason switch
        {
            null or RunnerObservation.NoPod => null,
            "Unschedulable" or "SchedulingGated" => waited >= options.UnscheduledNotice ? StateTexts.Unscheduled(view.Driver.Who, view.Driver.Message) : status.StateDetails,
            RunnerObservation.NotTaken => view.Driver.Message,
            var reason => StateTexts.Waiting(view.Driver.Who, reason, view.Driver.Message),
        };
        var next = view.Driver.Reason == "Unschedulable" && waited < options.UnscheduledNotice ? options.UnscheduledNotice - waited : view.StartTimeout - waited;
        next = view.Driver.Reason == RunnerObservation.NoPod && options.RefusalNotice < next ? options.RefusalNotice : next;
        next = isImage && options.ImageGrace > waited && options.ImageGrace - waited < next ? options.ImageGrace - waited : next;
        return new JobRunStep(status with { StateDetails = details }, JobAction.None, next);
    }

    private static JobRunStep Failed(JobRunView view, JobRunStatus status)
    {
        var failure = view.Failure ?? new DriverFailure(FailureReason.UserError, "The driver failed");
        var attempt = status.Attempt ?? 1;
        var max = view.Run.Spec.RetryPolicyConfiguration?.MaxAttempts ?? 1;
        if (attempt < max)
        {
            var delay = BackOff(attempt);
            return new JobRunStep(
                status with
                {
                    State = JobRunState.Running,
                    Attempt = attempt + 1,
                    AttemptAt = view.Now + delay,
                    StateDetails = StateTexts.Retrying(attempt + 1, max, failure.Cause),
                },
                JobAction.None,
                delay);
        }

        return new JobRunStep(status with
        {
            State = JobRunState.Failed,
            StateDetails = StateTexts.Failed(failure.Cause),
            FailureReason = failure.Reason,
            FailureMessage = failure.Cause,
            FinishedAt = view.Now,
        });
    }

    private static TimeSpan BackOff(int attempt)
    {
        var delay = FirstBackOff * Math.Pow(2, Math.Min(attempt - 1, 16));
        return delay < LastBackOff ? delay : LastBackOff;
    }
}
