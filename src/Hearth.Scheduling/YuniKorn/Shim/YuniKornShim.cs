using Hearth.Kube.Core;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.YuniKorn.Core;
using Hearth.Scheduling.YuniKorn.Gangs;

namespace Hearth.Scheduling.YuniKorn.Shim;

/// <summary>
/// YuniKorn's side of Kubernetes: pods become applications and asks, gangs become placeholders, and what the partition decides becomes actions
/// (yunikorn-k8shim, pkg/cache). Neither clock nor I/O; not thread-safe.
/// </summary>
public sealed partial class YuniKornShim(Partition partition, ShimSettings settings)
{
    private readonly Dictionary<string, ShimApplication> _applications = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ShimApplication> _ownerOf = new(StringComparer.Ordinal);
    private List<ShimAction> _actions = [];
    private bool _recovering;

    /// <summary>The core.</summary>
    public Partition Partition => partition;

    /// <summary>States of applications by id.</summary>
    public IEnumerable<KeyValuePair<string, ShimState>> States => _applications.Select(a => new KeyValuePair<string, ShimState>(a.Key, a.Value.State));

    /// <summary>Whether a pod is for YuniKorn.</summary>
    public static bool IsMine(Pod pod) => string.Equals(pod.Spec?.SchedulerName, YuniKornNames.Scheduler, StringComparison.Ordinal);

    /// <summary>Takes over what is there at the start: real pods before placeholders, older before newer. Placeholders that are missing are made afterwards.</summary>
    public void Recover(IEnumerable<Pod> pods, DateTimeOffset now)
    {
        _recovering = true;
        foreach (var pod in pods.Where(IsMine)
            .OrderBy(p => PodIdentity.Of(p.Metadata).IsPlaceholder).ThenBy(p => p.Metadata.CreationTimestamp).ThenBy(p => p.Metadata.Name, StringComparer.Ordinal))
        {
            OnPod(pod, deleted: false, now);
        }

        _recovering = false;
        foreach (var application in _applications.Values.Where(a => a.State == ShimState.Reserving).ToArray())
        {
            Reserve(application, now);
            CheckReservation(application, now);
        }
    }

    /// <summary>A pod came, changed or went.</summary>
    public void OnPod(Pod pod, bool deleted, DateTimeOffset now)
    {
        if (!IsMine(pod))
        {
            return;
        }

        var key = Key(pod);
        if (deleted || pod.Status?.Phase is "Succeeded" or "Failed")
        {
            OnEnd(pod, key, deleted, now);
        }
        else if (_ownerOf.TryGetValue(key, out var owner) && owner.Tasks.TryGetValue(key, out var task))
        {
            Update(owner, task, pod, now);
        }
        else if (pod.Spec?.SchedulingGates is not { Count: > 0 } && (pod.Metadata.DeletionTimestamp is null || !string.IsNullOrEmpty(pod.Spec?.NodeName)))
        {
            OnNew(pod, now);
        }
    }

    /// <summary>Lets time pass, hands out places, and answers what is to be done.</summary>
    public IReadOnlyList<ShimAction> Step(DateTimeOffset now)
    {
        partition.Tick(now);
        while (true)
        {
            Translate(now);
            partition.Schedule(now);
            var effects = partition.TakeEffects();
            if (effects.Count == 0)
            {
                break;
            }

            Translate(effects, now);
        }

        var actions = _actions;
        _actions = [];
        return actions;
    }

    /// <summary>A placeholder could not be created: the gang is given up, the application goes on without it.</summary>
    public void NotCreated(string applicationId, string key, string problem, DateTimeOffset now)
    {
        if (!_applications.TryGetValue(applicationId, out var application) || !application.Creating.Remove(key) || application.State != ShimState.Reserving)
        {
            return;
        }

        Tell(application.Originator, "PlaceholderCreateFailed", $"Application {application.Id} fails to create placeholders: {problem}", warning: true);
        foreach (var placeholder in application.Tasks.Values.Where(t => t.Identity.IsPlaceholder))
        {
            _actions.Add(new DeletePod(placeholder.Pod, Now: true));
        }

        partition.ForgetGang(application.Id);
        Run(application, now);
    }

    /// <summary>A pod could not be bound: it is tried again.</summary>
    public void NotBound(string key, DateTimeOffset now)
    {
        if (_ownerOf.TryGetValue(key, out var application) && application.Tasks.TryGetValue(key, out var task) && !task.Bound)
        {
            task.Placed = false;
            partition.NotBound(key, now);
        }
    }

    private void OnNew(Pod pod, DateTimeOffset now)
    {
        var identity = PodIdentity.Of(pod.Metadata);
        if (!_applications.TryGetValue(identity.ApplicationId, out var application))
        {
            application = Begin(pod, identity, now);
        }

        var task = new ShimTask(pod, identity);
        application.Tasks[task.Key] = task;
        application.Objects.Add(task.Key);
        application.Creating.Remove(task.Key);
        _ownerOf[task.Key] = application;
        foreach (var conflict in identity.Conflicts)
        {
            _actions.Add(new RecordEvent(pod, "Scheduling", "Scheduling", conflict, Warning: true));
        }

        if (task.Bound)
        {
            TakeOver(application, task, now);
        }
        else if (application.State == ShimState.Rejected)
        {
            _actions.Add(new FailPod(pod, "ApplicationRejected", application.Message));
        }
        else if (application.State == ShimState.Running || (application.State == ShimState.Reserving && identity.IsPlaceholder))
        {
            Submit(application, task, now);
        }
        else if (identity.IsPlaceholder)
        {
            _actions.Add(new DeletePod(pod, Now: true)); // its application has gone on without it
        }
    }

    /// <summary>The first pod of an application: its gang is read from it, once.</summary>
    private ShimApplication Begin(Pod pod, PodIdentity identity, DateTimeOffset now)
    {
        var gang = ReadGang(pod, identity);
        var application = new ShimApplication(identity.ApplicationId, pod, gang);
        _applications[application.Id] = application;
        var recovered = !string.IsNullOrEmpty(pod.Spec?.NodeName);
        if (partition.Submit(ApplicationRequests.Of(pod, identity, gang, settings.Namespace(application.Namespace), recovered, now), now) is { } rejection)
        {
            (application.State, application.Message) = (ShimState.Rejected, rejection);
            _actions.Add(new RecordEvent(pod, "ApplicationRejected", "ApplicationRejected", $"Application {application.Id} is rejected: {rejection}", Warning: true));
        }
        else if (gang.Count > 0)
        {
            application.State = ShimState.Reserving;
            if (!_recovering)
            {
                Reserve(application, now);
            }
        }

        return application;
    }

    private IReadOnlyList<TaskGroup> ReadGang(Pod pod, PodIdentity identity)
    {
        if (!settings.Gangs)
        {
            return [];
        }

        try
        {
            return TaskGroupReader.Read(pod.Metadata.Annotation(YuniKornNames.TaskGroups));
        }
        catch (FormatException e)
        {
            Tell(pod, "TaskGroupsError", $"unable to get taskGroups for application {identity.ApplicationId}, reason: {e.Message}", warning: true);
            return [];
        }
    }

    private void Update(ShimApplication application, ShimTask task, Pod pod, DateTimeOffset now)
    {
        var wasBound = task.Bound;
        task.Pod = pod;
        if (application.IsOriginator(pod))
        {
            application.Originator = pod;
        }

        if (task.Bound && !wasBound)
        {
            if (!task.Placed)
            {
                TakeOver(application, task, now); // somebody else bound it
            }

            _actions.Add(new RecordEvent(pod, "PodBindSuccessful", "PodBindSuccessful", $"Pod {task.Key} is successfully bound to node {pod.Spec!.NodeName}"));
            CheckReservation(application, now);
        }
    }

    private void TakeOver(ShimApplication application, ShimTask task, DateTimeOffset now)
    {
        if (task.Submitted)
        {
            partition.Gone(task.Key, now);
        }

        (task.Submitted, task.Placed) = (true, true);
        partition.Recover(AskOf(application, task), task.Pod.Spec!.NodeName!, now);
        if (!task.Identity.IsPlaceholder && application.State == ShimState.Reserving)
        {
            Run(application, now); // a real pod runs already: there is no gang to wait for
        }
        else if (!_recovering)
        {
            CheckReservation(application, now);
        }
    }

    private void Submit(ShimApplication application, ShimTask task, DateTimeOffset now)
    {
        Ask ask;
        try
        {
            ask = AskOf(application, task);
        }
        catch (FormatException e)
        {
            _actions.Add(new MarkPod(task.Pod, "Unschedulable", e.Message));
            return;
        }

        task.Submitted = true;
        _actions.Add(new RecordEvent(task.Pod, "Scheduling", "Scheduling", $"{task.Key} is queued and waiting for allocation"));
        if (task.Identity.TaskGroup is { } group && !task.Identity.IsPlaceholder)
        {
            _actions.Add(new RecordEvent(task.Pod, "GangScheduling", "TaskGroupMatch", $"Pod belongs to the taskGroup {group}, it will be scheduled as a gang member"));
        }

        partition.Add(ask, now);
    }

    private Ask AskOf(ShimApplication application, ShimTask task)
    {
        var pod = task.Pod;
        var hasVolumes = settings.Volumes(pod) is not null;
        return new Ask(PodInfo.From(pod, settings.Volumes(pod)), hasVolumes ? () => PodInfo.From(task.Pod, settings.Volumes(task.Pod)) : null)
        {
            ApplicationId = application.Id,
            TaskGroup = task.Identity.TaskGroup,
            IsPlaceholder = task.Identity.IsPlaceholder,
            IsOriginator = application.IsOriginator(pod),
            AllowsPreemption = task.Identity.AllowsPreemption,
        };
    }

    private void OnEnd(Pod pod, string key, bool deleted, DateTimeOffset now)
    {
        if (!_ownerOf.TryGetValue(key, out var application))
        {
            return;
        }

        if (application.Tasks.Remove(key, out var task))
        {
            partition.Gone(key, now);
            if (!deleted && !task.Identity.IsPlaceholder && pod.Status?.Phase == "Succeeded")
            {
                _actions.Add(new RecordEvent(pod, "TaskCompleted", "TaskCompleted", $"Application {application.Id} task {key} completed"));
            }

            if (application.State == ShimState.Resuming && !application.Tasks.Values.Any(t => t.Identity.IsPlaceholder))
            {
                Run(application, now);
            }
        }

        if (deleted)
        {
            _ownerOf.Remove(key);
            application.Objects.Remove(key);
            application.Remains.Remove(key);
            ForgetDead(application, now);
        }
    }

    /// <summary>The id of an application that failed is free again when its pods are gone; pods that came with it meanwhile begin a new one.</summary>
    private void ForgetDead(ShimApplication application, DateTimeOffset now)
    {
        if (application.State is ShimState.Failed or ShimState.Rejected && application.Remains.Count == 0
            && (application.State == ShimState.Failed || application.Objects.Count == 0))
        {
            Restart(application, now);
        }
    }

    private void Restart(ShimApplication application, DateTimeOffset now)
    {
        _applications.Remove(application.Id);
        foreach (var task in application.Tasks.Values)
        {
            _ownerOf.Remove(task.Key);
        }

        foreach (var task in application.Tasks.Values.OrderBy(t => t.Pod.Metadata.CreationTimestamp))
        {
            OnPod(task.Pod, deleted: false, now);
        }
    }

    private static string Key(Pod pod) => $"{pod.Metadata.Namespace}/{pod.Metadata.Name}";

    private void Tell(Pod pod, string action, string message, bool warning = false) => _actions.Add(new RecordEvent(pod, "GangScheduling", action, message, warning));
}
