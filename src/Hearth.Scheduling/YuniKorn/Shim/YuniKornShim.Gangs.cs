using Hearth.Scheduling.YuniKorn.Core;
using Hearth.Scheduling.YuniKorn.Gangs;

namespace Hearth.Scheduling.YuniKorn.Shim;

/// <content>The life of a gang, and what the partition's decisions mean for pods.</content>
public sealed partial class YuniKornShim
{
    private const string WaitsForRoom = "request is waiting for cluster resources become available";

    /// <summary>Makes the placeholders that are missing.</summary>
    private void Reserve(ShimApplication application, DateTimeOffset now)
    {
        Tell(application.Originator, "CreatingPlaceholders", $"Application {application.Id} creating placeholders for {application.Gang.Count} taskGroups");
        var there = application.Tasks.Values.Where(t => t.Identity.IsPlaceholder).CountBy(t => t.Identity.TaskGroup ?? "", StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        foreach (var group in application.Gang)
        {
            var missing = group.MinMember - there.GetValueOrDefault(group.Name);
            for (var i = 0; i < missing; i++)
            {
                Create(application, group, now);
            }
        }
    }

    private void Create(ShimApplication application, TaskGroup group, DateTimeOffset now)
    {
        string name;
        do
        {
            name = PlaceholderPod.Name(application.Id, group.Name, application.Originator.Metadata.Uid ?? application.Id, now, application.Made++);
        }
        while (application.Tasks.ContainsKey($"{application.Namespace}/{name}"));

        var queue = partition.Applications.GetValueOrDefault(application.Id)?.Queue.Path ?? "";
        var key = $"{application.Namespace}/{name}";
        application.Creating.Add(key);
        _actions.Add(new CreatePod(application.Id, key, PlaceholderPod.Create(application.Originator, application.Id, queue, group, name, settings.PlaceholderImage)));
    }

    private void CheckReservation(ShimApplication application, DateTimeOffset now)
    {
        if (application.State == ShimState.Reserving && application.GangIsComplete())
        {
            Tell(application.Originator, "GangReservationComplete", $"Application {application.Id} completed reservation");
            Run(application, now);
        }
    }

    /// <summary>The real pods enter, in the order of their creation.</summary>
    private void Run(ShimApplication application, DateTimeOffset now)
    {
        application.State = ShimState.Running;
        foreach (var task in application.Tasks.Values.Where(t => !t.Submitted && !t.Identity.IsPlaceholder).OrderBy(t => t.Pod.Metadata.CreationTimestamp).ToArray())
        {
            Submit(application, task, now);
        }
    }

    private void Translate(DateTimeOffset now) => Translate(partition.TakeEffects(), now);

    private void Translate(IReadOnlyList<CoreEffect> effects, DateTimeOffset now)
    {
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case Placed placed:
                    OnPlaced(placed);
                    break;
                case Release release:
                    OnRelease(release);
                    break;
                case Outstanding { Ask: var ask } when Find(ask) is { } task:
                    _actions.Add(new MarkPod(task.Pod, "Unschedulable", WaitsForRoom));
                    _actions.Add(new RecordEvent(task.Pod, "PodUnschedulable", "PodUnschedulable", $"Task {task.Key} is pending for the requested resources become available"));
                    break;
                case Skipped { Ask: var ask, Message: var message } when Find(ask) is { } task:
                    _actions.Add(new MarkPod(task.Pod, "SchedulingSkipped", message));
                    _actions.Add(new RecordEvent(task.Pod, "FailedScheduling", "FailedScheduling", $"Task {task.Key} is skipped from scheduling because the queue quota has been exceed: {message}", Warning: true));
                    break;
                case Told { Ask: var ask, Message: var message } when Find(ask) is { } task:
                    _actions.Add(new RecordEvent(task.Pod, "Informational", "Informational", message));
                    break;
                case Changed changed when _applications.TryGetValue(changed.Application.Id, out var application):
                    OnChanged(application, changed, now);
                    break;
                default:
                    break;
            }
        }
    }

    private ShimTask? Find(Ask ask) => _ownerOf.TryGetValue(ask.Key, out var application) ? application.Tasks.GetValueOrDefault(ask.Key) : null;

    private void OnPlaced(Placed placed)
    {
        if (Find(placed.Ask) is not { } task)
        {
            return;
        }

        task.Placed = true;
        if (placed.Ask.IsPlaceholder)
        {
            Tell(_ownerOf[task.Key].Originator, "PlaceholderAllocated", $"Application {placed.Ask.ApplicationId} placeholder has been allocated.");
        }

        _actions.Add(new RecordEvent(task.Pod, "Scheduled", "Scheduled", $"Successfully assigned {task.Key} to node {placed.Node}"));
        _actions.Add(new BindPod(task.Pod, placed.Node));
    }

    private void OnRelease(Release release)
    {
        if (Find(release.Ask) is { } task)
        {
            if (release.Reason == ReleaseReason.Preempted)
            {
                _actions.Add(new RecordEvent(task.Pod, "Preempted", "Preempting", release.Message));
            }

            _actions.Add(new DeletePod(task.Pod, Now: task.Identity.IsPlaceholder));
        }
    }

    private void OnChanged(ShimApplication application, Changed changed, DateTimeOffset now)
    {
        switch (changed.State)
        {
            case ApplicationState.Resuming:
                Tell(application.Originator, "GangSchedulingFailed", $"Application {application.Id} resuming as non-gang application (SOFT)", warning: true);
                application.State = ShimState.Resuming;
                if (!application.Tasks.Values.Any(t => t.Identity.IsPlaceholder))
                {
                    Run(application, now);
                }

                break;
            case ApplicationState.Failing:
                Fail(application, changed.Application.Message);
                break;
            case ApplicationState.Completed:
                Restart(application, now);
                break;
            default:
                break;
        }
    }

    private void Fail(ShimApplication application, string reason)
    {
        application.State = ShimState.Failed;
        application.Remains.UnionWith(application.Objects);
        Tell(application.Originator, "PlaceholderTimeOut", $"Application {application.Id} placeholder has been timed out", warning: true);
        foreach (var task in application.Tasks.Values.Where(t => !t.Identity.IsPlaceholder && !t.Placed))
        {
            _actions.Add(new RecordEvent(task.Pod, "ApplicationFailed", "ApplicationFailed", $"Application {application.Id} scheduling failed, reason: {reason}", Warning: true));
            _actions.Add(new FailPod(task.Pod, Partition.ReservationTimeout, "Scheduling has timed out due to insufficient resources"));
        }
    }
}
