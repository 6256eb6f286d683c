using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Auth;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Registry;
using Hearth.Kube.Client;
using Hearth.Kube.Objects;

namespace Hearth.Cluster.ApiServer.InProcess;

/// <summary>The API for parts of the platform in the same process: one identity, every rule, no HTTP.</summary>
internal sealed class InProcessKubeClient(ApiCore core, UserInfo user) : IKubeClient
{
    public Task<JsonObject> GetAsync(ObjectRef target, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var definition = Require(target.Type, "get", target.Namespace, target.Name);
        return core.Actions.Virtual(definition) is { } computed
            ? computed.GetAsync(target.Namespace, target.Name, ct)
            : Task.FromResult(core.Reader.Get(definition, target.Namespace, target.Name).ToTree());
    }

    public async Task<KubeList> ListAsync(ResourceType type, string? ns, ListOptions options, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var definition = Require(type, "list", ns, null);
        if (core.Actions.Virtual(definition) is { } computed)
        {
            return new KubeList(await computed.ListAsync(ns, ct).ConfigureAwait(false), JsonTree.Text(core.Reader.Revision), null);
        }

        var page = core.Reader.List(definition, ns, new ListQuery
        {
            LabelSelector = options.LabelSelector,
            FieldSelector = options.FieldSelector,
            Limit = options.Limit,
            Continue = options.Continue,
        });
        return new KubeList([.. page.Items.Select(i => i.ToTree())], JsonTree.Text(page.Revision), page.Continue);
    }

    public async Task<JsonObject> CreateAsync(ResourceType type, string? ns, JsonObject body, CancellationToken ct)
    {
        var definition = Require(type, "create", ns, null);
        var tree = (JsonObject)JsonTree.Normalize(body);
        if (core.Actions.Virtual(definition) is { } computed)
        {
            return await computed.CreateAsync(Call(null), ns, tree, ct).ConfigureAwait(false);
        }

        return (await core.Creator.CreateAsync(Call(null), definition, ns, tree, ct).ConfigureAwait(false)).ToTree();
    }

    public async Task<JsonObject> ReplaceAsync(ObjectRef target, JsonObject body, string? subresource, CancellationToken ct)
    {
        var definition = Require(target.Type, "update", target.Namespace, target.Name, subresource);
        var result = await core.Writes.ReplaceAsync(Call(null), definition, target.Namespace, target.Name, subresource, body, ct).ConfigureAwait(false);
        return result.Body;
    }

    public async Task<JsonObject> PatchAsync(ObjectRef target, KubePatch patch, CancellationToken ct)
    {
        var definition = Require(target.Type, "patch", target.Namespace, target.Name, patch.Subresource);
        var result = await core.Writes.PatchAsync(Call(patch.FieldManager), definition, target.Namespace, target.Name, patch, ct).ConfigureAwait(false);
        return result.Body;
    }

    public async Task DeleteAsync(ObjectRef target, DeleteOptions options, CancellationToken ct)
    {
        var definition = Require(target.Type, "delete", target.Namespace, target.Name);
        await core.Remover.DeleteAsync(Call(null), definition, target.Namespace, target.Name, new RemoveOptions
        {
            GracePeriodSeconds = options.GracePeriodSeconds,
            PropagationPolicy = options.PropagationPolicy,
            Uid = options.Uid,
        }, ct).ConfigureAwait(false);
    }

    public Task<JsonObject> PostAsync(ObjectRef target, string subresource, JsonObject body, CancellationToken ct)
    {
        var definition = Require(target.Type, "create", target.Namespace, target.Name, subresource);
        var action = core.Actions.Action(definition, subresource) ?? throw ApiErrors.NoSuchPath();
        return action.PostAsync(Call(null), target.Namespace, target.Name, (JsonObject)JsonTree.Normalize(body), ct);
    }

    public async IAsyncEnumerable<WatchEvent> WatchAsync(
        ResourceType type, string? ns, WatchOptions options, [EnumeratorCancellation] CancellationToken ct)
    {
        var definition = Require(type, "watch", ns, null);
        using var watch = core.Reader.Watch(definition, ns, new WatchQuery
        {
            LabelSelector = options.LabelSelector,
            FieldSelector = options.FieldSelector,
            ResourceVersion = options.ResourceVersion,
        });
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await using var timer = core.Time.CreateTimer(_ => limit.Cancel(), null, Duration(options.TimeoutSeconds), Timeout.InfiniteTimeSpan);
        while (await NextAsync(watch, limit.Token, ct).ConfigureAwait(false) is { } events)
        {
            foreach (var change in events)
            {
                yield return new WatchEvent(change.Type, change.Object.ToTree());
            }
        }
    }

    public Task<Stream> LogAsync(string ns, string pod, LogOptions options, CancellationToken ct)
    {
        Require(Hearth.Kube.Core.Pod.Type, "get", ns, pod, "log");
        return core.Logs.OpenAsync(ns, pod, options, ct);
    }

    private static TimeSpan Duration(int? seconds) => seconds is > 0 ? TimeSpan.FromSeconds(seconds.Value) : Timeout.InfiniteTimeSpan;

    private static async ValueTask<IReadOnlyList<ObjectEvent>?> NextAsync(ObjectWatch watch, CancellationToken limit, CancellationToken ct)
    {
        try
        {
            return await watch.ReadAsync(limit).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return null;
        }
    }

    private ApiCall Call(string? manager) => new(user) { FieldManager = manager };

    private ResourceDefinition Require(ResourceType type, string verb, string? ns, string? name, string? subresource = null)
    {
        var definition = core.Find(type.Group, type.Version, type.Plural) ?? throw ApiErrors.NoSuchPath();
        core.Access.Require(user, new AccessRequest(verb, type.Group, type.Plural, subresource, definition.Type.Namespaced ? ns : null, name));
        return definition;
    }
}
