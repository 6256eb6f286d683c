using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Kube.Config;
using Hearth.Kube.Objects;

namespace Hearth.Kube.Client;

/// <summary>Any Kubernetes cluster over HTTPS: HTTP/2 where the server has it, JSON bodies, streaming watches and logs.</summary>
public sealed class RestKubeClient : IKubeClient, IDisposable
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);
    private readonly HttpClient _http;
    private readonly KubeConnection _connection;

    /// <summary>A client of a cluster.</summary>
    /// <param name="connection">Where and as whom.</param>
    /// <param name="userAgent">How it names itself.</param>
    public RestKubeClient(KubeConnection connection, string userAgent = "hearth")
    {
        _connection = connection;
        _http = new HttpClient(Handler(connection))
        {
            BaseAddress = new Uri(connection.Server.ToString().TrimEnd('/') + "/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd(userAgent);
    }

    /// <inheritdoc/>
    public Task<JsonObject> GetAsync(ObjectRef target, CancellationToken ct) => SendAsync(HttpMethod.Get, target.Path(), null, ct);

    /// <inheritdoc/>
    public async Task<KubeList> ListAsync(ResourceType type, string? ns, ListOptions options, CancellationToken ct)
    {
        var query = new RestQuery().Add("labelSelector", options.LabelSelector).Add("fieldSelector", options.FieldSelector).Add("limit", options.Limit).Add("continue", options.Continue);
        var list = await SendAsync(HttpMethod.Get, type.CollectionPath(ns) + query, null, ct).ConfigureAwait(false);
        var items = list["items"] as JsonArray ?? [];
        var result = new List<JsonObject>(items.Count);
        foreach (var item in items.OfType<JsonObject>().ToArray())
        {
            // Servers leave these out of the items of a list.
            items.Remove(item);
            item["apiVersion"] ??= type.ApiVersion;
            item["kind"] ??= type.Kind;
            result.Add(item);
        }

        var metadata = list["metadata"];
        var next = metadata?["continue"]?.ToString();
        return new KubeList(result, metadata?["resourceVersion"]?.ToString() ?? "", string.IsNullOrEmpty(next) ? null : next);
    }

    /// <inheritdoc/>
    public Task<JsonObject> CreateAsync(ResourceType type, string? ns, JsonObject body, CancellationToken ct) =>
        SendAsync(HttpMethod.Post, type.CollectionPath(ns), Json(body), ct);

    /// <inheritdoc/>
    public Task<JsonObject> ReplaceAsync(ObjectRef target, JsonObject body, string? subresource, CancellationToken ct) =>
        SendAsync(HttpMethod.Put, target.Path(subresource), Json(body), ct);

    /// <inheritdoc/>
    public Task<JsonObject> PatchAsync(ObjectRef target, KubePatch patch, CancellationToken ct)
    {
        var query = new RestQuery().Add("fieldManager", patch.FieldManager).Add("force", patch.Force ? "true" : null);
        var type = patch.Type switch
        {
            PatchType.Merge => "application/merge-patch+json",
            PatchType.Json => "application/json-patch+json",
            PatchType.Strategic => "application/strategic-merge-patch+json",
            _ => "application/apply-patch+yaml",
        };
        return SendAsync(HttpMethod.Patch, target.Path(patch.Subresource) + query, Json(patch.Body, type), ct);
    }

    /// <inheritdoc/>
    public Task DeleteAsync(ObjectRef target, DeleteOptions options, CancellationToken ct)
    {
        var body = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "DeleteOptions" };
        if (options.GracePeriodSeconds is { } grace)
        {
            body["gracePeriodSeconds"] = grace;
        }

        if (options.PropagationPolicy is { } policy)
        {
            body["propagationPolicy"] = policy;
        }

        if (options.Uid is { } uid)
        {
            body["preconditions"] = new JsonObject { ["uid"] = uid };
        }

        return SendAsync(HttpMethod.Delete, target.Path(), Json(body), ct);
    }

    /// <inheritdoc/>
    public Task<JsonObject> PostAsync(ObjectRef target, string subresource, JsonObject body, CancellationToken ct) =>
        SendAsync(HttpMethod.Post, target.Path(subresource), Json(body), ct);

    /// <inheritdoc/>
    public async IAsyncEnumerable<WatchEvent> WatchAsync(ResourceType type, string? ns, WatchOptions options, [EnumeratorCancellation] CancellationToken ct)
    {
        var query = new RestQuery().Add("watch", "true").Add("allowWatchBookmarks", "true")
            .Add("labelSelector", options.LabelSelector).Add("fieldSelector", options.FieldSelector)
            .Add("resourceVersion", options.ResourceVersion).Add("timeoutSeconds", options.TimeoutSeconds);
        using var response = await OpenAsync(HttpMethod.Get, type.CollectionPath(ns) + query, null, ct).ConfigureAwait(false);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(ct).ConfigureAwait(false), Encoding.UTF8);
        while (await reader.ReadLineAsync(ct).ConfigureAwait(false) is { } line)
        {
            if (line.Length > 0)
            {
                yield return RestErrors.Event(line);
            }
        }
    }

    /// <inheritdoc/>
    public async Task<Stream> LogAsync(string ns, string pod, LogOptions options, CancellationToken ct)
    {
        var query = new RestQuery().Add("container", options.Container).Add("follow", options.Follow ? "true" : null).Add("previous", options.Previous ? "true" : null)
            .Add("timestamps", options.Timestamps ? "true" : null).Add("tailLines", options.TailLines).Add("sinceSeconds", options.SinceSeconds)
            .Add("limitBytes", options.LimitBytes?.ToString(CultureInfo.InvariantCulture)).Add("stream", options.Stream);
        var response = await OpenAsync(HttpMethod.Get, new ObjectRef(Core.Pod.Type, ns, pod).Path("log") + query, null, ct).ConfigureAwait(false);
        return new ResponseStream(response, await response.Content.ReadAsStreamAsync(ct).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static StringContent Json(JsonNode body, string type = "application/json") => new(body.ToJsonString(), Encoding.UTF8, type);

    private static SocketsHttpHandler Handler(KubeConnection connection)
    {
        var handler = new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = KeepAlive,
            KeepAlivePingTimeout = KeepAlive,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            AutomaticDecompression = DecompressionMethods.GZip,
            UseProxy = !connection.Server.IsLoopback,
            UseCookies = false,
            SslOptions = new SslClientAuthenticationOptions { TargetHost = connection.TlsServerName },
        };
        if (connection.Authorities is { } authorities)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(authorities);
            handler.SslOptions.CertificateChainPolicy = policy;
        }

        if (connection.ClientCertificate is { } certificate)
        {
            handler.SslOptions.ClientCertificates = [certificate];
        }

        if (connection.SkipTlsVerification)
        {
#pragma warning disable CA5359 // The kubeconfig says insecure-skip-tls-verify: somebody asked for exactly this.
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        return handler;
    }

    private async Task<JsonObject> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken ct)
    {
        using var response = await OpenAsync(method, path, content, ct).ConfigureAwait(false);
        var text = await response.Content.ReadAsStringAsync(ct).ConfigureAwait(false);
        try
        {
            return JsonNode.Parse(text) as JsonObject ?? throw new JsonException("not an object");
        }
        catch (JsonException e)
        {
            throw new KubeException((int)response.StatusCode, "InvalidResponse", $"{method} {path}: the server's answer is not JSON: {e.Message}");
        }
    }

    private async Task<HttpResponseMessage> OpenAsync(HttpMethod method, string path, HttpContent? content, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, path.TrimStart('/'))
        {
            Content = content,
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (_connection.Token is { } token && await token(ct).ConfigureAwait(false) is { } bearer)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        }

        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct).ConfigureAwait(false);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw RestErrors.Of((int)response.StatusCode, await response.Content.ReadAsStringAsync(ct).ConfigureAwait(false));
        }
    }

    /// <summary>A body that keeps its response until it is read.</summary>
    private sealed class ResponseStream(HttpResponseMessage response, Stream body) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => body.Read(buffer, offset, count);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => body.ReadAsync(buffer, cancellationToken);

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                body.Dispose();
                response.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
