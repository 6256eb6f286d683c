using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer;
using Hearth.Cluster.ApiServer.Auth;
using Hearth.Cluster.ApiServer.Auth.Tokens;
using Hearth.Cluster.Store;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.Cluster.Tests.ApiServer;

/// <summary>Watches over real HTTPS: HTTP/1.1, HTTP/2 and WebSocket.</summary>
public sealed class WatchTests : IAsyncLifetime
{
    private const string Path = "/api/v1/namespaces/default/configmaps?watch=true&labelSelector=test";
    private readonly string _directory = Directory.CreateTempSubdirectory("hearth-watch-").FullName;
    private ObjectStore _store = null!;
    private KubeApiServer _server = null!;
    private IKubeClient _client = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = ObjectStore.Open(new StoreOptions(System.IO.Path.Combine(_directory, "store")) { FlushToDisk = false, History = new HistoryWindow(TimeSpan.FromHours(1), 20, 1 << 20) });
        var options = new ApiServerOptions { PkiDirectory = System.IO.Path.Combine(_directory, "pki"), Tokens = [new StaticToken("t", "admin", [UserInfo.Masters])] };
        _server = await KubeApiServer.StartAsync(_store, options, new NoPodRuntime(), TimeProvider.System, Ct);
        _client = _server.CreateClient(UserInfo.Master("test"));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _store.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_watch_without_a_version_begins_with_the_present(string http)
    {
        await CreateAsync("a");
        using var stream = await OpenAsync(Path, Version.Parse(http));
        (await NextAsync(stream)).ShouldBe("ADDED a");
        await CreateAsync("b");
        (await NextAsync(stream)).ShouldBe("ADDED b");
        await PatchAsync("b", """{"data":{"k":"v"}}""");
        (await NextAsync(stream)).ShouldBe("MODIFIED b");
        await PatchAsync("b", """{"metadata":{"labels":{"test":null}}}""");
        (await NextAsync(stream)).ShouldBe("DELETED b");
        await _client.DeleteAsync(new ObjectRef(ConfigMap.Type, "default", "a"), DeleteOptions.Default, Ct);
        (await NextAsync(stream)).ShouldBe("DELETED a");
    }

    [Fact]
    public async Task A_watch_from_a_version_shows_only_what_came_later()
    {
        var version = (await CreateAsync("a"))["metadata"]!["resourceVersion"]!.GetValue<string>();
        await CreateAsync("b");
        using var stream = await OpenAsync($"{Path}&resourceVersion={version}", HttpVersion.Version20);
        (await NextAsync(stream)).ShouldBe("ADDED b");
    }

    [Fact]
    public async Task A_watch_from_a_forgotten_version_is_410()
    {
        await CreateAsync("a");
        for (var i = 0; i < 30; i++)
        {
            await PatchAsync("a", "{\"data\":{\"k\":\"" + i + "\"}}");
        }

        using var http = Client();
        var answer = await http.GetAsync(Path + "&resourceVersion=1", Ct);
        answer.StatusCode.ShouldBe(HttpStatusCode.Gone);
        JsonNode.Parse(await answer.Content.ReadAsStringAsync(Ct))!["reason"]!.GetValue<string>().ShouldBe("Expired");
    }

    [Fact]
    public async Task A_watch_ends_when_its_time_is_up_with_a_bookmark_for_those_who_want_one()
    {
        await CreateAsync("a");
        using var stream = await OpenAsync(Path + "&timeoutSeconds=1&allowWatchBookmarks=true", HttpVersion.Version20);
        (await NextAsync(stream)).ShouldBe("ADDED a");
        var bookmark = JsonNode.Parse((await stream.ReadLineAsync(Ct))!)!;
        bookmark["type"]!.GetValue<string>().ShouldBe("BOOKMARK");
        long.Parse(bookmark["object"]!["metadata"]!["resourceVersion"]!.GetValue<string>()).ShouldBeGreaterThan(0);
        (await stream.ReadLineAsync(Ct)).ShouldBeNull();
    }

    [Fact]
    public async Task Initial_events_end_with_a_marked_bookmark()
    {
        await CreateAsync("a");
        using var stream = await OpenAsync(Path + "&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true", HttpVersion.Version20);
        (await NextAsync(stream)).ShouldBe("ADDED a");
        var bookmark = JsonNode.Parse((await stream.ReadLineAsync(Ct))!)!;
        bookmark["object"]!["metadata"]!["annotations"]!["k8s.io/initial-events-end"]!.GetValue<string>().ShouldBe("true");
        await CreateAsync("b");
        (await NextAsync(stream)).ShouldBe("ADDED b");
    }

    [Fact]
    public async Task A_table_watch_tells_its_columns_once()
    {
        await CreateAsync("a");
        await CreateAsync("b");
        using var stream = await OpenAsync(Path, HttpVersion.Version20, "application/json;as=Table;v=v1;g=meta.k8s.io");
        var first = JsonNode.Parse((await stream.ReadLineAsync(Ct))!)!["object"]!;
        first["kind"]!.GetValue<string>().ShouldBe("Table");
        first["columnDefinitions"]!.AsArray().Count.ShouldBe(3);
        first["rows"]!.AsArray().Count.ShouldBe(1);
        var second = JsonNode.Parse((await stream.ReadLineAsync(Ct))!)!["object"]!;
        second["columnDefinitions"]!.AsArray().Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_websocket_watch_sends_each_event_as_a_message()
    {
        await CreateAsync("a");
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", "Bearer t");
        socket.Options.RemoteCertificateValidationCallback = Trusted;
        await socket.ConnectAsync(new Uri($"wss://127.0.0.1:{_server.Port}{Path}"), Ct);
        (await MessageAsync(socket)).ShouldBe("ADDED a");
        await CreateAsync("b");
        (await MessageAsync(socket)).ShouldBe("ADDED b");
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Ct);
    }

    [Fact]
    public async Task A_stopping_server_ends_its_watches()
    {
        await CreateAsync("a");
        using var stream = await OpenAsync(Path, HttpVersion.Version20);
        (await NextAsync(stream)).ShouldBe("ADDED a");
        var rest = stream.ReadLineAsync(Ct).AsTask();
        await _server.DisposeAsync();
        (await rest).ShouldBeNull();
        _server = await KubeApiServer.StartAsync(_store, new ApiServerOptions { PkiDirectory = System.IO.Path.Combine(_directory, "pki") }, new NoPodRuntime(), TimeProvider.System, Ct);
    }

    private static string Event(JsonNode json) => $"{json["type"]} {json["object"]!["metadata"]!["name"]}";

    private static async Task<string> NextAsync(StreamReader stream) => Event(JsonNode.Parse((await stream.ReadLineAsync(Ct))!)!);

    private static async Task<string> MessageAsync(ClientWebSocket socket)
    {
        var buffer = new byte[64 * 1024];
        var received = await socket.ReceiveAsync(buffer, Ct);
        received.EndOfMessage.ShouldBeTrue();
        return Event(JsonNode.Parse(Encoding.UTF8.GetString(buffer, 0, received.Count))!);
    }

    private Task<JsonObject> CreateAsync(string name) => _client.CreateAsync(ConfigMap.Type, "default", new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { ["test"] = "yes" } },
    }, Ct);

    private Task<JsonObject> PatchAsync(string name, string patch) =>
        _client.PatchAsync(new ObjectRef(ConfigMap.Type, "default", name), KubePatch.Merge(JsonNode.Parse(patch)!.AsObject()), Ct);

    private async Task<StreamReader> OpenAsync(string path, Version version, string accept = "application/json")
    {
        var http = Client();
        var request = new HttpRequestMessage(HttpMethod.Get, path) { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.TryAddWithoutValidation("Accept", accept);
        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Version.ShouldBe(version);
        return new StreamReader(await answer.Content.ReadAsStreamAsync(Ct));
    }

    private HttpClient Client()
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(X509Certificate2.CreateFromPem(_server.AuthorityPem));
        var handler = new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust } };
        var http = new HttpClient(handler) { BaseAddress = new Uri($"https://127.0.0.1:{_server.Port}") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "t");
        return http;
    }

    private bool Trusted(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if ((errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != 0)
        {
            return false;
        }

        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(_server.AuthorityPem));
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return own.Build(new X509Certificate2(certificate!));
    }
}
