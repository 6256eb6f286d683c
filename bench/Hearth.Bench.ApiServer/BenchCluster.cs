using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer;
using Hearth.Cluster.ApiServer.Auth;
using Hearth.Cluster.ApiServer.Auth.Tokens;
using Hearth.Cluster.Store;
using Hearth.Kube.Client;

namespace Hearth.Bench.ApiServer;

/// <summary>A server over a store without fsync: the store has a benchmark of its own.</summary>
internal sealed class BenchCluster(string directory) : IAsyncDisposable
{
    private KubeApiServer? _server;
    private ObjectStore? _store;

    public IKubeClient Client => _server!.CreateClient(UserInfo.Master("bench"));

    public async Task StartAsync()
    {
        Report.Title("Start");
        await StartOnceAsync("first start: keys made, namespaces and roles written");
        await _server!.DisposeAsync();
        await StartOnceAsync("second start in the same process");
    }

    /// <summary>A client over HTTPS and HTTP/2.</summary>
    public HttpClient Http()
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(X509Certificate2.CreateFromPem(_server!.AuthorityPem));
        var handler = new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust } };
        var http = new HttpClient(handler) { BaseAddress = new Uri($"https://127.0.0.1:{_server.Port}"), DefaultRequestVersion = new Version(2, 0) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "bench");
        return http;
    }

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        await _store!.DisposeAsync();
    }

    /// <summary>A pod as Spark makes them: a few labels, variables, volumes.</summary>
    public static JsonObject Pod(int number) => new()
    {
        ["metadata"] = new JsonObject
        {
            ["name"] = $"pod-{number:D6}",
            ["labels"] = new JsonObject { ["spark-role"] = "executor", ["spark-app-selector"] = $"spark-{number % 100}", ["app"] = "bench" },
        },
        ["spec"] = new JsonObject
        {
            ["nodeName"] = $"node-{number % 50}",
            ["restartPolicy"] = "Never",
            ["containers"] = new JsonArray(new JsonObject
            {
                ["name"] = "spark-kubernetes-executor",
                ["image"] = "emr-6.10.0/spark:latest",
                ["args"] = new JsonArray("executor"),
                ["env"] = new JsonArray([.. Enumerable.Range(0, 12).Select(i => (JsonNode)new JsonObject { ["name"] = $"SPARK_JAVA_OPT_{i}", ["value"] = $"-Dspark.setting.number.{i}=some-value-{number}" })]),
                ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["cpu"] = "1", ["memory"] = "4Gi" }, ["limits"] = new JsonObject { ["memory"] = "4Gi" } },
                ["volumeMounts"] = new JsonArray(new JsonObject { ["name"] = "tmp", ["mountPath"] = "/tmp/spark" }),
            }),
            ["volumes"] = new JsonArray(new JsonObject { ["name"] = "tmp", ["emptyDir"] = new JsonObject() }),
        },
    };

    private async Task StartOnceAsync(string what)
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        var watch = Stopwatch.StartNew();
        _store = ObjectStore.Open(new StoreOptions(Path.Combine(directory, "store")) { FlushToDisk = false });
        var options = new ApiServerOptions { PkiDirectory = Path.Combine(directory, "pki"), Tokens = [new StaticToken("bench", "bench", [UserInfo.Masters])] };
        _server = await KubeApiServer.StartAsync(_store, options, new NoPodRuntime(), TimeProvider.System, CancellationToken.None);
        Report.Line(what, watch.Elapsed.TotalMilliseconds, "ms", "(wanted: well under 300 ms)");
    }
}
