using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Http;
using Hearth.Cluster.ApiServer.Registry;
using Microsoft.AspNetCore.Http;

namespace Hearth.Cluster.ApiServer.Discovery;

/// <summary>Says which kinds are served, in the old form (one document a group version) and the aggregated one.</summary>
internal sealed class DiscoveryHandler(ApiCore core)
{
    private readonly Lock _lock = new();
    private (long Generation, Dictionary<string, (byte[] Body, string Tag)> Documents) _cache = (-1, []);

    public Task HandleAsync(HttpContext context, string[] parts)
    {
        var snapshot = core.Catalog.Current;
        if (parts.Length == 1)
        {
            return AggregatedVersion(context) is { } version
                ? WriteAsync(context, snapshot, $"{parts[0]} {version}", () => AggregatedDiscovery.Build(snapshot, core: parts[0] == "api", version), ContentType(version))
                : parts[0] == "api"
                    ? context.WriteTreeAsync(200, LegacyDiscovery.CoreVersions(context.Request.Host.Value ?? ""))
                    : WriteAsync(context, snapshot, "apis", () => LegacyDiscovery.Groups(snapshot), HttpAnswer.Json);
        }

        var (group, groupVersion) = parts[0] == "api" ? ("", parts[1]) : parts.Length == 3 ? (parts[1], parts[2]) : (parts[1], null);
        if (parts.Length > 3 || !snapshot.Groups.Contains(group) || (groupVersion is not null && !snapshot.GroupVersions.Contains((group, groupVersion))))
        {
            throw ApiErrors.NoSuchPath();
        }

        return groupVersion is null
            ? context.WriteTreeAsync(200, LegacyDiscovery.Group(snapshot, group))
            : WriteAsync(context, snapshot, $"{group}/{groupVersion}", () => LegacyDiscovery.Resources(snapshot, group, groupVersion), HttpAnswer.Json);
    }

    private static string? AggregatedVersion(HttpContext context)
    {
        foreach (var range in AcceptHeader.Parse(context.Request.Headers.Accept))
        {
            if (range.IsJson && range.Parameter("as") is null)
            {
                return null;
            }

            if (range.Type == "application/json" && range.Parameter("g") == "apidiscovery.k8s.io" && range.Parameter("as") == "APIGroupDiscoveryList"
                && range.Parameter("v") is "v2" or "v2beta1")
            {
                return range.Parameter("v");
            }
        }

        return null;
    }

    private static string ContentType(string version) => $"application/json;g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList";

    private async Task WriteAsync(HttpContext context, ResourceCatalog.Snapshot snapshot, string key, Func<JsonObject> build, string contentType)
    {
        var (body, tag) = Document(snapshot, key, build);
        context.Response.Headers.ETag = tag;
        context.Response.Headers.Vary = "Accept";
        if (context.Request.Headers.IfNoneMatch == tag)
        {
            context.Response.StatusCode = 304;
            return;
        }

        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private (byte[] Body, string Tag) Document(ResourceCatalog.Snapshot snapshot, string key, Func<JsonObject> build)
    {
        lock (_lock)
        {
            if (_cache.Generation != snapshot.Generation)
            {
                _cache = (snapshot.Generation, []);
            }

            if (!_cache.Documents.TryGetValue(key, out var document))
            {
                var body = ObjectCodec.Utf8(build());
                document = (body, $"\"{Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(body))}\"");
                _cache.Documents[key] = document;
            }

            return document;
        }
    }
}
