using System.Text.Json.Nodes;
using Hearth.Cluster.Controllers.Simulation;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Informers;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Resources;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.Controllers.Provisioning;

/// <summary>Status of node pools (what they hold, whether they are ready) and of node classes (the subnets, groups and images that they would find on AWS, simulated).</summary>
public sealed partial class PoolStatusController
{
    private readonly IKubeClient _client;
    private readonly ClusterInformers _informers;
    private readonly SimulatedCloud _cloud;
    private readonly PoolCatalog _pools;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly WorkQueue _queue;

    /// <summary>Subscribes to the informers; <see cref="RunAsync"/> starts.</summary>
    public PoolStatusController(IKubeClient client, ClusterInformers informers, SimulatedCloud cloud, TimeProvider time, ILogger logger)
    {
        (_client, _informers, _cloud, _time, _logger) = (client, informers, cloud, time, logger);
        _pools = new PoolCatalog(informers, cloud);
        _queue = new WorkQueue(time);
        informers.NodePools.Changed += (_, pool) => _queue.Add("pool/" + pool.Metadata.Name);
        informers.NodeClasses.Changed += (_, nodeClass) => OnNodeClass(nodeClass);
        informers.NodeClaims.Changed += (_, claim) => _queue.Add("pool/" + claim.Metadata.Label(KarpenterLabels.NodePool));
    }

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        await _informers.Synced.WaitAsync(ct).ConfigureAwait(false);
        await _queue.RunAsync(2, ReconcileAsync, (key, e) => LogFailed(_logger, key, e.Message), ct).ConfigureAwait(false);
    }

    private void OnNodeClass(Ec2NodeClass nodeClass)
    {
        _queue.Add("class/" + nodeClass.Metadata.Name);
        foreach (var pool in _informers.NodePools.Items.Values.Where(p => p.Spec?.Template?.Spec?.NodeClassRef?.Name == nodeClass.Metadata.Name))
        {
            _queue.Add("pool/" + pool.Metadata.Name);
        }
    }

    private async Task<TimeSpan?> ReconcileAsync(string key, CancellationToken ct)
    {
        var parts = key.Split('/', 2);
        if (parts[0] == "class" && _informers.NodeClasses.Find(null, parts[1]) is { } nodeClass)
        {
            await ReconcileAsync(nodeClass, ct).ConfigureAwait(false);
        }
        else if (parts[0] == "pool" && _informers.NodePools.Find(null, parts[1]) is { } pool)
        {
            await ReconcileAsync(pool, ct).ConfigureAwait(false);
        }

        return null;
    }

    private async Task ReconcileAsync(NodePool pool, CancellationToken ct)
    {
        await AnnotateAsync(pool, KarpenterLabels.NodePoolHash, ObjectHash.OfTemplate(pool), KarpenterLabels.NodePoolHashVersion, ObjectHash.NodePoolVersion, ct).ConfigureAwait(false);
        var own = _informers.NodeClaims.Items.Values.Where(c => c.Metadata.Label(KarpenterLabels.NodePool) == pool.Metadata.Name).ToArray();
        var held = own.Aggregate(ResourceVector.Zero, (sum, c) => sum + ResourceVector.From(c.Status?.Capacity)).With("nodes", own.Length);
        var resources = held.ToQuantities();
        var conditions = PoolConditions(pool, own.Any(c => c.Status?.Conditions.IsTrue("Registered") ?? false));
        if (pool.Status?.Nodes == own.Length && ResourceVector.From(pool.Status.Resources) == held && Conditions.Same(pool.Status.Conditions, conditions))
        {
            return;
        }

        // A merge patch keeps what it does not name: resources that are no longer held are taken out by name.
        var map = NodeClaimPatches.Map(resources);
        foreach (var gone in (pool.Status?.Resources ?? new Dictionary<string, Kube.Quantities.Quantity>()).Keys.Where(k => !map.ContainsKey(k)))
        {
            map[gone] = null;
        }

        map["nodes"] = own.Length.ToString(System.Globalization.CultureInfo.InvariantCulture);
        await _client.PatchStatusAsync(pool, new JsonObject { ["resources"] = map, ["nodes"] = own.Length, ["conditions"] = conditions.ToJson() }, ct).ConfigureAwait(false);
    }

    private List<Condition> PoolConditions(NodePool pool, bool registers)
    {
        var now = _time.GetUtcNow();
        var problem = _pools.Read(pool).Problem;
        var classMissing = problem?.EndsWith("not found", StringComparison.Ordinal) == true;
        var conditions = (pool.Status?.Conditions)
            .With(now, "ValidationSucceeded", problem is null || classMissing ? "True" : "False", problem is null || classMissing ? null : "NodePoolValidationFailed", classMissing ? null : problem)
            .With(now, "NodeClassReady", classMissing ? "False" : "True", classMissing ? "NodeClassNotFound" : null, classMissing ? "NodeClass not found on cluster" : null);
        // Informative, as upstream: it says nothing before a node of the pool has registered, and a simulated node never fails to.
        if (registers || !conditions.Any(c => c.Type == "NodeRegistrationHealthy"))
        {
            conditions = conditions.With(now, "NodeRegistrationHealthy", registers ? "True" : "Unknown", registers ? null : "AwaitingReconciliation", registers ? null : "object is awaiting reconciliation");
        }

        return problem is null
            ? conditions.With(now, "Ready", "True")
            : conditions.With(now, "Ready", "False", "UnhealthyDependents", classMissing ? "NodeClassReady=False" : "ValidationSucceeded=False");
    }

    /// <summary>The hash that nodes are compared with, for people and tools that look for it there.</summary>
    private async Task AnnotateAsync<T>(T item, string key, string hash, string versionKey, string version, CancellationToken ct)
        where T : class, IKubeObject<T>
    {
        if (item.Metadata.Annotation(key) != hash || item.Metadata.Annotation(versionKey) != version)
        {
            var annotations = new JsonObject { [key] = hash, [versionKey] = version };
            await _client.PatchAsync(item.Ref(), KubePatch.Merge(new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = annotations } }), ct).ConfigureAwait(false);
        }
    }

    private async Task ReconcileAsync(Ec2NodeClass nodeClass, CancellationToken ct)
    {
        await AnnotateAsync(nodeClass, KarpenterLabels.NodeClassHash, ObjectHash.OfStaticFields(nodeClass), KarpenterLabels.NodeClassHashVersion, ObjectHash.NodeClassVersion, ct).ConfigureAwait(false);
        var now = _time.GetUtcNow();
        string? problem = null;
        try
        {
            _ = _cloud.Describe(nodeClass);
        }
        catch (FormatException e)
        {
            problem = e.Message;
        }

        var conditions = nodeClass.Status?.Conditions.With(now, "SubnetsReady", "True") ?? Conditions.With(null, now, "SubnetsReady", "True");
        foreach (var type in new[] { "SecurityGroupsReady", "InstanceProfileReady", "AMIsReady" })
        {
            conditions = conditions.With(now, type, "True");
        }

        conditions = conditions
            .With(now, "ValidationSucceeded", problem is null ? "True" : "False", problem is null ? null : "ValidationFailed", problem)
            .With(now, "Ready", problem is null ? "True" : "False", problem is null ? null : "UnhealthyDependents", problem is null ? "simulated: nothing of it exists on AWS" : problem);
        if (!Conditions.Same(nodeClass.Status?.Conditions, conditions) || nodeClass.Status?.Subnets is null)
        {
            await _client.PatchStatusAsync(nodeClass, new JsonObject { ["subnets"] = Subnets(nodeClass), ["conditions"] = conditions.ToJson() }, ct).ConfigureAwait(false);
        }
    }

    /// <summary>One subnet in each zone of the platform: their names, not their tags, are what exists here.</summary>
    private JsonArray Subnets(Ec2NodeClass nodeClass) => new([.. _cloud.Options.Zones.Select(zone => (JsonNode)new JsonObject
    {
        ["id"] = "subnet-" + ObjectHash.Fnv($"{_cloud.Options.ClusterName}/{nodeClass.Metadata.Name}/{zone}").ToString("x16", System.Globalization.CultureInfo.InvariantCulture) + "0",
        ["zone"] = zone,
    })]);

    [LoggerMessage(Level = LogLevel.Warning, Message = "status of {Key}: {Problem}")]
    private static partial void LogFailed(ILogger logger, string key, string problem);
}
