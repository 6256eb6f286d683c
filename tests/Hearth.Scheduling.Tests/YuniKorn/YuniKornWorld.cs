using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Fit;
using Hearth.Scheduling.YuniKorn;
using Hearth.Scheduling.YuniKorn.Configuration;
using Hearth.Scheduling.YuniKorn.Core;
using Hearth.Scheduling.YuniKorn.Shim;

namespace Hearth.Scheduling.Tests.YuniKorn;

/// <summary>A cluster in memory that does what the shim asks for: pods, a clock, a log of actions.</summary>
internal sealed class YuniKornWorld
{
    private readonly YuniKornShim _shim;
    private int _uid;

    public YuniKornWorld(string queues, params IEnumerable<NodeInfo> nodes)
        : this(QueuesYaml.Read(queues), nodes)
    {
    }

    public YuniKornWorld(PartitionConfig queues, params IEnumerable<NodeInfo> nodes)
    {
        Cluster = Build.Cluster(nodes);
        Partition = new Partition(Cluster, queues);
        _shim = new YuniKornShim(Partition, new ShimSettings());
    }

    public ClusterState Cluster { get; }
    public Partition Partition { get; }
    public DateTimeOffset Now { get; private set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public SortedDictionary<string, Pod> Pods { get; } = new(StringComparer.Ordinal);
    public List<string> Log { get; } = [];

    /// <summary>Called after every step of the shim.</summary>
    public Action? AfterStep { get; set; }

    public IEnumerable<Pod> Placeholders => Pods.Values.Where(p => PodIdentity.Of(p.Metadata).IsPlaceholder);

    public static NodeInfo Node(string name, string room = "cpu=4,memory=16Gi,pods=110") => Build.Node(name, room);

    /// <summary>A pod of YuniKorn; <paramref name="gang"/> is the annotation task-groups, <paramref name="group"/> its own group.</summary>
    public void Create(string name, string requests, string? app = null, string? queue = null, string? group = null, string? gang = null, string? policy = null, string? user = null,
        int priority = 0, string? annotations = null)
    {
        var pod = Build.Pod(name, requests, priority: priority);
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        var notes = Build.Map(annotations);
        Set(labels, "applicationId", app);
        Set(labels, "queue", queue);
        Set(notes, YuniKornNames.TaskGroupName, group);
        Set(notes, YuniKornNames.TaskGroups, gang);
        Set(notes, YuniKornNames.PolicyParameters, policy);
        Set(notes, YuniKornNames.UserInfo, user is null ? null : $$"""{"user":"{{user}}"}""");
        Accept(pod with
        {
            Metadata = pod.Metadata with { Uid = $"u{++_uid}", CreationTimestamp = Now, Labels = labels, Annotations = notes },
            Spec = pod.Spec! with { SchedulerName = YuniKornNames.Scheduler },
        });
        Step();
    }

    public void AddNode(NodeInfo node)
    {
        Cluster.SetNode(node);
        Step();
    }

    public void Finish(string name, string phase = "Succeeded")
    {
        var pod = Find(name);
        Change(pod with { Status = (pod.Status ?? new PodStatus()) with { Phase = phase } });
        Step();
    }

    public void Delete(string name)
    {
        Remove(Find(name));
        Step();
    }

    public void Pass(double seconds)
    {
        Now += TimeSpan.FromSeconds(seconds);
        Step();
    }

    public Pod Find(string name) => Pods[$"ns/{name}"];

    public string? NodeOf(string name) => Pods.GetValueOrDefault($"ns/{name}")?.Spec?.NodeName;

    public string? PhaseOf(string name) => Pods.GetValueOrDefault($"ns/{name}")?.Status?.Phase;

    public ApplicationState StateOf(string app) => Partition.Applications.GetValueOrDefault(app)?.State ?? Partition.Ended.Last(a => a.Id == app).State;

    public void Step()
    {
        var rounds = 0;
        for (var actions = _shim.Step(Now); actions.Count > 0; actions = _shim.Step(Now))
        {
            rounds++.ShouldBeLessThan(100, "the shim comes to rest");
            foreach (var action in actions)
            {
                Do(action);
            }

            AfterStep?.Invoke();
        }
    }

    private void Do(ShimAction action)
    {
        switch (action)
        {
            case CreatePod create:
                var made = KubeJson.Read<Pod>(create.Body);
                Log.Add($"create {made.Metadata.Name}");
                Accept(made with { Metadata = made.Metadata with { Uid = $"u{++_uid}", CreationTimestamp = Now } });
                break;
            case DeletePod delete when Pods.TryGetValue(Key(delete.Pod), out var pod) && pod.Metadata.Uid == delete.Pod.Metadata.Uid:
                Log.Add($"delete {pod.Metadata.Name}");
                Remove(pod);
                break;
            case BindPod bind when Pods.TryGetValue(Key(bind.Pod), out var pod):
                pod.Spec!.NodeName.ShouldBeNull($"{Key(pod)} is bound twice");
                Log.Add($"bind {pod.Metadata.Name} {bind.Node}");
                Change(pod with { Spec = pod.Spec with { NodeName = bind.Node }, Status = new PodStatus { Phase = "Running" } });
                break;
            case FailPod fail when Pods.TryGetValue(Key(fail.Pod), out var pod):
                Log.Add($"fail {pod.Metadata.Name} {fail.Reason}: {fail.Message}");
                Change(pod with { Status = new PodStatus { Phase = "Failed", Reason = fail.Reason, Message = fail.Message } });
                break;
            case MarkPod mark:
                Log.Add($"mark {mark.Pod.Metadata.Name} {mark.Reason}: {mark.Message}");
                break;
            case RecordEvent e:
                Log.Add($"event {e.Pod.Metadata.Name} {e.Reason}/{e.Action}: {e.Message}");
                break;
            default:
                break;
        }
    }

    private void Accept(Pod pod)
    {
        Pods.TryAdd(Key(pod), pod).ShouldBeTrue(Key(pod));
        _shim.OnPod(pod, deleted: false, Now);
    }

    private void Change(Pod pod)
    {
        Pods[Key(pod)] = pod;
        if (pod.Status?.Phase is "Succeeded" or "Failed")
        {
            Cluster.RemovePod(Key(pod));
        }

        _shim.OnPod(pod, deleted: false, Now);
    }

    private void Remove(Pod pod)
    {
        Pods.Remove(Key(pod));
        Cluster.RemovePod(Key(pod));
        _shim.OnPod(pod, deleted: true, Now);
        foreach (var owned in Pods.Values.Where(p => p.Metadata.OwnerReferences?.Any(o => o.Uid == pod.Metadata.Uid) == true).ToArray())
        {
            Remove(owned); // as the garbage collector does
        }
    }

    private static string Key(Pod pod) => $"{pod.Metadata.Namespace}/{pod.Metadata.Name}";

    private static void Set(Dictionary<string, string> map, string key, string? value)
    {
        if (value is not null)
        {
            map[key] = value;
        }
    }
}
