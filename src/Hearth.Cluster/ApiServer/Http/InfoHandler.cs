using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Auth.Tokens;
using Hearth.Cluster.ApiServer.Core;
using Microsoft.AspNetCore.Http;

namespace Hearth.Cluster.ApiServer.Http;

/// <summary>Health, version, figures of the server itself, and the documents that let others check service-account tokens.</summary>
internal sealed class InfoHandler(ApiCore core, ServerFigures figures, ServiceAccountTokens tokens, string version)
{
    private static readonly string[] Roots = ["/.well-known/openid-configuration", "/api", "/apis", "/healthz", "/livez", "/metrics", "/openapi/v2", "/openapi/v3", "/openid/v1/jwks", "/readyz", "/version"];

    public Task HandleAsync(HttpContext context, string[] parts) => parts switch
    {
        [] => context.WriteTreeAsync(200, new JsonObject { ["paths"] = new JsonArray([.. Roots.Select(r => (JsonNode)r)]) }),
        ["healthz" or "livez" or "readyz", ..] => HealthAsync(context, parts[0]),
        ["version"] => context.WriteTreeAsync(200, Version()),
        ["metrics"] => context.WriteTextAsync(Metrics(), "text/plain; version=0.0.4; charset=utf-8"),
        [".well-known", "openid-configuration"] => context.WriteTreeAsync(200, tokens.Discovery($"https://{context.Request.Host}/openid/v1/jwks")),
        ["openid", "v1", "jwks"] => context.WriteTreeAsync(200, tokens.KeySet(), "application/jwk-set+json"),
        _ => throw ApiErrors.NoSuchPath(),
    };

    private static Task HealthAsync(HttpContext context, string name) =>
        context.WriteTextAsync(context.Request.Query.ContainsKey("verbose") ? $"[+]ping ok\n[+]store ok\n{name} check passed\n" : "ok");

    private JsonObject Version()
    {
        var numbers = version.TrimStart('v').Split('.', 3);
        return new JsonObject
        {
            ["major"] = numbers[0],
            ["minor"] = numbers[1],
            ["gitVersion"] = version,
            ["gitCommit"] = "",
            ["gitTreeState"] = "clean",
            ["buildDate"] = "1970-01-01T00:00:00Z",
            ["goVersion"] = "none",
            ["compiler"] = ".NET " + Environment.Version.ToString(3),
            ["platform"] = "linux/amd64",
        };
    }

    private string Metrics()
    {
        var text = new StringBuilder();
        text.Append("# HELP hearth_store_revision Revision of the newest write.\n# TYPE hearth_store_revision counter\n")
            .Append(CultureInfo.InvariantCulture, $"hearth_store_revision {core.Reader.Revision}\n");
        text.Append("# HELP apiserver_request_total Requests by method and code.\n# TYPE apiserver_request_total counter\n");
        foreach (var ((method, code), count) in figures.Requests())
        {
            text.Append(CultureInfo.InvariantCulture, $"apiserver_request_total{{verb=\"{method}\",code=\"{code}\"}} {count}\n");
        }

        text.Append("# HELP apiserver_current_inflight_requests Requests being answered, watches included.\n# TYPE apiserver_current_inflight_requests gauge\n")
            .Append(CultureInfo.InvariantCulture, $"apiserver_current_inflight_requests {figures.InFlight}\n");
        text.Append("# HELP apiserver_longrunning_requests Open watches.\n# TYPE apiserver_longrunning_requests gauge\n")
            .Append(CultureInfo.InvariantCulture, $"apiserver_longrunning_requests{{verb=\"WATCH\"}} {figures.Watches}\n");
        text.Append("# HELP process_resident_memory_bytes Resident memory size in bytes.\n# TYPE process_resident_memory_bytes gauge\n")
            .Append(CultureInfo.InvariantCulture, $"process_resident_memory_bytes {Environment.WorkingSet}\n");
        return text.ToString();
    }
}

/// <summary>Counts requests.</summary>
internal sealed class ServerFigures
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<(string Method, int Code), long> _requests = new();
    private int _inFlight;
    private int _watches;

    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Open watches.</summary>
    public int Watches => Volatile.Read(ref _watches);

    /// <summary>A watch begins; negative: it ends.</summary>
    public void CountWatch(int change) => Interlocked.Add(ref _watches, change);

    public async Task CountAsync(HttpContext context, Func<HttpContext, Task> handle)
    {
        Interlocked.Increment(ref _inFlight);
        try
        {
            await handle(context);
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
            var method = context.Request.Method is "GET" or "POST" or "PUT" or "PATCH" or "DELETE" or "HEAD" ? context.Request.Method : "OTHER";
            _requests.AddOrUpdate((method, context.Response.StatusCode), 1, (_, count) => count + 1);
        }
    }

    public IEnumerable<KeyValuePair<(string Method, int Code), long>> Requests() => _requests.OrderBy(r => r.Key.Method, StringComparer.Ordinal).ThenBy(r => r.Key.Code);
}
