using System.Collections.Concurrent;
using Hearth.Cluster.Nodes.Cgroups;
using Hearth.Cluster.Nodes.Containers;
using Hearth.Cluster.Nodes.Images;
using Hearth.Cluster.Nodes.Pods;
using Hearth.Cluster.Nodes.Sandbox;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Events;
using Hearth.Kube.Informers;
using Hearth.Kube.Objects;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.Nodes;

/// <summary>
/// The kubelet of every simulated node: runs the pods bound to them as sandboxed processes of this machine, reports their status and
/// ends them when they are deleted.
/// </summary>
public sealed partial class NodeAgent : IAsyncDisposable
{
    private readonly NodeServices _services;
    private readonly ILogger _logger;
    private readonly ProcessStarter _starter = new();
    private readonly Informer<Pod> _pods;
    private readonly WorkQueue _queue;
    private readonly ConcurrentDictionary<string, PodWorker> _workers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, EventRecorder> _recorders = new(StringComparer.Ordinal);

    /// <summary>Makes an agent; <see cref="RunAsync"/> starts it.</summary>
    public NodeAgent(IKubeClient client, NodeAgentOptions options, ISandbox sandbox, ILimiter limiter, IImageResolver images, TimeProvider time, ILogger logger)
    {
        _services = new NodeServices(client, options, sandbox, limiter, images, _starter, new PodAddresses(), time);
        _logger = logger;
        _pods = new Informer<Pod>(client, time: time);
        _queue = new WorkQueue(time);
        _pods.Changed += OnChanged;
    }

    /// <summary>Runs pods until cancelled; then every container is ended at once.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var informer = _pods.RunAsync(ct);
        try
        {
            await _queue.RunAsync(8, ReconcileAsync, (key, e) => LogFailed(_logger, key, e.Message), ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The platform stops.
        }

        await Task.WhenAll(_workers.Values.Select(w => w.StopAsync(TimeSpan.Zero))).ConfigureAwait(false);
        await informer.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _queue.Dispose();
        _starter.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Starts processes that belong to containers.</summary>
    internal ProcessStarter Starter => _starter;

    /// <summary>The worker that runs a pod, or null.</summary>
    internal PodWorker? Worker(Pod pod) => _workers.GetValueOrDefault(pod.Metadata.Uid!);

    private static string Key(Pod pod) => $"{pod.Metadata.Namespace}/{pod.Metadata.Name}/{pod.Metadata.Uid}";

    private void OnChanged(WatchEventType type, Pod pod)
    {
        if (pod.Spec?.NodeName is not null)
        {
            _queue.Add(Key(pod));
        }
    }

    private async Task<TimeSpan?> ReconcileAsync(string key, CancellationToken ct)
    {
        var parts = key.Split('/');
        var pod = _pods.Find(parts[0], parts[1]);
        var uid = parts[2];
        if (pod?.Metadata.Uid != uid)
        {
            Forget(uid);
            return null;
        }

        if (pod.Metadata.DeletionTimestamp is not null)
        {
            // Ending takes as long as the grace: not on the queue's time.
            _ = EndAsync(pod, ct);
            return null;
        }

        if (pod.Status?.Phase is not ("Succeeded" or "Failed") && !_workers.ContainsKey(uid))
        {
            await StartAsync(pod, ct).ConfigureAwait(false);
        }

        return null;
    }

    private async Task StartAsync(Pod pod, CancellationToken ct)
    {
        var node = await _services.Client.FindAsync<Node>(null, pod.Spec!.NodeName!, ct).ConfigureAwait(false);
        var host = node?.Status?.Addresses?.FirstOrDefault(a => a.Type == "InternalIP")?.Address;
        var recorder = _recorders.GetOrAdd(pod.Spec.NodeName!, n => new EventRecorder(_services.Client, "kubelet", n, _services.Time));
        LogStarting(_logger, pod.Metadata.Namespace!, pod.Metadata.Name!, pod.Spec.NodeName!);
        _workers[pod.Metadata.Uid!] = new PodWorker(_services, pod, host, recorder);
    }

    private async Task EndAsync(Pod pod, CancellationToken ct)
    {
        try
        {
            if (_workers.TryGetValue(pod.Metadata.Uid!, out var worker))
            {
                await worker.StopAsync(TimeSpan.FromSeconds(pod.Metadata.DeletionGracePeriodSeconds ?? 30)).ConfigureAwait(false);
            }

            var options = new DeleteOptions { GracePeriodSeconds = 0, Uid = pod.Metadata.Uid };
            await _services.Client.DeleteIfExistsAsync(pod.Ref(), options, ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is KubeException or HttpRequestException or IOException)
        {
            LogFailed(_logger, Key(pod), e.Message);
            _queue.AddAfter(Key(pod), TimeSpan.FromSeconds(1));
        }
        catch (OperationCanceledException)
        {
            // The platform stops; the pod is ended when it starts again.
        }
    }

    private void Forget(string uid)
    {
        if (_workers.TryRemove(uid, out var worker))
        {
            _ = ForgetAsync(worker);
        }
    }

    private async Task ForgetAsync(PodWorker worker)
    {
        await worker.StopAsync(TimeSpan.Zero).ConfigureAwait(false);
        await Task.Delay(_services.Options.KeepDeletedPods, _services.Time, CancellationToken.None).ConfigureAwait(false);
        try
        {
            Directory.Delete(_services.Options.PodDirectory(worker.Pod), recursive: true);
        }
        catch (IOException)
        {
            // Never made, or somebody still reads a log: it goes when the data directory goes.
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "starting pod {Namespace}/{Pod} on {Node}")]
    private static partial void LogStarting(ILogger logger, string @namespace, string pod, string node);

    [LoggerMessage(Level = LogLevel.Warning, Message = "pod {Key}: {Problem}")]
    private static partial void LogFailed(ILogger logger, string key, string problem);
}
