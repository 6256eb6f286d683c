using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Events;
using Hearth.Kube.Informers;
using Hearth.Kube.Objects;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.Controllers.Workloads;

/// <summary>
/// What controllers that keep pods have in common: they look at an owner when it or one of its pods changes, create pods so that none is created twice, and say what they did.
/// </summary>
/// <typeparam name="TOwner">The kind that owns pods.</typeparam>
/// <typeparam name="TBook">What is known of the pods of one owner.</typeparam>
public abstract partial class PodOwnerController<TOwner, TBook>
    where TOwner : class, IKubeObject<TOwner>
    where TBook : PodBook, new()
{
    private readonly ConcurrentDictionary<string, TBook> _books = new(StringComparer.Ordinal);
    private readonly Task _podsSynced;
    private readonly WorkQueue _queue;
    private readonly ILogger _logger;

    /// <summary>Subscribes; <see cref="RunAsync"/> starts.</summary>
    /// <param name="component">Name in events, for example <c>job-controller</c>.</param>
    /// <param name="client">To the API.</param>
    /// <param name="informers">Shared copies.</param>
    /// <param name="owners">Of the kind; whoever made it runs it.</param>
    /// <param name="time">Clock.</param>
    /// <param name="logger">For what fails.</param>
    protected PodOwnerController(string component, IKubeClient client, ClusterInformers informers, Informer<TOwner> owners, TimeProvider time, ILogger logger)
    {
        (Client, Owners, Time, _logger, _podsSynced) = (client, owners, time, logger, informers.Pods.Synced);
        Events = new EventRecorder(client, component, null, time);
        _queue = new WorkQueue(time);
        owners.Changed += OnOwner;
        informers.Pods.Changed += OnPod;
    }

    /// <summary>To the API.</summary>
    protected IKubeClient Client { get; }

    /// <summary>Owners as the watch shows them.</summary>
    protected Informer<TOwner> Owners { get; }

    /// <summary>Clock.</summary>
    protected TimeProvider Time { get; }

    /// <summary>Events about owners.</summary>
    protected EventRecorder Events { get; }

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        await Task.WhenAll(Owners.Synced, _podsSynced, ReadyAsync()).WaitAsync(ct).ConfigureAwait(false);
        LookAtAll();
        await _queue.RunAsync(4, ReconcileAsync, (key, e) => LogFailed(_logger, TOwner.Type.Kind, key, e.Message), ct).ConfigureAwait(false);
    }

    /// <summary>Does what is to be done for one owner, which is not being deleted; when to look again by the time alone, or null.</summary>
    protected abstract Task<TimeSpan?> ReconcileAsync(TOwner owner, TBook book, CancellationToken ct);

    /// <summary>Completes when everything else that decisions need is there.</summary>
    protected virtual Task ReadyAsync() => Task.CompletedTask;

    /// <summary>What the event about a created pod says, or about one that could not be.</summary>
    protected virtual string Created(TOwner owner, string pod, string? problem) => problem is null ? $"Created pod: {pod}" : $"Error creating: {problem}";

    /// <summary>Looks at every owner again: something that concerns all of them has changed.</summary>
    protected void LookAtAll()
    {
        foreach (var owner in Owners.Items.Values)
        {
            _queue.Add(owner.Metadata.Key());
        }
    }

    /// <summary>Creates a pod that the book expects already.</summary>
    protected async Task CreateAsync(TOwner owner, TBook book, JsonObject pod, CancellationToken ct)
    {
        var name = pod["metadata"]!["name"]!.GetValue<string>();
        try
        {
            await Client.CreateAsync(Pod.Type, owner.Metadata.Namespace, pod, ct).ConfigureAwait(false);
        }
        catch (KubeException e)
        {
            book.Unexpect(name);
            await Events.RecordAsync(owner, new EventText("FailedCreate", Created(owner, name, e.Message), Warning: true), ct).ConfigureAwait(false);
            throw;
        }

        await Events.RecordAsync(owner, new EventText("SuccessfulCreate", Created(owner, name, null)), ct).ConfigureAwait(false);
    }

    private void OnOwner(WatchEventType type, TOwner owner)
    {
        if (type == WatchEventType.Deleted)
        {
            _books.TryRemove(owner.Metadata.Uid!, out _);
        }
        else
        {
            _queue.Add(owner.Metadata.Key());
        }
    }

    private void OnPod(WatchEventType type, Pod pod)
    {
        if (pod.Metadata.OwnerReferences?.FirstOrDefault(o => o.Controller == true && o.Kind == TOwner.Type.Kind) is { } owner)
        {
            Book(owner.Uid).Apply(type, pod);
            _queue.Add($"{pod.Metadata.Namespace}/{owner.Name}");
        }
    }

    private TBook Book(string uid) => _books.GetOrAdd(uid, static _ => new TBook());

    private async Task<TimeSpan?> ReconcileAsync(string key, CancellationToken ct)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);

        // Read afresh: the status that this controller wrote a moment ago may not have come back through the watch yet.
        var owner = await Client.FindAsync<TOwner>(key[..slash], key[(slash + 1)..], ct).ConfigureAwait(false);
        return owner is null || owner.Metadata.IsDeleting() ? null : await ReconcileAsync(owner, Book(owner.Metadata.Uid!), ct).ConfigureAwait(false);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Kind} {Owner}: {Problem}")]
    private static partial void LogFailed(ILogger logger, string kind, string owner, string problem);
}
