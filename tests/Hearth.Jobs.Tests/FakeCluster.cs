using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Hearth.Kube.Client;
using Hearth.Kube.Objects;
using Hearth.Kube.Patches;
using Hearth.Kube.Selectors;

namespace Hearth.Jobs.Tests;

/// <summary>A cluster in memory: stores, selects, watches, honours finalizers and owner references; runs nothing.</summary>
internal sealed class FakeCluster(TimeProvider time) : IKubeClient
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, JsonObject> _objects = new(StringComparer.Ordinal);
    private readonly List<(string Prefix, string? Selector, Channel<WatchEvent> Channel)> _watches = [];
    private long _version = 1;

    /// <summary>Logs by <c>ns/pod</c>; a log ends when the text is set.</summary>
    public ConcurrentDictionary<string, string> Logs { get; } = new(StringComparer.Ordinal);

    /// <summary>How a log was asked for last.</summary>
    public LogOptions? AskedLog { get; private set; }

    /// <summary>Refuses creations, as quotas and validation do.</summary>
    public Func<ResourceType, JsonObject, KubeException?> Refuses { get; set; } = (_, _) => null;

    /// <summary>Every patch and write, for tests that count them.</summary>
    public int Writes { get; private set; }

    public Task<JsonObject> GetAsync(ObjectRef target, CancellationToken ct)
    {
        lock (_lock)
        {
            return Task.FromResult((JsonObject)Find(target).DeepClone());
        }
    }

    /// <summary>How often each kind was listed.</summary>
    public ConcurrentDictionary<string, int> Lists { get; } = new(StringComparer.Ordinal);

    public Task<KubeList> ListAsync(ResourceType type, string? ns, ListOptions options, CancellationToken ct)
    {
        Lists.AddOrUpdate(type.Kind, 1, (_, n) => n + 1);
        var selector = LabelSelector.Parse(options.LabelSelector);
        lock (_lock)
        {
            var prefix = Prefix(type, ns);
            JsonObject[] items = [.. _objects.Where(o => o.Key.StartsWith(prefix, StringComparison.Ordinal) && selector.Matches(Labels(o.Value))).Select(o => (JsonObject)o.Value.DeepClone())];
            return Task.FromResult(new KubeList(items, _version.ToString(), null));
        }
    }

    public Task<JsonObject> CreateAsync(ResourceType type, string? ns, JsonObject body, CancellationToken ct)
    {
        if (Refuses(type, body) is { } refusal)
        {
            return Task.FromException<JsonObject>(refusal);
        }

        lock (_lock)
        {
            var value = (JsonObject)body.DeepClone();
            var metadata = value["metadata"]!.AsObject();
            metadata["name"] ??= metadata["generateName"] + Guid.NewGuid().ToString("N")[..5];
            var key = Key(type, type.Namespaced ? ns : null, metadata["name"]!.ToString());
            if (_objects.ContainsKey(key))
            {
                throw new KubeException(409, "AlreadyExists", $"{type.GroupResource} \"{metadata["name"]}\" already exists");
            }

            value["apiVersion"] = type.ApiVersion;
            value["kind"] = type.Kind;
            if (type.Namespaced)
            {
                metadata["namespace"] = ns;
            }

            metadata["uid"] = Guid.NewGuid().ToString();
            metadata["creationTimestamp"] = KubeTimeConverter.ToText(time.GetUtcNow());
            value.Remove("status");
            if (type.Kind == "Pod")
            {
                value["status"] = new JsonObject { ["phase"] = "Pending" };
            }

            Put(key, value, WatchEventType.Added);
            return Task.FromResult((JsonObject)value.DeepClone());
        }
    }

    public Task<JsonObject> ReplaceAsync(ObjectRef target, JsonObject body, string? subresource, CancellationToken ct) => throw new NotSupportedException();

    public Task<JsonObject> PatchAsync(ObjectRef target, KubePatch patch, CancellationToken ct)
    {
        patch.Type.ShouldBe(PatchType.Merge);
        lock (_lock)
        {
            var old = Find(target);
            var body = (JsonObject)patch.Body.DeepClone();
            if (patch.Subresource == "status")
            {
                body = new JsonObject { ["status"] = body["status"]?.DeepClone() };
            }
            else if (target.Type.Group == "emr.hearth.dev")
            {
                body.Remove("status");
            }

            var value = (JsonObject)MergePatch.Apply((JsonObject)old.DeepClone(), body)!;
            if (JsonNode.DeepEquals(value, old))
            {
                return Task.FromResult(value);
            }

            var key = Key(target.Type, target.Namespace, target.Name);
            if (value["metadata"]!["deletionTimestamp"] is not null && value["metadata"]!["finalizers"] is not JsonArray { Count: > 0 })
            {
                Remove(key, value);
            }
            else
            {
                Put(key, value, WatchEventType.Modified);
            }

            return Task.FromResult((JsonObject)value.DeepClone());
        }
    }

    public Task DeleteAsync(ObjectRef target, DeleteOptions options, CancellationToken ct)
    {
        lock (_lock)
        {
            var key = Key(target.Type, target.Namespace, target.Name);
            var value = Find(target);
            if (value["metadata"]!["finalizers"] is JsonArray { Count: > 0 })
            {
                value = (JsonObject)value.DeepClone();
                value["metadata"]!["deletionTimestamp"] = KubeTimeConverter.ToText(time.GetUtcNow());
                Put(key, value, WatchEventType.Modified);
            }
            else
            {
                Remove(key, value);
            }

            return Task.CompletedTask;
        }
    }

    public Task<JsonObject> PostAsync(ObjectRef target, string subresource, JsonObject body, CancellationToken ct) => throw new NotSupportedException();

    public async IAsyncEnumerable<WatchEvent> WatchAsync(ResourceType type, string? ns, WatchOptions options, [EnumeratorCancellation] CancellationToken ct)
    {
        var channel = Channel.CreateUnbounded<WatchEvent>();
        lock (_lock)
        {
            // What changed between the list and this watch is shown again as it is now; informers do not mind.
            var selector = LabelSelector.Parse(options.LabelSelector);
            foreach (var (key, value) in _objects.Where(o => o.Key.StartsWith(Prefix(type, ns), StringComparison.Ordinal) && selector.Matches(Labels(o.Value))))
            {
                channel.Writer.TryWrite(new WatchEvent(WatchEventType.Added, (JsonObject)value.DeepClone()));
            }

            _watches.Add((Prefix(type, ns), options.LabelSelector, channel));
        }

        await foreach (var change in channel.Reader.ReadAllAsync(ct))
        {
            yield return change;
        }
    }

    public Task<Stream> LogAsync(string ns, string pod, LogOptions options, CancellationToken ct)
    {
        AskedLog = options;
        if (!Logs.TryGetValue($"{ns}/{pod}", out var text))
        {
            throw new KubeException(400, "BadRequest", $"container in pod \"{pod}\" is waiting to start");
        }

        if (options.Stream == "Stderr")
        {
            text = Logs.GetValueOrDefault($"{ns}/{pod}/stderr", "");
        }

        return Task.FromResult<Stream>(new MemoryStream(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>Sets the status of an object, as its own component would.</summary>
    public Task StatusAsync<T>(string ns, string name, string json) where T : class, IKubeObject<T> =>
        PatchAsync(new ObjectRef(T.Type, ns, name), KubePatch.Status((JsonObject)JsonNode.Parse(json)!), CancellationToken.None);

    private static string Prefix(ResourceType type, string? ns) => ns is null ? $"{type.GroupResource}|" : $"{type.GroupResource}|{ns}|";

    private static string Key(ResourceType type, string? ns, string name) => $"{type.GroupResource}|{(type.Namespaced ? ns + "|" : "")}{name}";

    private static Dictionary<string, string> Labels(JsonObject value) =>
        (value["metadata"]!["labels"] as JsonObject ?? []).ToDictionary(l => l.Key, l => l.Value!.ToString(), StringComparer.Ordinal);

    private JsonObject Find(ObjectRef target) => _objects.TryGetValue(Key(target.Type, target.Namespace, target.Name), out var value)
        ? value
        : throw new KubeException(404, "NotFound", $"{target.Type.GroupResource} \"{target.Name}\" not found");

    private void Put(string key, JsonObject value, WatchEventType type)
    {
        Writes++;
        value["metadata"]!["resourceVersion"] = (++_version).ToString();
        _objects[key] = value;
        Tell(key, value, type);
    }

    private void Remove(string key, JsonObject value)
    {
        _objects.Remove(key);
        Tell(key, value, WatchEventType.Deleted);
        var uid = value["metadata"]!["uid"]!.ToString();
        foreach (var (owned, dependent) in _objects.ToArray())
        {
            if ((dependent["metadata"]!["ownerReferences"] as JsonArray)?.Any(o => o!["uid"]!.ToString() == uid) == true && _objects.ContainsKey(owned))
            {
                Remove(owned, dependent);
            }
        }
    }

    private void Tell(string key, JsonObject value, WatchEventType type)
    {
        foreach (var (prefix, selector, channel) in _watches)
        {
            if (key.StartsWith(prefix, StringComparison.Ordinal) && LabelSelector.Parse(selector).Matches(Labels(value)))
            {
                channel.Writer.TryWrite(new WatchEvent(type, (JsonObject)value.DeepClone()));
            }
        }
    }
}
