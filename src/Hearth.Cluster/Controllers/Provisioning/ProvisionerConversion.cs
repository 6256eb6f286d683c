using System.Text.Json.Nodes;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Events;
using Hearth.Kube.Informers;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Karpenter.Versions;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.Controllers.Provisioning;

/// <summary>
/// Keeps the NodePool of each v1alpha5 Provisioner and the EC2NodeClass of each AWSNodeTemplate as those objects say (<see cref="V1Alpha5"/>). They belong to their source: a
/// deleted Provisioner takes its pool and nodes with it. A pool of that name that somebody else made is left alone.
/// </summary>
public sealed partial class ProvisionerConversion
{
    private static readonly ResourceType Provisioners = new("karpenter.sh", "v1alpha5", "provisioners", "Provisioner", false);
    private static readonly ResourceType Templates = new("karpenter.k8s.aws", "v1alpha1", "awsnodetemplates", "AWSNodeTemplate", false);
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(250);
    private readonly IKubeClient _client;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly EventRecorder _events;
    private readonly WorkQueue _queue;

    /// <summary><see cref="RunAsync"/> starts.</summary>
    public ProvisionerConversion(IKubeClient client, TimeProvider time, ILogger logger)
    {
        (_client, _time, _logger) = (client, time, logger);
        _events = new EventRecorder(client, "karpenter", null, time);
        _queue = new WorkQueue(time);
    }

    /// <summary>Works until cancelled.</summary>
    public Task RunAsync(CancellationToken ct) => Task.WhenAll(
        WatchAsync(Provisioners, ct), WatchAsync(Templates, ct), _queue.RunAsync(1, ReconcileAsync, (key, e) => LogFailed(_logger, key, e.Message), ct));

    private async Task WatchAsync(ResourceType type, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await foreach (var change in _client.WatchAsync(type, null, new WatchOptions(), ct).ConfigureAwait(false))
                {
                    if (change.Type is WatchEventType.Added or WatchEventType.Modified)
                    {
                        _queue.Add($"{type.Plural}/{(string?)change.Object["metadata"]?["name"]}");
                    }
                }
            }
            catch (Exception e) when (e is KubeException or HttpRequestException or IOException)
            {
                await Task.Delay(Again, _time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<TimeSpan?> ReconcileAsync(string key, CancellationToken ct)
    {
        var parts = key.Split('/', 2);
        var type = parts[0] == Provisioners.Plural ? Provisioners : Templates;
        JsonObject source;
        try
        {
            source = await _client.GetAsync(new ObjectRef(type, null, parts[1]), ct).ConfigureAwait(false);
        }
        catch (KubeException e) when (e.IsNotFound)
        {
            return null;
        }

        if (source["metadata"]?["deletionTimestamp"] is not null)
        {
            return null;
        }

        try
        {
            var problem = await ConvertAsync(type, source, ct).ConfigureAwait(false);
            await SayAsync(type, source, problem, ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is KubeException { Code: 400 or 422 } or InvalidOperationException or FormatException)
        {
            await SayAsync(type, source, e.Message, ct).ConfigureAwait(false); // the object says something that v1 does not take
        }

        return null;
    }

    private async Task<string?> ConvertAsync(ResourceType type, JsonObject source, CancellationToken ct)
    {
        if (type == Templates)
        {
            return await ApplyAsync(Ec2NodeClass.Type, V1Alpha5.NodeClass(source), type, source, ct).ConfigureAwait(false);
        }

        var problem = V1Alpha5.InlineClass(source) is { } inline ? await ApplyAsync(Ec2NodeClass.Type, inline, type, source, ct).ConfigureAwait(false) : null;
        return problem ?? await ApplyAsync(NodePool.Type, V1Alpha5.NodePool(source), type, source, ct).ConfigureAwait(false);
    }

    /// <summary>Creates or updates what a source means; answers why not when the name is somebody else's.</summary>
    private async Task<string?> ApplyAsync(ResourceType type, JsonObject wanted, ResourceType sourceType, JsonObject source, CancellationToken ct)
    {
        var target = new ObjectRef(type, null, (string)wanted["metadata"]!["name"]!);
        var uid = (string?)source["metadata"]!["uid"];
        wanted["metadata"]!["ownerReferences"] = new JsonArray(new JsonObject
        {
            ["apiVersion"] = sourceType.ApiVersion, ["kind"] = sourceType.Kind, ["name"] = (string?)source["metadata"]!["name"], ["uid"] = uid,
        });
        try
        {
            await _client.CreateAsync(type, null, wanted, ct).ConfigureAwait(false);
            return null;
        }
        catch (KubeException e) when (e.IsAlreadyExists)
        {
            var known = await _client.GetAsync(target, ct).ConfigureAwait(false);
            if (known["metadata"]?["ownerReferences"] is not JsonArray owners || !owners.Any(o => (string?)o?["uid"] == uid))
            {
                return $"{type.Kind} \"{target.Name}\" exists and does not belong to this {sourceType.Kind}: it is left as it is";
            }

            known["spec"] = wanted["spec"]!.DeepClone();
            await _client.ReplaceAsync(target, known, null, ct).ConfigureAwait(false);
            return null;
        }
    }

    private async Task SayAsync(ResourceType type, JsonObject source, string? problem, CancellationToken ct)
    {
        var about = new ObjectReference
        {
            ApiVersion = type.ApiVersion, Kind = type.Kind, Name = (string?)source["metadata"]!["name"], Uid = (string?)source["metadata"]!["uid"],
        };
        foreach (var lost in V1Alpha5.Lost(source))
        {
            await _events.RecordAsync(about, new EventText("FieldNotConverted", lost, Warning: true), ct).ConfigureAwait(false);
        }

        if (problem is not null)
        {
            await _events.RecordAsync(about, new EventText("NotConverted", problem, Warning: true), ct).ConfigureAwait(false);
        }

        var status = problem is null ? "True" : "False";
        if ((string?)source["status"]?["conditions"]?[0]?["status"] == status && (string?)source["status"]?["conditions"]?[0]?["message"] == (problem ?? ""))
        {
            return;
        }

        var conditions = Conditions.With(null, _time.GetUtcNow(), "Active", status, problem is null ? "Converted" : "NotConverted", problem).ToJson();
        await _client.PatchAsync(new ObjectRef(type, null, about.Name!), KubePatch.Status(new JsonObject { ["conditions"] = conditions }), ct).ConfigureAwait(false);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "conversion of {Key}: {Problem}")]
    private static partial void LogFailed(ILogger logger, string key, string problem);
}
