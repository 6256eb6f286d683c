using System.Globalization;
using Hearth.Jobs.Emr;
using Hearth.Kube.Core;
using Hearth.Scheduling.YuniKorn;
using Hearth.Scheduling.YuniKorn.Configuration;
using Hearth.Scheduling.YuniKorn.Gangs;

namespace Hearth.Cli.Commands.Job.Explain.Causes;

/// <summary>Why YuniKorn lets a pod wait, or has ended it: its gang, its queue, an application that is shared; and which annotations do not say what they look like.</summary>
internal static class YuniKornCauses
{
    private const string SkippedReason = "SchedulingSkipped";
    private const string RejectedReason = "ApplicationRejected";
    private const string TimedOut = "Scheduling has timed out due to insufficient resources";
    private const string TimedOutReason = "ResourceReservationTimeout";

    /// <summary>The cause of a waiting pod; null when YuniKorn does not hold it back.</summary>
    public static Cause? OfWait(JobFacts facts, PodStory story)
    {
        if (facts.Pods.FirstOrDefault(p => p.Metadata.Name == story.Name) is not { } pod || pod.Spec?.SchedulerName != YuniKornNames.Scheduler)
        {
            return null;
        }

        if (story.Conditions.FirstOrDefault(c => c is { Type: "PodScheduled", Status: "False", Reason: SkippedReason }) is { } skipped)
        {
            return new Cause(
                CauseKinds.QueueShare, $"The queue of the {story.Role} has no room for it; no node would help.", [skipped.Message ?? "", .. Shared(facts, pod)],
                ["wait until other jobs of the queue end", "raise the queue's max (spec.queues[].max) or its limits", "use another queue (label yunikorn.apache.org/queue of the pod template)"]);
        }

        return Incomplete(facts, pod) ?? Sharing(facts, pod);
    }

    /// <summary>The cause of a run whose driver YuniKorn has ended; null when it did not.</summary>
    public static Cause? OfFailure(JobFacts facts, string text)
    {
        var said = facts.Events.Where(e => e.Reason is RejectedReason or "ApplicationFailed" || e.Action == "PlaceholderTimeOut").Select(e => e.Message ?? "").ToArray();
        if (facts.Events.Any(e => e.Reason == RejectedReason) || text.Contains(RejectedReason, StringComparison.Ordinal))
        {
            return new Cause(
                CauseKinds.Rejected, "YuniKorn rejected the application.", [text, .. said],
                ["name a queue that is there and that a placement rule allows (spec.queues)", "make the gang smaller than the queue's max: `hearth lint` says by how much"]);
        }

        if (!text.Contains(TimedOut, StringComparison.Ordinal) && !text.Contains(TimedOutReason, StringComparison.Ordinal))
        {
            return null;
        }

        var pod = facts.Pods.FirstOrDefault(p => p.Metadata.Annotation(YuniKornNames.TaskGroups) is not null) ?? facts.Driver;
        return new Cause(
            CauseKinds.Gang, "The gang was not complete in time, and its style is Hard.", [text, .. said, .. (pod is null ? [] : Traps(pod))],
            ["make the gang as large as the job: `hearth lint` compares them", "gangSchedulingStyle=Soft lets the job go on without the gang", "`hearth plan` says whether the whole gang can have its places at once"]);
    }

    /// <summary>Its gang has not all its places yet.</summary>
    private static Cause? Incomplete(JobFacts facts, Pod pod)
    {
        var gang = Read(pod);
        if (gang.Count == 0)
        {
            return null;
        }

        Pod[] placeholders = [.. (facts.Cluster?.Pods ?? []).Where(p => p.Metadata.OwnerReferences?.Any(o => o.Uid == pod.Metadata.Uid) == true && PodIdentity.Of(p.Metadata).IsPlaceholder)];
        if (placeholders.Length == 0)
        {
            return null; // it shares its application, or has not been looked at yet
        }

        var policy = PolicyParameters.Parse(pod.Metadata.Annotation(YuniKornNames.PolicyParameters));
        var members = gang.Sum(g => g.MinMember);
        var placed = placeholders.Count(p => !string.IsNullOrEmpty(p.Spec?.NodeName));
        var then = policy.Style == GangStyle.Hard ? "fails" : "goes on without a gang";
        string[] evidence =
        [
            string.Create(CultureInfo.InvariantCulture, $"the gang asks for {QueueAmounts.From(TaskGroup.Total(gang))}: {string.Join(", ", gang.Select(g => $"{g.MinMember} x {g.Name}"))}"),
            string.Create(CultureInfo.InvariantCulture, $"{policy.PlaceholderTimeout.TotalSeconds:0} s after its first place it {then} ({policy.Style})"),
            .. Traps(pod),
            .. placeholders.Where(p => string.IsNullOrEmpty(p.Spec?.NodeName)).Select(p => p.Status?.Conditions?.FirstOrDefault(c => c.Type == "PodScheduled")?.Message).OfType<string>().Distinct().Take(2),
        ];
        return new Cause(
            CauseKinds.Gang, string.Create(CultureInfo.InvariantCulture, $"The driver waits until its whole gang has places: {placed} of {members} have one."), evidence,
            ["wait: nodes for all of them are on their way, if the pools allow it", "make minMember as large as the job: 1 driver and the executors that it starts with", "`hearth plan` says whether the whole gang can have its places at once"]);
    }

    /// <summary>The pods of another run have the same application id.</summary>
    private static Cause? Sharing(JobFacts facts, Pod pod) => Shared(facts, pod) is [var first, ..]
        ? new Cause(
            CauseKinds.Gang, "The run shares its YuniKorn application with another run: it gets no gang of its own, and limits count both as one.", [first],
            ["leave the application id out of the pod templates: Spark's own label names each run", "wait until the other run has ended"])
        : null;

    private static IReadOnlyList<string> Shared(JobFacts facts, Pod pod)
    {
        var identity = PodIdentity.Of(pod.Metadata);
        string[] others =
        [
            .. (facts.Cluster?.Pods ?? [])
                .Where(p => p.Metadata.Namespace == pod.Metadata.Namespace && p.Spec?.SchedulerName == YuniKornNames.Scheduler && p.Status?.Phase is not "Succeeded" and not "Failed"
                    && p.Metadata.Label(EmrNames.JobIdLabel) is { } job && job != facts.Run.Id && PodIdentity.Of(p.Metadata).ApplicationId == identity.ApplicationId)
                .Select(p => p.Metadata.Name!),
        ];
        return others.Length == 0 || !identity.NamesApplication
            ? []
            : [$"application id {identity.ApplicationId} is also that of {string.Join(", ", others.Take(3))}: YuniKorn reads task groups once, from the first pod of an application"];
    }

    /// <summary>What of the gang's annotations has no effect.</summary>
    private static IEnumerable<string> Traps(Pod pod) =>
        from ignored in PolicyParameters.Parse(pod.Metadata.Annotation(YuniKornNames.PolicyParameters)).Ignored
        select $"YuniKorn does not take {ignored.Text}: {ignored.Why}{(ignored.Suggestion is { } meant ? $"; did you mean {meant}?" : "")}";

    private static IReadOnlyList<TaskGroup> Read(Pod pod)
    {
        try
        {
            return TaskGroupReader.Read(pod.Metadata.Annotation(YuniKornNames.TaskGroups));
        }
        catch (FormatException)
        {
            return []; // as YuniKorn: it goes on without a gang
        }
    }
}
