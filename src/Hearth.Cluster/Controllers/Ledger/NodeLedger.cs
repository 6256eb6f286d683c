using System.Text.Json.Nodes;
using Hearth.Cluster.Controllers.Provisioning;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Informers;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Pricing;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.Controllers.Ledger;

/// <summary>How much of the past the ledger keeps.</summary>
public sealed record LedgerRetention
{
    /// <summary>The defaults.</summary>
    public static LedgerRetention Default { get; } = new();

    /// <summary>Records of nodes that ended longer ago are removed.</summary>
    public TimeSpan Age { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Closed records beyond this number are removed, oldest first.</summary>
    public int Records { get; init; } = 2000;

    /// <summary>Finished pods beyond this number are left out of a record, oldest first.</summary>
    public int PodsARecord { get; init; } = 500;
}

/// <summary>Writes a <see cref="NodeRecord"/> for each node that has a price: when it started and ended, and which pods were on it when.</summary>
public sealed partial class NodeLedger
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(10);
    private readonly IKubeClient _client;
    private readonly ClusterInformers _informers;
    private readonly LedgerRetention _retention;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly WorkQueue _queue;
    private readonly Informer<NodeRecord> _records;
    private readonly PodTimes _times;

    /// <summary>Subscribes to the informers; <see cref="RunAsync"/> starts.</summary>
    public NodeLedger(IKubeClient client, ClusterInformers informers, LedgerRetention retention, TimeProvider time, ILogger logger)
    {
        (_client, _informers, _retention, _time, _logger) = (client, informers, retention, time, logger);
        _queue = new WorkQueue(time);
        _times = new PodTimes(time);
        _records = new Informer<NodeRecord>(client, time: time);
        informers.Nodes.Changed += (_, node) => _queue.Add("node/" + node.Metadata.Name);
        informers.Pods.Changed += OnPod;
    }

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var records = _records.RunAsync(ct);
        await Task.WhenAll(_informers.Pods.Synced, _informers.Nodes.Synced, _records.Synced).WaitAsync(ct).ConfigureAwait(false);
        foreach (var open in _records.Items.Values.Where(r => r.Status?.EndedAt is null))
        {
            _queue.Add("node/" + open.Spec?.NodeName);
        }

        _queue.Add("sweep/");
        await _queue.RunAsync(2, ReconcileAsync, (key, e) => LogFailed(_logger, key, e.Message), ct).ConfigureAwait(false);

        await records.ConfigureAwait(false);
    }

    private void OnPod(WatchEventType type, Pod pod)
    {
        if (pod.Spec?.NodeName is { Length: > 0 } node)
        {
            _times.See(type, pod);
            _queue.Add("node/" + node);
        }
    }

    private async Task<TimeSpan?> ReconcileAsync(string key, CancellationToken ct)
    {
        if (key == "sweep/")
        {
            await SweepAsync(ct).ConfigureAwait(false);
            return SweepEvery;
        }

        var name = key["node/".Length..];
        var node = _informers.Nodes.Find(null, name);
        foreach (var record in _records.Items.Values.Where(r => r.Spec?.NodeName == name && r.Status?.EndedAt is null && r.Metadata.Name != (node is null ? null : RecordName(node))))
        {
            await CloseAsync(record, ct).ConfigureAwait(false);
        }

        if (node?.Status?.Allocatable is { Count: > 0 } && NodeRecords.Of(node) is { } spec)
        {
            await WriteAsync(node, spec, ct).ConfigureAwait(false);
        }

        return null;
    }

    private async Task WriteAsync(Node node, NodeRecordSpec spec, CancellationToken ct)
    {
        var name = RecordName(node);
        var record = _records.Find(null, name) ?? await CreateAsync(name, spec, ct).ConfigureAwait(false);
        var here = _times.On(node.Metadata.Name!);
        var changes = PodChanges.Between(record.Status, here, _retention.PodsARecord);
        if (changes is not null)
        {
            await _client.PatchStatusAsync(record, changes, ct).ConfigureAwait(false);
        }

        _times.Forget(node.Metadata.Name!, here.Where(p => p.Value.EndedAt is not null).Select(p => p.Key));
    }

    private async Task<NodeRecord> CreateAsync(string name, NodeRecordSpec spec, CancellationToken ct)
    {
        try
        {
            return await _client.CreateAsync(new NodeRecord { Metadata = new ObjectMeta { Name = name }, Spec = spec }, ct).ConfigureAwait(false);
        }
        catch (KubeException e) when (e.IsAlreadyExists)
        {
            return await _client.GetAsync<NodeRecord>(null, name, ct).ConfigureAwait(false);
        }
    }

    /// <summary>The node is gone: whatever was still on it has ended too.</summary>
    private async Task CloseAsync(NodeRecord record, CancellationToken ct)
    {
        var now = _time.GetUtcNow();
        var status = PodChanges.Between(record.Status, _times.On(record.Spec!.NodeName!), _retention.PodsARecord) ?? [];
        var pods = status["pods"] as JsonObject ?? [];
        foreach (var (uid, pod) in record.Status?.Pods ?? new Dictionary<string, PodRecord>())
        {
            if (pod.EndedAt is null && !pods.ContainsKey(uid))
            {
                pods[uid] = new JsonObject { ["endedAt"] = KubeTimeConverter.ToText(now) };
            }
        }

        status["pods"] = pods;
        status["endedAt"] = KubeTimeConverter.ToText(now);
        await _client.PatchStatusAsync(record, status, ct).ConfigureAwait(false);
        _times.Forget(record.Spec.NodeName!);
    }

    private async Task SweepAsync(CancellationToken ct)
    {
        var before = _time.GetUtcNow() - _retention.Age;
        var ended = _records.Items.Values.Where(r => r.Status?.EndedAt is not null).OrderByDescending(r => r.Status!.EndedAt).ToArray();
        foreach (var record in ended.Where((r, i) => i >= _retention.Records || r.Status!.EndedAt < before))
        {
            await _client.DeleteIfExistsAsync(record.Ref(), DeleteOptions.Default, ct).ConfigureAwait(false);
        }
    }

    private static string RecordName(Node node) => $"{node.Metadata.Name!.Split('.')[0]}-{node.Metadata.Uid![..8]}";

    [LoggerMessage(Level = LogLevel.Warning, Message = "cost record of {Key}: {Problem}")]
    private static partial void LogFailed(ILogger logger, string key, string problem);
}
