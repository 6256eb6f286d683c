using System.Text;
using Hearth.Cluster.ApiServer;
using Hearth.Cluster.ApiServer.Auth;
using Hearth.Cluster.ApiServer.Auth.Tokens;
using Hearth.Cluster.Controllers.Provisioning;
using Hearth.Cluster.Store;
using Hearth.Kube.Client;

namespace Hearth.EndToEnd.Tests;

/// <summary>An API server over a store of its own, with a kubeconfig for its administrator. No controllers, no nodes: kubectl plays them.</summary>
public sealed class KubectlCluster : IAsyncDisposable
{
    private readonly string _directory;
    private readonly ObjectStore _store;

    private KubectlCluster(string directory, ObjectStore store, KubeApiServer server) => (_directory, _store, Server) = (directory, store, server);

    public KubeApiServer Server { get; }

    public string Kubeconfig => Path.Combine(_directory, "kubeconfig");

    /// <summary>Home directory of the commands: caches and such.</summary>
    public string Home => _directory;

    public IKubeClient Client => Server.CreateClient(UserInfo.Master("test"));

    public static async Task<KubectlCluster> StartAsync(CancellationToken ct)
    {
        var directory = Directory.CreateTempSubdirectory("hearth-kubectl-").FullName;
        var store = ObjectStore.Open(new StoreOptions(Path.Combine(directory, "store")) { FlushToDisk = false });
        var tokens = StaticTokenFile.LoadOrCreate(Path.Combine(directory, "tokens"), [("admin", [UserInfo.Masters]), ("nobody", [])]);
        var options = new ApiServerOptions { PkiDirectory = Path.Combine(directory, "pki"), Tokens = tokens, Metrics = new FixedMetrics(), Converters = KarpenterConversion.Converters };
        var server = await KubeApiServer.StartAsync(store, options, new EchoRuntime(), TimeProvider.System, ct);
        var cluster = new KubectlCluster(directory, store, server);
        await File.WriteAllTextAsync(cluster.Kubeconfig, Config(server, tokens), ct);
        return cluster;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await _store.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private static string Config(KubeApiServer server, IReadOnlyList<StaticToken> tokens)
    {
        var text = new StringBuilder($"""
            apiVersion: v1
            kind: Config
            current-context: admin
            clusters:
            - name: hearth
              cluster:
                server: https://127.0.0.1:{server.Port}
                certificate-authority-data: {Convert.ToBase64String(Encoding.UTF8.GetBytes(server.AuthorityPem))}
            users:

            """);
        foreach (var token in tokens)
        {
            text.Append($"- name: {token.User}\n  user: {{token: {token.Token}}}\n");
        }

        text.Append("contexts:\n");
        foreach (var token in tokens)
        {
            text.Append($"- name: {token.User}\n  context: {{cluster: hearth, user: {token.User}}}\n");
        }

        return text.ToString();
    }

    /// <summary>Figures for kubectl top.</summary>
    private sealed class FixedMetrics : IMetricsProvider
    {
        public Task<IReadOnlyList<NodeUsage>> NodesAsync(CancellationToken ct) => Task.FromResult<IReadOnlyList<NodeUsage>>(
            [new NodeUsage("n1", DateTimeOffset.UtcNow, TimeSpan.FromSeconds(30), new ResourceUsage(250_000_000, 1L << 30))]);

        public Task<IReadOnlyList<PodUsage>> PodsAsync(string? ns, CancellationToken ct) => Task.FromResult<IReadOnlyList<PodUsage>>(
            [new PodUsage("default", "m", DateTimeOffset.UtcNow, TimeSpan.FromSeconds(30), new Dictionary<string, ResourceUsage> { ["m"] = new(5_000_000, 20L << 20) })]);
    }

    /// <summary>Containers whose logs say what was asked.</summary>
    private sealed class EchoRuntime : IPodRuntime
    {
        public Task<Stream> OpenLogAsync(string ns, string pod, string container, LogOptions options, CancellationToken ct)
        {
            var lines = new List<string> { "one", "two", "three" };
            if (options.TailLines is { } tail)
            {
                lines = [.. lines.TakeLast(tail)];
            }

            if (options.Timestamps)
            {
                lines = [.. lines.Select(l => "2025-01-01T00:00:00.000000000Z " + l)];
            }

            var text = (options.Previous ? "previous " : "") + $"{ns}/{pod}/{container}\n" + string.Concat(lines.Select(l => l + "\n"));
            return Task.FromResult<Stream>(new MemoryStream(Encoding.UTF8.GetBytes(text)));
        }

        public Task<IExecSession> ExecAsync(string ns, string pod, string container, ExecCommand command, CancellationToken ct) => throw new NotSupportedException();

        public Task<Stream> ConnectAsync(string ns, string pod, int port, CancellationToken ct) => throw new NotSupportedException();
    }
}
