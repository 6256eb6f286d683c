using Hearth.Cluster.ApiServer.Auth;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Discovery;
using Hearth.Cluster.ApiServer.OpenApi;
using Hearth.Cluster.ApiServer.Services;
using Hearth.Cluster.ApiServer.Streaming;
using Hearth.Kube.Client;
using Hearth.Kube.Selectors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.ApiServer.Http;

/// <summary>Every HTTP request: who asks, what about, whether they may, then the part of the server that answers.</summary>
internal sealed partial class FrontHandler(
    ApiCore core, RequestAuthenticator authenticator, ResourceHandler resources, DiscoveryHandler discovery, OpenApiHandler openApi, InfoHandler info, ServiceBackends services, ILogger logger)
{
    /// <summary>The whole front over an API, as one request delegate.</summary>
    public static RequestDelegate Create(ApiCore core, ApiServerOptions options, CancellationToken stopping)
    {
        var figures = new ServerFigures();
        var handler = new FrontHandler(
            core,
            new RequestAuthenticator(core.Tokens, core.Access),
            new ResourceHandler(core, new WatchHandler(core, figures, stopping), new LogHandler(core, stopping), new StreamHandler(core, stopping)),
            new DiscoveryHandler(core),
            new OpenApiHandler(core),
            new InfoHandler(core, figures, core.AccountTokens, options.KubernetesVersion),
            options.Services,
            options.LoggerFactory.CreateLogger<FrontHandler>());
        return context => figures.CountAsync(context, handler.HandleAsync);
    }

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            await DispatchAsync(context);
        }
        catch (KubeException e)
        {
            await context.WriteErrorAsync(e);
        }
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            // The client left.
        }
        catch (Exception e)
        {
            LogFailed(e, context.Request.Method, context.Request.Path);
            await context.WriteErrorAsync(ApiErrors.Internal($"{e.GetType().Name}; the server's log has more"));
        }
    }

    private async Task DispatchAsync(HttpContext context)
    {
        var user = await authenticator.AuthenticateAsync(context);
        var query = context.Request.Query;
        var path = context.Request.Path.Value ?? "/";
        var request = RequestInfo.Parse(context.Request.Method, path, QueryOptions.Flag(query, "watch"), PinnedName(query["fieldSelector"]));
        if (!request.IsResource)
        {
            core.Access.Require(user, request.ToAccess(null));
            await PathAsync(context, request);
            return;
        }

        var definition = core.Find(request.Group, request.Version, request.Resource);
        core.Access.Require(user, request.ToAccess(definition?.Type.Namespaced == false && request.Resource != "namespaces" ? null : request.Namespace));
        if (definition is null || (request.Namespace is not null && !definition.Type.Namespaced && request.Resource != "namespaces"))
        {
            throw ApiErrors.NoSuchPath();
        }

        if (request is { Group: "", Resource: "services", Name: { } service, Subresource: { } sub } && (sub == "proxy" || sub.StartsWith("proxy/", StringComparison.Ordinal)))
        {
            await ProxyAsync(context, request.Namespace, service, sub["proxy".Length..]);
            return;
        }

        await resources.HandleAsync(context, user, request, definition);
    }

    private Task ProxyAsync(HttpContext context, string? ns, string service, string path) =>
        services.Find(ns, service) is { } backend
            ? backend(context, path)
            : throw new KubeException(503, "ServiceUnavailable", $"no endpoints available for service \"{service}\"");

    private Task PathAsync(HttpContext context, RequestInfo request)
    {
        if (context.Request.Method is not ("GET" or "HEAD"))
        {
            throw ApiErrors.MethodNotAllowed();
        }

        var parts = request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts switch
        {
            ["api"] or ["api", _] or ["apis", ..] => discovery.HandleAsync(context, parts),
            ["openapi", "v2"] or ["openapi", "v3", ..] => openApi.HandleAsync(context, parts),
            _ => info.HandleAsync(context, parts),
        };
    }

    /// <summary>The one name that a field selector asks for: roles may be about single names.</summary>
    private static string? PinnedName(string? fieldSelector)
    {
        if (string.IsNullOrEmpty(fieldSelector))
        {
            return null;
        }

        try
        {
            return FieldSelector.Parse(fieldSelector).Pinned("metadata.name");
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
