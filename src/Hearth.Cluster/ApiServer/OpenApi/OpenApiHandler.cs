using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Http;
using Hearth.Cluster.ApiServer.Registry;
using Microsoft.AspNetCore.Http;

namespace Hearth.Cluster.ApiServer.OpenApi;

/// <summary>
/// OpenAPI: an empty version 2 document, which every client takes for "nothing to check", and one version 3 document a group version.
/// </summary>
internal sealed class OpenApiHandler(ApiCore core)
{
    private const string EmptyV2Type = "application/octet-stream";
    private readonly Lock _lock = new();
    private (long Generation, Dictionary<string, byte[]> Documents) _cache = (-1, []);

    public async Task HandleAsync(HttpContext context, string[] parts)
    {
        if (parts[1] == "v2")
        {
            context.Response.ContentType = EmptyV2Type;
            context.Response.ContentLength = 0;
            return;
        }

        var snapshot = core.Catalog.Current;
        if (parts.Length == 2)
        {
            await context.WriteTreeAsync(200, Index(snapshot));
            return;
        }

        var (group, version) = parts switch
        {
            [_, _, "api", var v] => ("", v),
            [_, _, "apis", var g, var v] => (g, v),
            _ => throw ApiErrors.NoSuchPath(),
        };
        if (!snapshot.GroupVersions.Contains((group, version)))
        {
            throw ApiErrors.NoSuchPath();
        }

        var body = Document(snapshot, group, version);
        context.Response.ContentType = HttpAnswer.Json;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private JsonObject Index(ResourceCatalog.Snapshot snapshot)
    {
        var paths = new JsonObject();
        foreach (var (group, version) in snapshot.GroupVersions.OrderBy(g => g.Group, StringComparer.Ordinal).ThenBy(g => g.Version, StringComparer.Ordinal))
        {
            var path = group.Length == 0 ? $"api/{version}" : $"apis/{group}/{version}";
            var hash = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(Document(snapshot, group, version)));
            paths[path] = new JsonObject { ["serverRelativeURL"] = $"/openapi/v3/{path}?hash={hash}" };
        }

        return new JsonObject { ["paths"] = paths };
    }

    private byte[] Document(ResourceCatalog.Snapshot snapshot, string group, string version)
    {
        lock (_lock)
        {
            if (_cache.Generation != snapshot.Generation)
            {
                _cache = (snapshot.Generation, []);
            }

            var key = $"{group}/{version}";
            if (!_cache.Documents.TryGetValue(key, out var document))
            {
                document = ObjectCodec.Utf8(new OpenApiDocument(snapshot, group, version).Build());
                _cache.Documents[key] = document;
            }

            return document;
        }
    }
}
