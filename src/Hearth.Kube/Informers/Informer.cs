using System.Collections.Immutable;
using Hearth.Kube.Client;
using Hearth.Kube.Objects;

namespace Hearth.Kube.Informers;

/// <summary>
/// Keeps a local copy of a collection current by list and watch, and tells a controller what changed. The copy is an immutable
/// snapshot, so a decision reads one consistent state. Lists again when the server no longer holds the version it watched from.
/// </summary>
/// <typeparam name="T">Typed view of the collection's objects.</typeparam>
public sealed class Informer<T>(IKubeClient client, string? ns = null, string? labelSelector = null, TimeProvider? time = null)
    where T : class, IKubeObject<T>
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(250);
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ImmutableDictionary<string, T> _items = ImmutableDictionary<string, T>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>Called after each change of <see cref="Items"/>, on the informer's own task: keep it short (wake a queue).</summary>
    public event Action<WatchEventType, T>? Changed;

    /// <summary>Completes when the first list has arrived.</summary>
    public Task Synced => _synced.Task;

    /// <summary>The present copy, by <c>namespace/name</c> (or name, for cluster-scoped kinds).</summary>
    public ImmutableDictionary<string, T> Items => Volatile.Read(ref _items);

    /// <summary>One object of the copy, or null.</summary>
    public T? Find(string? itemNamespace, string name) => Items.GetValueOrDefault(Key(itemNamespace, name));

    /// <summary>Lists, watches and repeats until cancelled; survives failures of the server by trying again.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                var version = await ListAsync(ct).ConfigureAwait(false);
                _synced.TrySetResult();
                await WatchAsync(version, ct).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e) when (e is KubeException or HttpRequestException or IOException)
            {
                await Task.Delay(RetryDelay, _time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        _synced.TrySetCanceled(ct);
    }

    private static string Key(string? itemNamespace, string name) => string.IsNullOrEmpty(itemNamespace) ? name : $"{itemNamespace}/{name}";

    private static string Key(T item) => Key(item.Metadata.Namespace, item.Metadata.Name!);

    private async Task<string> ListAsync(CancellationToken ct)
    {
        var list = await client.ListAsync(T.Type, ns, new ListOptions { LabelSelector = labelSelector }, ct).ConfigureAwait(false);
        var fresh = list.Items.Select(KubeJson.Read<T>).ToDictionary(Key, StringComparer.Ordinal);
        foreach (var (key, gone) in Items.Where(i => !fresh.ContainsKey(i.Key)))
        {
            Apply(WatchEventType.Deleted, key, gone);
        }

        foreach (var (key, item) in fresh)
        {
            var known = Items.GetValueOrDefault(key);
            if (known?.Metadata.ResourceVersion != item.Metadata.ResourceVersion)
            {
                Apply(known is null ? WatchEventType.Added : WatchEventType.Modified, key, item);
            }
        }

        return list.ResourceVersion;
    }

    private async Task WatchAsync(string version, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var options = new WatchOptions { LabelSelector = labelSelector, ResourceVersion = version };
            await foreach (var change in client.WatchAsync(T.Type, ns, options, ct).ConfigureAwait(false))
            {
                version = change.Object["metadata"]?["resourceVersion"]?.GetValue<string>() ?? version;
                if (change.Type != WatchEventType.Bookmark)
                {
                    var item = KubeJson.Read<T>(change.Object);
                    Apply(change.Type, Key(item), item);
                }
            }
        }
    }

    private void Apply(WatchEventType type, string key, T item)
    {
        Volatile.Write(ref _items, type == WatchEventType.Deleted ? Items.Remove(key) : Items.SetItem(key, item));
        Changed?.Invoke(type, item);
    }
}
