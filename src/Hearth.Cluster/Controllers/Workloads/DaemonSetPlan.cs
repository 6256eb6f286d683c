using System.Text.Json.Nodes;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Fit;

namespace Hearth.Cluster.Controllers.Workloads;

/// <summary>What a daemon set is to do next.</summary>
/// <param name="Create">Nodes that are to get a pod.</param>
/// <param name="Delete">Pods that are to go.</param>
/// <param name="Status">What there is.</param>
internal sealed record DaemonSetStep(IReadOnlyList<string> Create, IReadOnlyList<Pod> Delete, DaemonSetStatus Status);

/// <summary>Which nodes have a daemon set's pods, and how they are renewed (kubernetes, pkg/controller/daemon). Pure.</summary>
internal static class DaemonSetPlan
{
    public const string RevisionLabel = "controller-revision-hash";

    /// <summary>Conditions of a node that daemons bear.</summary>
    private static readonly (string Key, string Effect)[] Borne =
    [
        ("node.kubernetes.io/not-ready", Taints.NoExecute), ("node.kubernetes.io/unreachable", Taints.NoExecute), ("node.kubernetes.io/disk-pressure", Taints.NoSchedule),
        ("node.kubernetes.io/memory-pressure", Taints.NoSchedule), ("node.kubernetes.io/pid-pressure", Taints.NoSchedule), (Taints.Unschedulable, Taints.NoSchedule),
    ];

    /// <summary>The pod as every node gets it, for no node yet: what a plan for new nodes counts.</summary>
    public static JsonObject Template(DaemonSet set, string name)
    {
        var pod = PodTemplates.Pod(set.Spec?.Template, DaemonSet.Type, set.Metadata, name);
        var spec = pod["spec"] as JsonObject ?? [];
        pod["spec"] = spec;
        var tolerations = spec["tolerations"] as JsonArray ?? [];
        spec["tolerations"] = tolerations;
        foreach (var (key, effect) in Borne)
        {
            Tolerate(tolerations, key, effect);
        }

        if (spec["hostNetwork"]?.GetValue<bool>() == true)
        {
            Tolerate(tolerations, "node.kubernetes.io/network-unavailable", Taints.NoSchedule);
        }

        return pod;
    }

    /// <summary>The pod of one node: the scheduler binds it there and nowhere else.</summary>
    public static JsonObject PodFor(DaemonSet set, string node, string name, string revision)
    {
        var pod = Template(set, name);
        PodTemplates.Label(pod, RevisionLabel, revision);
        var spec = (JsonObject)pod["spec"]!;
        var affinity = Child(Child(spec, "affinity"), "nodeAffinity");
        var required = Child(affinity, "requiredDuringSchedulingIgnoredDuringExecution");
        if (required["nodeSelectorTerms"] is not JsonArray { Count: > 0 } terms)
        {
            required["nodeSelectorTerms"] = terms = new JsonArray(new JsonObject());
        }

        foreach (var term in terms.OfType<JsonObject>())
        {
            term["matchFields"] = new JsonArray(new JsonObject { ["key"] = "metadata.name", ["operator"] = "In", ["values"] = new JsonArray(node) });
        }

        return pod;
    }

    /// <summary>The node that a pod is on, or is made for.</summary>
    public static string? NodeOf(Pod pod) => !string.IsNullOrEmpty(pod.Spec?.NodeName)
        ? pod.Spec.NodeName
        : pod.Spec?.Affinity?.NodeAffinity?.RequiredDuringSchedulingIgnoredDuringExecution?.NodeSelectorTerms?
            .SelectMany(t => t.MatchFields ?? []).FirstOrDefault(f => f.Key == "metadata.name")?.Values?.FirstOrDefault();

    /// <summary>Whether a node is to have such a pod, and whether one that it has may stay.</summary>
    public static (bool Run, bool Stay) Suits(PodInfo pod, NodeInfo node)
    {
        var accepted = (pod.NodeName is null || pod.NodeName == node.Name) && pod.AcceptsLabels(node.Name, node.Labels);
        IReadOnlyList<Taint> taints = node.Unschedulable ? [.. node.Taints, new Taint { Key = Taints.Unschedulable, Effect = Taints.NoSchedule }] : node.Taints;
        var against = taints.Where(t => t.Effect is Taints.NoSchedule or Taints.NoExecute && !Taints.Tolerated(t, pod.Tolerations)).ToArray();
        return (accepted && against.Length == 0, accepted && against.All(t => t.Effect != Taints.NoExecute));
    }

    /// <summary>Decides.</summary>
    /// <param name="set">The daemon set.</param>
    /// <param name="nodes">All nodes.</param>
    /// <param name="pods">Its pods.</param>
    /// <param name="coming">Nodes for which a pod is created already.</param>
    /// <param name="revision">Of its present template.</param>
    /// <param name="now">The time.</param>
    public static DaemonSetStep Next(DaemonSet set, IReadOnlyCollection<NodeInfo> nodes, IEnumerable<Pod> pods, IReadOnlySet<string> coming, string revision, DateTimeOffset now)
    {
        var sample = PodInfo.From(KubeJson.Read<Pod>(Template(set, "sample")));
        var byNode = pods.ToLookup(p => NodeOf(p) ?? "", StringComparer.Ordinal);
        var known = nodes.Select(n => n.Name).ToHashSet(StringComparer.Ordinal);
        var delete = byNode.Where(g => !known.Contains(g.Key)).SelectMany(g => g).Where(p => !p.Metadata.IsDeleting()).ToList();
        var create = new List<string>();
        var places = new List<Place>();
        foreach (var node in nodes)
        {
            var (run, stay) = Suits(sample, node);
            var place = Place.Of(node.Name, run, stay, byNode[node.Name], revision, set.Spec?.MinReadySeconds ?? 0, now);
            delete.AddRange(place.Surplus);
            if (run && place.Count == 0 && !coming.Contains(node.Name))
            {
                create.Add(node.Name);
            }

            places.Add(place);
        }

        Renew(set, places.Where(p => p.Run).ToArray(), coming, create, delete);
        return new DaemonSetStep(create, delete, Status(set, places));
    }

    private static void Renew(DaemonSet set, Place[] places, IReadOnlySet<string> coming, List<string> create, List<Pod> delete)
    {
        if (set.Spec?.UpdateStrategy?.Type == "OnDelete")
        {
            return;
        }

        var rolling = set.Spec?.UpdateStrategy?.RollingUpdate;
        var surge = PodTemplates.Amount(rolling?.MaxSurge, places.Length, up: true);
        var old = places.Where(p => p.Old is not null).ToArray();
        if (surge > 0)
        {
            var begun = places.Count(p => p is { Old: not null, New: not null }) + old.Count(p => coming.Contains(p.Node));
            create.AddRange(old.Where(p => p.New is null && !coming.Contains(p.Node)).Take(Math.Max(0, surge - begun)).Select(p => p.Node));
            delete.AddRange(old.Where(p => p.NewIsAvailable).Select(p => p.Old!));
            return;
        }

        var most = Math.Max(1, PodTemplates.Amount(rolling?.MaxUnavailable ?? IntOrString.Of(1), places.Length, up: true));
        var idle = old.Where(p => !p.OldIsAvailable).ToArray();
        var unavailable = places.Count(p => !p.OldIsAvailable && !p.NewIsAvailable);
        delete.AddRange(idle.Concat(old.Where(p => p.OldIsAvailable).Take(Math.Max(0, most - unavailable))).Select(p => p.Old!));
    }

    private static DaemonSetStatus Status(DaemonSet set, List<Place> places)
    {
        var wanted = places.Where(p => p.Run).ToArray();
        var available = wanted.Count(p => p.OldIsAvailable || p.NewIsAvailable);
        return new DaemonSetStatus
        {
            DesiredNumberScheduled = wanted.Length, CurrentNumberScheduled = wanted.Count(p => p.Count > 0), NumberMisscheduled = places.Count(p => !p.Run && p.Count > 0),
            NumberReady = wanted.Count(p => p.IsReady), UpdatedNumberScheduled = wanted.Count(p => p.New is not null), NumberAvailable = available,
            NumberUnavailable = wanted.Length - available, ObservedGeneration = set.Metadata.Generation,
        };
    }

    private static JsonObject Child(JsonObject of, string name)
    {
        if (of[name] is not JsonObject child)
        {
            of[name] = child = [];
        }

        return child;
    }

    private static void Tolerate(JsonArray tolerations, string key, string effect)
    {
        if (!tolerations.OfType<JsonObject>().Any(t => t["key"]?.GetValue<string>() == key && t["operator"]?.GetValue<string>() == "Exists" && t["effect"]?.GetValue<string>() == effect))
        {
            tolerations.Add(new JsonObject { ["key"] = key, ["operator"] = "Exists", ["effect"] = effect });
        }
    }

    /// <summary>What one node has of a daemon set.</summary>
    private sealed record Place(string Node, bool Run, int Count, Pod? Old, Pod? New, bool OldIsAvailable, bool NewIsAvailable, bool IsReady, IReadOnlyList<Pod> Surplus)
    {
        /// <summary>Of each revision the oldest pod stays; one that has ended makes room for another.</summary>
        public static Place Of(string node, bool run, bool stay, IEnumerable<Pod> pods, string revision, int minReady, DateTimeOffset now)
        {
            var all = pods.OrderBy(p => string.IsNullOrEmpty(p.Spec?.NodeName)).ThenBy(p => p.Metadata.CreationTimestamp).ThenBy(p => p.Metadata.Name, StringComparer.Ordinal).ToArray();
            var alive = all.Where(p => !p.IsFinished() && !p.Metadata.IsDeleting()).ToArray();
            var fresh = alive.FirstOrDefault(p => p.Metadata.Label(RevisionLabel) == revision);
            var old = alive.FirstOrDefault(p => p.Metadata.Label(RevisionLabel) != revision);
            IReadOnlyList<Pod> surplus = [.. all.Where(p => !p.Metadata.IsDeleting() && (p.IsFinished() || !stay || (p != fresh && p != old)))];
            bool Available(Pod? pod) => pod is not null && PodTemplates.IsAvailable(pod, minReady, now);
            return new Place(
                node, run, all.Length, old, fresh, Available(old), Available(fresh), (fresh is not null && PodTemplates.IsReady(fresh)) || (old is not null && PodTemplates.IsReady(old)), surplus);
        }
    }
}
