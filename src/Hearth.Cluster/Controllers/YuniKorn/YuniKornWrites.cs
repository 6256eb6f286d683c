using System.Text.Json.Nodes;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Events;
using Hearth.Kube.Objects;
using Hearth.Scheduling.YuniKorn;
using Hearth.Scheduling.YuniKorn.Shim;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.Controllers.YuniKorn;

/// <summary>Carries out what YuniKorn decided. Writes about one pod keep their order; those about different pods go side by side.</summary>
internal sealed partial class YuniKornWrites
{
    private const int Lanes = 16;
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly IKubeClient _client;
    private readonly ClusterInformers _informers;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly EventRecorder _events;
    private readonly BackgroundWrites _writes;

    public YuniKornWrites(IKubeClient client, ClusterInformers informers, TimeProvider time, ILogger logger)
    {
        (_client, _informers, _time, _logger) = (client, informers, time, logger);
        _events = new EventRecorder(client, YuniKornNames.Scheduler, null, time);
        _writes = new BackgroundWrites(Lanes, logger);
    }

    public Task RunAsync(CancellationToken ct) => _writes.RunAsync(ct);

    /// <summary>Has an action done.</summary>
    /// <param name="action">What.</param>
    /// <param name="notBound">Told the key of a pod that could not be bound, after a moment.</param>
    /// <param name="notCreated">Told application, key and problem of a placeholder that could not be created.</param>
    public void Do(ShimAction action, Action<string> notBound, Action<string, string, string> notCreated)
    {
        switch (action)
        {
            case CreatePod create:
                _writes.Post(create.Key, ct => CreateAsync(create, notCreated, ct));
                break;
            case DeletePod delete:
                Post(delete.Pod, ct => _client.DeleteIfExistsAsync(
                    delete.Pod.Ref(), new DeleteOptions { GracePeriodSeconds = delete.Now ? 0 : null, Uid = delete.Pod.Metadata.Uid }, ct));
                break;
            case BindPod bind:
                Post(bind.Pod, ct => BindAsync(bind, notBound, ct));
                break;
            case FailPod fail:
                Post(fail.Pod, ct => _client.PatchAsync(fail.Pod.Ref(), KubePatch.Status(new JsonObject
                {
                    ["phase"] = "Failed", ["reason"] = fail.Reason, ["message"] = fail.Message, ["conditions"] = null,
                }), ct));
                break;
            case MarkPod mark:
                Post(mark.Pod, ct => MarkAsync(mark, ct));
                break;
            case RecordEvent text:
                Post(text.Pod, ct => _events.RecordAsync(text.Pod, new EventText(text.Reason, text.Message, text.Warning) { Action = text.Action }, ct));
                break;
            default:
                throw new InvalidOperationException($"unknown action {action.GetType().Name}");
        }
    }

    private void Post(Pod pod, Func<CancellationToken, Task> write) => _writes.Post(pod.Metadata.Key(), write);

    private async Task CreateAsync(CreatePod create, Action<string, string, string> notCreated, CancellationToken ct)
    {
        try
        {
            await _client.CreateAsync(Pod.Type, create.Body["metadata"]!["namespace"]!.GetValue<string>(), create.Body, ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is KubeException or HttpRequestException or IOException)
        {
            LogNotCreated(_logger, create.Key, e.Message);
            notCreated(create.ApplicationId, create.Key, e.Message);
        }
    }

    private async Task BindAsync(BindPod bind, Action<string> notBound, CancellationToken ct)
    {
        var body = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Binding",
            ["metadata"] = new JsonObject { ["name"] = bind.Pod.Metadata.Name, ["namespace"] = bind.Pod.Metadata.Namespace, ["uid"] = bind.Pod.Metadata.Uid },
            ["target"] = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Node", ["name"] = bind.Node },
        };
        try
        {
            await _client.PostAsync(bind.Pod.Ref(), "binding", body, ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is KubeException or HttpRequestException or IOException)
        {
            LogNotBound(_logger, bind.Pod.Metadata.Key(), bind.Node, e.Message);
            await _events.RecordAsync(bind.Pod, new EventText("PodBindFailed", $"Application pod {bind.Pod.Metadata.Key()} bind failed: {e.Message}", Warning: true), ct).ConfigureAwait(false);
            await Task.Delay(Retry, _time, ct).ConfigureAwait(false);
            notBound(bind.Pod.Metadata.Key());
        }
    }

    /// <summary>A pod that has been bound meanwhile keeps its condition.</summary>
    private async Task MarkAsync(MarkPod mark, CancellationToken ct)
    {
        var pod = _informers.Pods.Find(mark.Pod.Metadata.Namespace, mark.Pod.Metadata.Name!) ?? mark.Pod;
        if (string.IsNullOrEmpty(pod.Spec?.NodeName) && !pod.IsFinished())
        {
            var conditions = (pod.Status?.Conditions).With(_time.GetUtcNow(), "PodScheduled", "False", mark.Reason, mark.Message);
            await _client.PatchAsync(pod.Ref(), KubePatch.Status(new JsonObject { ["conditions"] = conditions.ToJson() }), ct).ConfigureAwait(false);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Pod} could not be bound to {Node}: {Problem}")]
    private static partial void LogNotBound(ILogger logger, string pod, string node, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "placeholder {Pod} could not be created: {Problem}")]
    private static partial void LogNotCreated(ILogger logger, string pod, string problem);
}
