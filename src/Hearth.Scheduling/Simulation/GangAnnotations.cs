using System.Text.Json.Nodes;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Resources;
using Hearth.Scheduling.YuniKorn;

namespace Hearth.Scheduling.Simulation;

/// <summary>Makes pods of a trace pods for YuniKorn, with what a job's templates and Spark itself would have written on them.</summary>
internal static class GangAnnotations
{
    private const string DriverGroup = "spark-driver";
    private const string ExecutorGroup = "spark-executor";

    /// <summary>The pod with scheduler, application, queue and user; labels and annotations that it has already stay, but Spark's application is that of this run.</summary>
    public static Pod Apply(SimulatedJob job, Pod pod, bool driver)
    {
        var labels = Copy(pod.Metadata.Labels);
        var notes = Copy(pod.Metadata.Annotations);
        labels[YuniKornNames.SparkApplicationId] = job.Id;
        if (job.Source.Queue.Length > 0)
        {
            labels[YuniKornNames.Queue] = job.Source.Queue;
        }

        notes.TryAdd(YuniKornNames.UserInfo, new JsonObject { ["user"] = job.Source.User, ["groups"] = new JsonArray() }.ToJsonString());
        if (job.Source.Gang is { } style && !job.Source.Driver.Metadata.Annotations.HasKey(YuniKornNames.TaskGroups))
        {
            notes[YuniKornNames.TaskGroupName] = driver ? DriverGroup : ExecutorGroup;
            if (driver)
            {
                notes[YuniKornNames.TaskGroups] = Groups(job.Source).ToJsonString();
                notes[YuniKornNames.PolicyParameters] = $"gangSchedulingStyle={style}";
            }
        }

        return pod with { Metadata = pod.Metadata with { Labels = labels, Annotations = notes }, Spec = pod.Spec! with { SchedulerName = YuniKornNames.Scheduler } };
    }

    /// <summary>Whether something is written on a pod.</summary>
    private static bool HasKey(this IReadOnlyDictionary<string, string>? map, string key) => map?.ContainsKey(key) == true;

    private static JsonArray Groups(Submission job)
    {
        var groups = new JsonArray(Group(DriverGroup, 1, job.Driver));
        if (job.Executors > 0)
        {
            groups.Add((JsonNode)Group(ExecutorGroup, job.Executors, job.Executor));
        }

        return groups;
    }

    private static JsonObject Group(string name, int members, Pod shape)
    {
        var requests = PodRequests.Of(shape.Spec!);
        return new JsonObject
        {
            ["name"] = name,
            ["minMember"] = members,
            ["minResource"] = new JsonObject(requests.Names().Where(n => n != ResourceNames.Pods).Select(n => new KeyValuePair<string, JsonNode?>(n, requests.Quantity(n).ToString()))),
            ["nodeSelector"] = new JsonObject((shape.Spec!.NodeSelector ?? new Dictionary<string, string>()).Select(s => new KeyValuePair<string, JsonNode?>(s.Key, s.Value))),
            ["tolerations"] = new JsonArray([.. (shape.Spec.Tolerations ?? []).Select(Toleration)]),
        };
    }

    private static JsonNode Toleration(Toleration toleration)
    {
        var json = new JsonObject();
        foreach (var (key, value) in new[] { ("key", toleration.Key), ("operator", toleration.Operator), ("value", toleration.Value), ("effect", toleration.Effect) })
        {
            if (value is not null)
            {
                json[key] = value;
            }
        }

        return json;
    }

    private static Dictionary<string, string> Copy(IReadOnlyDictionary<string, string>? map) =>
        map is null ? new(StringComparer.Ordinal) : new Dictionary<string, string>(map, StringComparer.Ordinal);
}
