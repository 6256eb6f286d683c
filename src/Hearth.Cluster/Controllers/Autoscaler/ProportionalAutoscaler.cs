using System.Text.Json.Nodes;
using System.Threading.Channels;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Scheduling.ClusterAutoscaler;
using Hearth.Scheduling.Resources;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.Controllers.Autoscaler;

/// <summary>What an instance of the autoscaler looks after.</summary>
public sealed record ProportionalSettings
{
    /// <summary>Namespace of ConfigMap and target.</summary>
    public string Namespace { get; init; } = "kube-system";

    /// <summary><c>--configmap</c>.</summary>
    public required string ConfigMap { get; init; }

    /// <summary><c>--target</c>: a deployment.</summary>
    public string Deployment { get; init; } = "coredns";

    /// <summary><c>--poll-period-seconds</c>. A node that comes or goes is a reason to look at once.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>
/// cluster-proportional-autoscaler: the replicas of a deployment follow the number of nodes and cores by the rule in its ConfigMap (<see cref="ProportionalRule"/>),
/// which is taken live. A text that is not valid is refused and the old rule stays.
/// </summary>
public sealed partial class ProportionalAutoscaler
{
    private readonly IKubeClient _client;
    private readonly ClusterInformers _informers;
    private readonly ProportionalSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Channel<bool> _triggers = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private ProportionalRule? _rule;
    private string? _read;

    /// <summary>Subscribes to the informers; <see cref="RunAsync"/> starts.</summary>
    public ProportionalAutoscaler(IKubeClient client, ClusterInformers informers, ProportionalSettings settings, TimeProvider time, ILogger logger)
    {
        (_client, _informers, _settings, _time, _logger) = (client, informers, settings, time, logger);
        informers.Nodes.Changed += (_, _) => _triggers.Writer.TryWrite(true);
    }

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        await _informers.Nodes.Synced.WaitAsync(ct).ConfigureAwait(false);
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await LookAsync(ct).ConfigureAwait(false);
            }
            catch (Exception e) when (e is KubeException or HttpRequestException or IOException)
            {
                LogFailed(_logger, _settings.Deployment, e.Message);
            }

            await WaitAsync(ct).ConfigureAwait(false);
        }
    }

    private async Task LookAsync(CancellationToken ct)
    {
        if (await ReadAsync(ct).ConfigureAwait(false) is not { } rule
            || await _client.FindAsync<Deployment>(_settings.Namespace, _settings.Deployment, ct).ConfigureAwait(false) is not { } target)
        {
            return;
        }

        var nodes = _informers.Nodes.Items.Values.Where(n => n.Status?.Allocatable is { Count: > 0 } && (rule.IncludesUnschedulable || n.Spec?.Unschedulable != true)).ToArray();
        var cores = nodes.Sum(n => ResourceVector.From(n.Status!.Allocatable).MilliCpu) / 1000.0;
        var replicas = rule.Replicas(nodes.Length, cores);
        if (nodes.Length > 0 && replicas != target.Spec?.Replicas)
        {
            await _client.PatchAsync(target.Ref(), KubePatch.Merge(new JsonObject { ["spec"] = new JsonObject { ["replicas"] = replicas } }), ct).ConfigureAwait(false);
            LogScaled(_logger, _settings.Deployment, target.Spec?.Replicas ?? 1, replicas, nodes.Length, cores);
        }
    }

    private async Task<ProportionalRule?> ReadAsync(CancellationToken ct)
    {
        if (await _client.FindAsync<ConfigMap>(_settings.Namespace, _settings.ConfigMap, ct).ConfigureAwait(false) is not { } map)
        {
            return _rule;
        }

        if (_read != map.Metadata.ResourceVersion)
        {
            _read = map.Metadata.ResourceVersion;
            try
            {
                _rule = ProportionalRule.Parse(map.Data ?? new Dictionary<string, string>(StringComparer.Ordinal));
            }
            catch (FormatException e)
            {
                LogRefused(_logger, _settings.Namespace, _settings.ConfigMap, e.Message);
            }
        }

        return _rule;
    }

    private async Task WaitAsync(CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(_settings.Poll, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            await _triggers.Reader.ReadAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // Time to look again.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "deployment {Deployment} is scaled from {From} to {To}: {Nodes} nodes, {Cores} cores")]
    private static partial void LogScaled(ILogger logger, string deployment, int from, int to, int nodes, double cores);

    [LoggerMessage(Level = LogLevel.Warning, Message = "ConfigMap {Namespace}/{Map} is passed over: {Problem}")]
    private static partial void LogRefused(ILogger logger, string @namespace, string map, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "deployment {Deployment} is not scaled: {Problem}")]
    private static partial void LogFailed(ILogger logger, string deployment, string problem);
}
