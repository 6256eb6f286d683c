using Hearth.Cli.Commands.Lint.Reading;
using Hearth.Jobs.Driver.Scaling;
using Hearth.Jobs.Spark;
using Hearth.Kube.Quantities;
using Hearth.Platform.Text;
using Hearth.Scheduling.Resources;
using Hearth.Scheduling.YuniKorn;
using Hearth.Scheduling.YuniKorn.Gangs;

namespace Hearth.Cli.Commands.Lint.Rules;

/// <summary>Gangs that disagree with the job that they are for.</summary>
internal static class GangRules
{
    /// <summary>Groups that YuniKorn cannot read.</summary>
    public static LintRule Invalid { get; } = new(
        "yunikorn-task-groups-invalid",
        Severity.Warning,
        "The task groups are not what YuniKorn reads: not JSON, a group without name or minResource, minMember not above 0.",
        "YuniKorn goes on without gangs; an event says so.",
        "Write a JSON list of {\"name\", \"minMember\", \"minResource\": {\"cpu\", \"memory\"}}.",
        subject => from t in subject.Templates
                   let text = t.Template.Annotations.GetValueOrDefault(YuniKornNames.TaskGroups)
                   where text is not null
                   let problem = Gang.Read(text).Problem
                   where problem is not null
                   select new Fault(t.Source.At("metadata", "annotations", YuniKornNames.TaskGroups), $"YuniKorn cannot use the task groups: {problem}"));

    /// <summary>A pod that belongs to no group.</summary>
    public static LintRule UnknownGroup { get; } = new(
        "yunikorn-group-unknown",
        Severity.Warning,
        "A pod says that it belongs to a task group, and the driver's template defines no group of that name.",
        "The pod takes no placeholder's place: it is scheduled on its own, and the placeholders of the group it should have joined hold nodes until they time out.",
        "Use a name of the task groups in the driver's pod template.",
        subject => from t in subject.Templates
                   let name = t.Template.Annotations.GetValueOrDefault(YuniKornNames.TaskGroupName)
                   let groups = Gang.Of(subject.Driver)
                   where name is not null && groups?.Problem is null && groups?.Groups.All(g => g.Name != name) != false
                   select new Fault(t.Source.At("metadata", "annotations", YuniKornNames.TaskGroupName), Nearest.Describe($"the driver's pod template has no task group {name}", name, [.. (groups?.Groups ?? []).Select(g => g.Name)])));

    /// <summary>More or fewer placeholders than pods.</summary>
    public static LintRule Members { get; } = new(
        "yunikorn-gang-size",
        Severity.Warning,
        "minMember of a task group is not the number of pods that the job makes of it.",
        "Placeholders that no pod replaces hold nodes until the gang times out; with too few the rest of the executors is no part of the gang.",
        "Make minMember of the executors' group spark.executor.instances (minExecutors with dynamic allocation), and 1 for the driver.",
        subject => from role in Joined(subject)
                   let pods = role.Role == SparkRole.Driver ? 1 : Executors(subject)
                   where pods is not null && role.Group.MinMember != pods
                   select new Fault(Place(subject), FormattableString.Invariant($"task group {role.Group.Name} has minMember {role.Group.MinMember}, but the job starts with {pods} {Places.Word(role.Role)}{(pods == 1 ? "" : "s")}")));

    /// <summary>Placeholders that are too small.</summary>
    public static LintRule TooSmall { get; } = new(
        "yunikorn-min-resource",
        Severity.Warning,
        "minResource of a task group is less than what its pods request.",
        "A pod that is larger than its placeholder does not take its place: YuniKorn releases the whole group and the pods compete without a gang.",
        "Set minResource to what the pod requests: heap and overhead of all its containers.",
        subject => from role in Joined(subject)
                   from resource in (string[])[ResourceNames.Cpu, ResourceNames.Memory]
                   where role.Asks[resource] > role.Group.PerMember[resource]
                   select new Fault(Place(subject), $"task group {role.Group.Name} reserves {resource} {Text(role.Group.PerMember, resource)}; the {Places.Word(role.Role)} requests {Text(role.Asks, resource)}"));

    /// <summary>Placeholders that are far too large.</summary>
    public static LintRule TooLarge { get; } = new(
        "yunikorn-min-resource-large",
        Severity.Warning,
        "minResource of a task group is more than twice what its pods request.",
        "The gang waits for nodes that the job does not need.",
        "Set minResource to what the pod requests: heap and overhead of all its containers.",
        subject => from role in Joined(subject)
                   from resource in (string[])[ResourceNames.Cpu, ResourceNames.Memory]
                   where role.Group.PerMember[resource] > 2 * role.Asks[resource]
                   select new Fault(Place(subject), $"task group {role.Group.Name} reserves {resource} {Text(role.Group.PerMember, resource)}; the {Places.Word(role.Role)} requests {Text(role.Asks, resource)}"));

    /// <summary>A gang that its queue can never hold.</summary>
    public static LintRule Oversized { get; } = new(
        "yunikorn-gang-exceeds-queue",
        Severity.Error,
        "All placeholders together ask for more than the queue may ever have.",
        "YuniKorn rejects the application, and its pods fail.",
        "Make the gang smaller, or raise the queue's max.",
        Exceeding);

    /// <summary>Placeholders where the pods may not be.</summary>
    public static LintRule Placement { get; } = new(
        "yunikorn-group-placement",
        Severity.Warning,
        "A pod wants labels of its node that its task group does not ask for.",
        "Placeholders can sit on nodes that the pods refuse; the pods then wait for other nodes while these are held.",
        "Give the group the nodeSelector of the pod.",
        subject => from role in Joined(subject)
                   let missing = (role.Pod.NodeSelector ?? new Dictionary<string, string>(StringComparer.Ordinal)).Where(s => role.Group.NodeSelector?[s.Key]?.ToString() != s.Value).ToArray()
                   where missing.Length > 0
                   select new Fault(Place(subject), $"task group {role.Group.Name} lacks what the {Places.Word(role.Role)} selects: {string.Join(", ", missing.Select(m => $"{m.Key}={m.Value}"))}"));

    private sealed record Member(SparkRole Role, TaskGroup Group, Hearth.Kube.Core.PodSpec Pod, ResourceVector Asks);

    /// <summary>The pods of the job that name a group which exists.</summary>
    private static IEnumerable<Member> Joined(LintSubject subject) =>
        from t in subject.Templates
        let pod = subject.Pods.Of(t.Template.Role)
        let name = t.Template.Annotations.GetValueOrDefault(YuniKornNames.TaskGroupName)
        from @group in Gang.Of(subject.Driver)?.Groups ?? []
        where @group.Name == name && pod is not null
        let spec = JobPods.Typed(pod).Spec!
        select new Member(t.Template.Role, @group, spec, PodRequests.Of(spec));

    private static int? Executors(LintSubject subject)
    {
        try
        {
            return AllocationSettings.Of(subject.Settings.All).Instances;
        }
        catch (SparkConfException)
        {
            return null;
        }
    }

    private static SourcePlace Place(LintSubject subject) => subject.Driver!.Source!.At("metadata", "annotations", YuniKornNames.TaskGroups);

    private static string Text(ResourceVector vector, string resource) =>
        resource == ResourceNames.Cpu ? Quantity.FromMilli(vector.MilliCpu).ToString() : FormattableString.Invariant($"{vector.Memory >> 20}Mi");

    private static IEnumerable<Fault> Exceeding(LintSubject subject)
    {
        var labels = subject.Driver?.Labels;
        var name = labels?.GetValueOrDefault(YuniKornNames.Queue) ?? labels?.GetValueOrDefault(YuniKornNames.OldQueue);
        if (subject.Platform?.Queues.FirstOrDefault(q => string.Equals(q.Name, name, StringComparison.OrdinalIgnoreCase)) is not { } queue || Gang.Of(subject.Driver) is not { Problem: null } groups)
        {
            yield break;
        }

        foreach (var (resource, max) in new[] { (ResourceNames.Cpu, queue.Max.Vcore), (ResourceNames.Memory, queue.Max.Memory) })
        {
            var total = TaskGroup.Total(groups.Groups);
            if (Quantity.TryParse(max, out var limit) && total[resource] > (resource == ResourceNames.Cpu ? limit.MilliValue : limit.Value))
            {
                yield return new Fault(Place(subject), $"the gang asks for {resource} {Text(total, resource)}; queue {queue.Name} may have {max}");
            }
        }
    }
}
