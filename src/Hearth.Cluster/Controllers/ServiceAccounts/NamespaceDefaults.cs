using System.Text.Json.Nodes;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Informers;
using Hearth.Kube.Objects;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.Controllers.ServiceAccounts;

/// <summary>Sees to it that each namespace has ServiceAccount <c>default</c> and ConfigMap <c>kube-root-ca.crt</c>, also after somebody deleted or changed them.</summary>
public sealed partial class NamespaceDefaults
{
    /// <summary>Name of the ConfigMap that pods verify the API server with.</summary>
    public const string RootCa = "kube-root-ca.crt";

    private const string DefaultAccount = "default";
    private readonly IKubeClient _client;
    private readonly ClusterInformers _informers;
    private readonly Informer<ConfigMap> _maps;
    private readonly string _caPem;
    private readonly ILogger _logger;
    private readonly WorkQueue _queue;

    /// <summary>Subscribes to the informers; <see cref="RunAsync"/> starts.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="informers">Shared copies.</param>
    /// <param name="caPem">The API server's certificate authority.</param>
    /// <param name="time">Clock.</param>
    /// <param name="logger">Log.</param>
    public NamespaceDefaults(IKubeClient client, ClusterInformers informers, string caPem, TimeProvider time, ILogger logger)
    {
        (_client, _informers, _caPem, _logger) = (client, informers, caPem, logger);
        _queue = new WorkQueue(time);
        _maps = new Informer<ConfigMap>(client, time: time);
        informers.Namespaces.Changed += (_, ns) => _queue.Add(ns.Metadata.Name!);
        informers.ServiceAccounts.Changed += (_, account) => AddIf(account.Metadata.Name == DefaultAccount, account.Metadata);
        _maps.Changed += (_, map) => AddIf(map.Metadata.Name == RootCa, map.Metadata);
    }

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var maps = _maps.RunAsync(ct);
        await Task.WhenAll(_informers.Namespaces.Synced, _informers.ServiceAccounts.Synced, _maps.Synced).WaitAsync(ct).ConfigureAwait(false);
        await _queue.RunAsync(2, ReconcileAsync, (key, e) => LogFailed(_logger, key, e.Message), ct).ConfigureAwait(false);
        await maps.ConfigureAwait(false);
    }

    private void AddIf(bool relevant, ObjectMeta meta)
    {
        if (relevant)
        {
            _queue.Add(meta.Namespace!);
        }
    }

    private async Task<TimeSpan?> ReconcileAsync(string ns, CancellationToken ct)
    {
        if (_informers.Namespaces.Find(null, ns) is not { } live || live.Metadata.IsDeleting())
        {
            return null;
        }

        if (_informers.ServiceAccounts.Find(ns, DefaultAccount) is null)
        {
            await CreateAsync(new ServiceAccount { Metadata = new ObjectMeta { Name = DefaultAccount, Namespace = ns } }, ct).ConfigureAwait(false);
        }

        var data = new Dictionary<string, string>(StringComparer.Ordinal) { ["ca.crt"] = _caPem };
        if (_maps.Find(ns, RootCa) is not { } map)
        {
            await CreateAsync(new ConfigMap { Metadata = new ObjectMeta { Name = RootCa, Namespace = ns }, Data = data }, ct).ConfigureAwait(false);
        }
        else if (map.Data?.GetValueOrDefault("ca.crt") != _caPem)
        {
            await _client.PatchAsync(map.Ref(), KubePatch.Merge(new JsonObject { ["data"] = new JsonObject { ["ca.crt"] = _caPem } }), ct).ConfigureAwait(false);
        }

        return null;
    }

    private async Task CreateAsync<T>(T value, CancellationToken ct) where T : class, IKubeObject<T>
    {
        try
        {
            await _client.CreateAsync(value, ct).ConfigureAwait(false);
        }
        catch (KubeException e) when (e.IsAlreadyExists || e.IsNotFound || e.Code == 403)
        {
            // There already, or the namespace is going.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "defaults of namespace {Namespace}: {Problem}")]
    private static partial void LogFailed(ILogger logger, string @namespace, string problem);
}
