using System.Globalization;
using Hearth.Kube.Core;
using Hearth.Kube.Events;

namespace Hearth.Cluster.Controllers.Jobs;

/// <summary>What to do about a job now.</summary>
/// <param name="Status">Its next status.</param>
internal sealed record JobStep(JobStatus Status)
{
    /// <summary>Pods to create: an index each, or null for those without.</summary>
    public IReadOnlyList<int?> Create { get; init; } = [];

    /// <summary>Pods to delete.</summary>
    public IReadOnlyList<Pod> Delete { get; init; } = [];

    /// <summary>Whether the job itself has lived long enough.</summary>
    public bool DeleteJob { get; init; }

    /// <summary>When to look again even if nothing changes.</summary>
    public TimeSpan? Again { get; init; }

    /// <summary>What to tell people.</summary>
    public EventText? Event { get; init; }
}

/// <summary>
/// Decides for jobs as kube-controller-manager's job controller does: completions, parallelism, indexes, back-off, failure policy, deadline, suspension, time to
/// live. Pure. Each finished pod is counted once, also when somebody removes it.
/// </summary>
internal static class JobDecision
{
    private static readonly TimeSpan FirstBackOff = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LastBackOff = TimeSpan.FromMinutes(6);

    /// <summary>The next step.</summary>
    /// <param name="job">The job.</param>
    /// <param name="pods">Its pods, as far as they have been seen.</param>
    /// <param name="unseen">Pods that were created and have not been seen: an index each, or null.</param>
    /// <param name="now">The moment.</param>
    /// <param name="known">Uids of finished pods that the status counts already; null when nobody knows, as after a start: then it counts those that it can.</param>
    public static JobStep Next(Job job, IReadOnlyList<Pod> pods, IReadOnlyList<int?> unseen, DateTimeOffset now, IReadOnlySet<string>? known = null)
    {
        var spec = job.Spec ?? new JobSpec();
        var status = job.Status ?? new JobStatus();
        var active = pods.Where(p => !p.IsFinished() && (!p.Metadata.IsDeleting() || spec.PodReplacementPolicy == "Failed")).ToArray();
        if (IsFinished(status))
        {
            return Finished(job, status, active, now);
        }

        if (Unsupported(spec) is { } feature)
        {
            return Fail(status, active, "Unsupported", $"{feature} is not supported by this platform: leave it out", now);
        }

        var counted = Count(spec, status, pods, active, known) with { StartTime = status.StartTime ?? now };
        if (spec.Suspend == true)
        {
            return Suspended(counted, active, now);
        }

        counted = status.Conditions.IsTrue("Suspended") ? counted with { StartTime = now, Conditions = counted.Conditions.With(now, "Suspended", "False", "JobResumed", "Job resumed") } : counted;
        if (Failure(spec, counted, pods, active, now) is { } failure)
        {
            return Fail(counted, active, failure.Reason, failure.Message, now);
        }

        if (IsComplete(spec, counted, active.Length + unseen.Count))
        {
            var conditions = counted.Conditions.With(now, "SuccessCriteriaMet", "True", "CompletionsReached", "Reached expected number of succeeded pods").With(now, "Complete", "True", "CompletionsReached", "Reached expected number of succeeded pods");
            return new JobStep(counted with { Active = null, Ready = null, CompletionTime = now, Conditions = conditions })
            {
                Delete = active, Again = Ttl(spec, TimeSpan.Zero), Event = new EventText("Completed", "Job completed"),
            };
        }

        return Scale(spec, counted, pods, active, unseen, now);
    }

    /// <summary>Indexes as the status writes them, for example <c>0-3,7</c>.</summary>
    public static string? Text(IEnumerable<int> indexes)
    {
        var parts = new List<(int From, int To)>();
        foreach (var index in indexes.Distinct().Order())
        {
            if (parts.Count > 0 && parts[^1].To == index - 1)
            {
                parts[^1] = (parts[^1].From, index);
            }
            else
            {
                parts.Add((index, index));
            }
        }

        return parts.Count == 0 ? null : string.Join(',', parts.Select(p => p.From == p.To ? string.Create(CultureInfo.InvariantCulture, $"{p.From}") : string.Create(CultureInfo.InvariantCulture, $"{p.From}-{p.To}")));
    }

    /// <summary>The indexes of such a text.</summary>
    public static IEnumerable<int> Indexes(string? text) => (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)
        .Select(p => p.Split('-').Select(n => int.Parse(n, CultureInfo.InvariantCulture)).ToArray())
        .SelectMany(p => Enumerable.Range(p[0], p[^1] - p[0] + 1));

    /// <summary>The index of a pod, or null.</summary>
    public static int? IndexOf(Pod pod) =>
        int.TryParse(pod.Metadata.Annotation("batch.kubernetes.io/job-completion-index"), NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;

    private static bool IsFinished(JobStatus status) => status.Conditions.IsTrue("Complete") || status.Conditions.IsTrue("Failed");

    private static string? Unsupported(JobSpec spec) =>
        spec.BackoffLimitPerIndex is not null ? "spec.backoffLimitPerIndex"
        : spec.SuccessPolicy is not null ? "spec.successPolicy"
        : spec.PodFailurePolicy?.Rules?.Any(r => r.Action == "FailIndex") == true ? "the action FailIndex of spec.podFailurePolicy"
        : null;

    private static JobStep Finished(Job job, JobStatus status, Pod[] active, DateTimeOffset now)
    {
        var end = status.CompletionTime ?? status.Conditions.Find("Failed")?.LastTransitionTime ?? now;
        var left = Ttl(job.Spec ?? new JobSpec(), now - end);
        return new JobStep(status) { Delete = [.. active.Where(p => !p.Metadata.IsDeleting())], DeleteJob = left <= TimeSpan.Zero, Again = left };
    }

    private static TimeSpan? Ttl(JobSpec spec, TimeSpan since) => spec.TtlSecondsAfterFinished is { } seconds ? TimeSpan.FromSeconds(seconds) - since : null;

    private static JobStatus Count(JobSpec spec, JobStatus status, IReadOnlyList<Pod> pods, Pod[] active, IReadOnlySet<string>? known)
    {
        var finished = pods.Where(p => p.IsFinished()).ToArray();
        var fresh = finished.Where(p => known?.Contains(p.Metadata.Uid!) != true).ToArray();
        var succeeded = fresh.Where(p => p.Status?.Phase == "Succeeded").ToArray();
        var failed = fresh.Count(p => p.Status?.Phase == "Failed" && PodFailures.Action(spec, p) != "Ignore");
        var indexes = spec.CompletionMode == "Indexed" ? Indexes(status.CompletedIndexes).Concat(succeeded.Select(IndexOf).OfType<int>()).Distinct().ToArray() : null;
        var done = indexes?.Length ?? Total(status.Succeeded, succeeded.Length);
        var ready = active.Count(p => p.Status?.Conditions.IsTrue("Ready") == true);
        return status with
        {
            Active = Some(active.Length),
            Ready = ready,
            Succeeded = Some(done),
            Failed = Some(Total(status.Failed, failed)),
            Terminating = Some(pods.Count(p => p.Metadata.IsDeleting() && !p.IsFinished())),
            CompletedIndexes = indexes is null ? null : Text(indexes),
        };

        int Total(int? before, int found) => known is null && before > 0 ? Math.Max(before.Value, found) : (before ?? 0) + found;
    }

    private static int? Some(int number) => number == 0 ? null : number;

    private static JobStep Suspended(JobStatus status, Pod[] active, DateTimeOffset now) =>
        new(status with { StartTime = null, Conditions = status.Conditions.With(now, "Suspended", "True", "JobSuspended", "Job suspended") })
        {
            Delete = [.. active.Where(p => !p.Metadata.IsDeleting())],
            Event = status.Conditions.IsTrue("Suspended") ? null : new EventText("Suspended", "Job suspended"),
        };

    private static (string Reason, string Message)? Failure(JobSpec spec, JobStatus status, IReadOnlyList<Pod> pods, Pod[] active, DateTimeOffset now)
    {
        if (PodFailures.FailJob(spec, pods) is { } policy)
        {
            return ("PodFailurePolicy", policy);
        }

        var restarts = active.Sum(p => p.Status?.ContainerStatuses?.Sum(c => c.RestartCount ?? 0) ?? 0);
        if ((status.Failed ?? 0) > (spec.BackoffLimit ?? 6) || (restarts > 0 && restarts >= (spec.BackoffLimit ?? 6)))
        {
            return ("BackoffLimitExceeded", "Job has reached the specified backoff limit");
        }

        return spec.ActiveDeadlineSeconds is { } seconds && now - status.StartTime >= TimeSpan.FromSeconds(seconds)
            ? ("DeadlineExceeded", "Job was active longer than specified deadline")
            : null;
    }

    private static JobStep Fail(JobStatus status, Pod[] active, string reason, string message, DateTimeOffset now)
    {
        var conditions = status.Conditions.With(now, "FailureTarget", "True", reason, message).With(now, "Failed", "True", reason, message);
        return new JobStep(status with { Active = null, Ready = null, Conditions = conditions })
        {
            Delete = [.. active.Where(p => !p.Metadata.IsDeleting())], Again = TimeSpan.Zero, Event = new EventText(reason, message, Warning: true),
        };
    }

    private static bool IsComplete(JobSpec spec, JobStatus status, int active) => spec.Completions is { } wanted
        ? (status.Succeeded ?? 0) >= wanted
        : (status.Succeeded ?? 0) > 0 && active == 0;

    private static JobStep Scale(JobSpec spec, JobStatus status, IReadOnlyList<Pod> pods, Pod[] active, IReadOnlyList<int?> unseen, DateTimeOffset now)
    {
        var succeeded = status.Succeeded ?? 0;
        var there = active.Length + unseen.Count;
        var parallelism = spec.Parallelism ?? 1;
        var wanted = spec.Completions is { } completions ? Math.Min(parallelism, completions - succeeded) : succeeded > 0 ? Math.Min(there, parallelism) : parallelism;
        var deadline = spec.ActiveDeadlineSeconds is { } seconds ? status.StartTime!.Value + TimeSpan.FromSeconds(seconds) - now : (TimeSpan?)null;
        if (there >= wanted)
        {
            var surplus = active.Where(p => !p.Metadata.IsDeleting()).OrderBy(p => p.Spec?.NodeName is null ? 0 : 1).ThenByDescending(p => p.Metadata.CreationTimestamp).Take(there - wanted);
            return new JobStep(status) { Delete = [.. surplus], Again = deadline };
        }

        if (BackOff(spec, pods) is { } until && now < until)
        {
            return new JobStep(status) { Again = deadline < until - now ? deadline : until - now };
        }

        return new JobStep(status) { Create = Fresh(spec, status, active, unseen, wanted - there), Again = deadline };
    }

    private static IReadOnlyList<int?> Fresh(JobSpec spec, JobStatus status, Pod[] active, IReadOnlyList<int?> unseen, int count)
    {
        if (spec.CompletionMode != "Indexed")
        {
            return [.. Enumerable.Repeat((int?)null, count)];
        }

        var taken = Indexes(status.CompletedIndexes).Concat(active.Select(IndexOf).Concat(unseen).OfType<int>()).ToHashSet();
        return [.. Enumerable.Range(0, spec.Completions ?? 0).Where(i => !taken.Contains(i)).Take(count).Select(i => (int?)i)];
    }

    // Failures in a row since the last success: 10 s, 20 s, 40 s ... 6 min after the last of them.
    private static DateTimeOffset? BackOff(JobSpec spec, IReadOnlyList<Pod> pods)
    {
        var success = pods.Where(p => p.Status?.Phase == "Succeeded").Select(PodFailures.FinishedAt).Max();
        var failures = pods.Where(p => p.Status?.Phase == "Failed" && PodFailures.Action(spec, p) != "Ignore").Select(PodFailures.FinishedAt).OfType<DateTimeOffset>().Where(at => success is null || at > success).ToArray();
        if (failures.Length == 0)
        {
            return null;
        }

        var delay = FirstBackOff * Math.Pow(2, Math.Min(failures.Length - 1, 16));
        return failures.Max() + (delay < LastBackOff ? delay : LastBackOff);
    }
}
