using System.Globalization;
using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Auth;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Registry;
using Hearth.Cluster.ApiServer.Streaming;
using Hearth.Kube.Client;
using Hearth.Kube.Objects;
using Microsoft.AspNetCore.Http;

namespace Hearth.Cluster.ApiServer.Http;

/// <summary>Requests about objects, already authorized.</summary>
internal sealed class ResourceHandler(ApiCore core, WatchHandler watches, LogHandler logs, StreamHandler streams)
{
    public Task HandleAsync(HttpContext context, UserInfo user, RequestInfo info, ResourceDefinition definition)
    {
        var ns = definition.Type.Namespaced ? info.Namespace : null;
        if (info.Subresource is { } subresource)
        {
            return SubresourceAsync(context, user, info, definition, ns, subresource);
        }

        RequireVerb(definition, info.Verb);
        return info.Verb switch
        {
            "get" => GetAsync(context, definition, ns, info.Name!),
            "list" => ListAsync(context, definition, ns),
            "watch" => watches.HandleAsync(context, definition, ns, info.IsCollection ? null : info.Name),
            "create" => CreateAsync(context, user, definition, ns),
            "update" => ReplaceAsync(context, user, definition, ns, info.Name!, null),
            "patch" => PatchAsync(context, user, definition, ns, info.Name!, null),
            "delete" => DeleteAsync(context, user, definition, ns, info.Name!),
            "deletecollection" => DeleteCollectionAsync(context, user, definition, ns),
            _ => throw ApiErrors.MethodNotAllowed(),
        };
    }

    private static void RequireVerb(ResourceDefinition definition, string verb)
    {
        if (!definition.Verbs.Contains(verb, StringComparer.Ordinal))
        {
            throw verb is "create" or "update" or "patch" or "delete" or "deletecollection" ? ApiErrors.MethodNotSupported(definition.Type, verb) : ApiErrors.MethodNotAllowed();
        }
    }

    private Task SubresourceAsync(HttpContext context, UserInfo user, RequestInfo info, ResourceDefinition definition, string? ns, string subresource)
    {
        var found = definition.FindSubresource(subresource) ?? throw Missing(definition, subresource);
        if (subresource == "log" && info.Verb == "get")
        {
            return logs.HandleAsync(context, ns!, info.Name!);
        }

        if (!found.Verbs.Contains(info.Verb, StringComparer.Ordinal))
        {
            throw ApiErrors.MethodNotAllowed();
        }

        if (StreamHandler.Serves(definition, subresource))
        {
            return streams.HandleAsync(context, subresource, ns!, info.Name!);
        }

        return info.Verb switch
        {
            "get" when subresource == "scale" => context.WriteTreeAsync(200, ScaleWrites.Read(definition, core.Reader.Get(definition, ns, info.Name!))),
            "get" => GetAsync(context, definition, ns, info.Name!),
            "update" => ReplaceAsync(context, user, definition, ns, info.Name!, subresource),
            "patch" => PatchAsync(context, user, definition, ns, info.Name!, subresource),
            "create" => ActAsync(context, user, definition, ns, info.Name!, subresource),
            _ => throw ApiErrors.MethodNotAllowed(),
        };
    }

    /// <summary>What other clusters have and this one lacks is named, with a way to go on.</summary>
    private static KubeException Missing(ResourceDefinition definition, string subresource)
    {
        var first = subresource.Split('/')[0];
        return definition.Type == Hearth.Kube.Core.Pod.Type && first == "proxy"
            ? new KubeException(501, "NotImplemented", "pods/proxy is not supported by this cluster; kubectl port-forward reaches a pod's ports")
            : ApiErrors.NoSuchPath();
    }

    private async Task GetAsync(HttpContext context, ResourceDefinition definition, string? ns, string name)
    {
        if (core.Actions.Virtual(definition) is { } computed)
        {
            await context.WriteTreeAsync(200, await computed.GetAsync(ns, name, context.RequestAborted));
            return;
        }

        await WriteAsync(context, definition, 200, core.Reader.Get(definition, ns, name));
    }

    private async Task ListAsync(HttpContext context, ResourceDefinition definition, string? ns)
    {
        var query = context.Request.Query;
        if (core.Actions.Virtual(definition) is { } computed)
        {
            await context.WriteTreeAsync(200, await ComputedListAsync(computed, definition, ns, context.RequestAborted));
            return;
        }

        if (query.ContainsKey("sendInitialEvents"))
        {
            var errors = new FieldErrors();
            errors.Forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list");
            throw ApiErrors.Invalid(new ResourceType("meta.k8s.io", "v1", "listoptions", "ListOptions", false), "", errors);
        }

        var page = core.Reader.List(definition, ns, new ListQuery
        {
            LabelSelector = query["labelSelector"],
            FieldSelector = query["fieldSelector"],
            Limit = QueryOptions.Int(query, "limit") is { } limit ? (int)Math.Min(limit, int.MaxValue) : null,
            Continue = query["continue"],
            ResourceVersion = query["resourceVersion"],
            ResourceVersionMatch = query["resourceVersionMatch"],
        });
        context.Response.ContentType = HttpAnswer.Json;
        Writer(context, definition).WriteList(context.Response.BodyWriter, page);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private async Task CreateAsync(HttpContext context, UserInfo user, ResourceDefinition definition, string? ns)
    {
        var duplicates = new List<string>();
        var body = RequestBody.ParseObject(await RequestBody.ReadAsync(context), context.Request.ContentType, duplicates);
        var call = QueryOptions.Call(context, user, duplicates);
        if (core.Actions.Virtual(definition) is { } computed)
        {
            ObjectRules.CheckIdentity(definition, ns, null, body);
            body.Meta().SetDefault("creationTimestamp", KubeTimeConverter.ToText(core.Time.GetUtcNow()));
            await context.WriteTreeAsync(201, await computed.CreateAsync(call, ns, body, context.RequestAborted));
            return;
        }

        if (definition.Type.Namespaced && ns is null)
        {
            throw ApiErrors.MethodNotAllowed();
        }

        var created = await core.Creator.CreateAsync(call, definition, ns, body, context.RequestAborted);
        context.AddWarnings(call.Warnings);
        await WriteAsync(context, definition, 201, created);
    }

    private async Task ReplaceAsync(HttpContext context, UserInfo user, ResourceDefinition definition, string? ns, string name, string? subresource)
    {
        var duplicates = new List<string>();
        var body = RequestBody.ParseObject(await RequestBody.ReadAsync(context), context.Request.ContentType, duplicates);
        var call = QueryOptions.Call(context, user, duplicates);
        await AnswerAsync(context, definition, call, await core.Writes.ReplaceAsync(call, definition, ns, name, subresource, body, context.RequestAborted));
    }

    private async Task PatchAsync(HttpContext context, UserInfo user, ResourceDefinition definition, string? ns, string name, string? subresource)
    {
        var bytes = await RequestBody.ReadAsync(context);
        var (type, document) = RequestBody.ParsePatch(bytes, context.Request.ContentType);
        var call = QueryOptions.Call(context, user, []);
        var force = QueryOptions.Flag(context.Request.Query, "force");
        if (force && type != PatchType.Apply)
        {
            var errors = new FieldErrors();
            errors.Forbidden("force", "may not be specified for non-apply patch");
            throw ApiErrors.Invalid(new ResourceType("meta.k8s.io", "v1", "patchoptions", "PatchOptions", false), "", errors);
        }

        var manager = type == PatchType.Apply ? MetaTree.NullIfEmpty(context.Request.Query["fieldManager"]) : call.FieldManager;
        var patch = new KubePatch(type, document, subresource, manager, force);
        await AnswerAsync(context, definition, call, await core.Writes.PatchAsync(call, definition, ns, name, patch, context.RequestAborted));
    }

    private async Task DeleteAsync(HttpContext context, UserInfo user, ResourceDefinition definition, string? ns, string name)
    {
        var (options, dryRun) = await QueryOptions.RemoveAsync(context);
        var call = QueryOptions.Call(context, user, [], dryRun);
        var removal = await core.Remover.DeleteAsync(call, definition, ns, name, options, context.RequestAborted);
        if (removal.Gone)
        {
            await context.WriteTreeAsync(200, ApiErrors.Success(definition.Type, name, removal.Object.Uid));
        }
        else
        {
            await WriteAsync(context, definition, 200, removal.Object);
        }
    }

    private async Task DeleteCollectionAsync(HttpContext context, UserInfo user, ResourceDefinition definition, string? ns)
    {
        var query = context.Request.Query;
        var (options, dryRun) = await QueryOptions.RemoveAsync(context);
        var call = QueryOptions.Call(context, user, [], dryRun);
        var page = core.Reader.List(definition, ns, new ListQuery { LabelSelector = query["labelSelector"], FieldSelector = query["fieldSelector"] });
        var removed = new List<StoredObject>();
        foreach (var item in page.Items)
        {
            try
            {
                removed.Add((await core.Remover.DeleteAsync(call, definition, item.Namespace, item.Name, options, context.RequestAborted)).Object);
            }
            catch (KubeException e) when (e.IsNotFound)
            {
                // Gone meanwhile: what was asked for.
            }
        }

        context.Response.ContentType = HttpAnswer.Json;
        Writer(context, definition).WriteList(context.Response.BodyWriter, new ObjectPage(removed, core.Reader.Revision, null, null));
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private async Task ActAsync(HttpContext context, UserInfo user, ResourceDefinition definition, string? ns, string name, string subresource)
    {
        var action = core.Actions.Action(definition, subresource) ?? throw ApiErrors.NoSuchPath();
        var body = RequestBody.ParseObject(await RequestBody.ReadAsync(context), context.Request.ContentType, null);
        await context.WriteTreeAsync(201, await action.PostAsync(QueryOptions.Call(context, user, []), ns, name, body, context.RequestAborted));
    }

    private async Task AnswerAsync(HttpContext context, ResourceDefinition definition, ApiCall call, WriteAnswer answer)
    {
        context.AddWarnings(call.Warnings);
        if (answer.Computed is { } computed)
        {
            await context.WriteTreeAsync(200, computed);
        }
        else
        {
            await WriteAsync(context, definition, answer.Created ? 201 : 200, answer.Object!);
        }
    }

    private async Task WriteAsync(HttpContext context, ResourceDefinition definition, int code, StoredObject item)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = HttpAnswer.Json;
        Writer(context, definition).WriteObject(context.Response.BodyWriter, item);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private AnswerWriter Writer(HttpContext context, ResourceDefinition definition) => QueryOptions.Writer(context, definition, core.Time.GetUtcNow());

    private async Task<JsonObject> ComputedListAsync(IVirtualResource computed, ResourceDefinition definition, string? ns, CancellationToken ct)
    {
        var items = await computed.ListAsync(ns, ct);
        return new JsonObject
        {
            ["kind"] = definition.ListKind,
            ["apiVersion"] = definition.Type.ApiVersion,
            ["metadata"] = new JsonObject { ["resourceVersion"] = core.Reader.Revision.ToString(CultureInfo.InvariantCulture) },
            ["items"] = new JsonArray([.. items]),
        };
    }
}
