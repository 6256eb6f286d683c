using Hearth.Aws.Eks;
using Hearth.Aws.Iam.Resources;
using Hearth.Aws.Signing;
using Hearth.Cli.CommandLine;
using Hearth.Cli.Hosting.Realization;
using Hearth.Cli.Hosting.Simulation;
using Hearth.Delivery.Manifests;
using Hearth.Cluster.ApiServer;
using Hearth.Cluster.ApiServer.Auth;
using Hearth.Cluster.ApiServer.Auth.Tokens;
using Hearth.Cluster.Controllers.Provisioning;
using Hearth.Cluster.Nodes;
using Hearth.Cluster.Nodes.Cgroups;
using Hearth.Cluster.Nodes.Images;
using Hearth.Cluster.Nodes.Sandbox;
using Hearth.Cluster.Storage;
using Hearth.Cluster.Store;
using Hearth.Jobs.Resources;
using Hearth.Kube.Client;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Cloud;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Pricing;
using Microsoft.Extensions.Logging;

namespace Hearth.Cli.Hosting.Embedded;

/// <summary>The Kubernetes-compatible cluster: store, API server, controllers and the agent of the simulated nodes.</summary>
internal sealed class ClusterPart : IAsyncDisposable
{
    private const string AdminUser = "hearth-admin";
    private static readonly string[] AdminGroups = [UserInfo.Masters];

    private readonly ObjectStore _store;
    private readonly KubeApiServer _server;
    private readonly NodePodRuntime _runtime;
    private readonly PlatformOptions _options;
    private readonly DataPaths _paths;
    private readonly ISandbox _sandbox;
    private readonly RuntimeBundle _spark;
    private readonly ILoggerFactory _log;
    private readonly TimeProvider _time;
    private NodeAgent? _agent;
    private ILimiter? _limiter;

    private ClusterPart(PlatformOptions options, DataPaths paths, ObjectStore store, KubeApiServer server, NodePodRuntime runtime, ISandbox sandbox, RuntimeBundle spark, string adminToken, ILoggerFactory log, TimeProvider time)
    {
        (_options, _paths, _store, _server, _runtime, _sandbox, _spark, AdminToken, _log, _time) = (options, paths, store, server, runtime, sandbox, spark, adminToken, log, time);
        Client = server.CreateClient(UserInfo.Master("system:hearth"));
        Address = new UriBuilder("https", options.Address.ToString(), server.Port).Uri;
    }

    /// <summary>The platform's own client, with every right.</summary>
    public IKubeClient Client { get; }

    /// <summary>Base URL of the Kubernetes API.</summary>
    public Uri Address { get; }

    /// <summary>PEM of the authority that clients must trust.</summary>
    public string CertificateAuthorityPem => _server.AuthorityPem;

    /// <summary>Public keys of service-account tokens.</summary>
    public System.Text.Json.Nodes.JsonObject ServiceAccountKeys => _server.ServiceAccountKeys;

    /// <summary>What keeps containers apart.</summary>
    public string Sandbox => _sandbox.Name;

    /// <summary>Which limits of containers the kernel enforces, or why none; known once the nodes have started.</summary>
    public string Limits => _limiter?.Description ?? "";

    /// <summary>Bearer token of the administrator.</summary>
    public string AdminToken { get; }

    public static async Task<ClusterPart> StartAsync(
        PlatformOptions options, DataPaths paths, ICredentialStore credentials, string home, BackgroundWork work, ILoggerFactory log, TimeProvider time, CancellationToken ct)
    {
        var sandbox = await SandboxAsync(options, paths, ct).ConfigureAwait(false);
        var spark = SparkBundle.Create(home, AppContext.BaseDirectory.TrimEnd('/'));
        var store = Open(paths, log, time);
        try
        {
            var runtime = new NodePodRuntime(time);
            var tokens = StaticTokenFile.LoadOrCreate(paths.AdminToken, [(AdminUser, AdminGroups)]);
            var serverOptions = ServerOptions(options, paths, credentials, tokens, log, time);
            var server = await KubeApiServer.StartAsync(store, serverOptions, runtime, time, ct).ConfigureAwait(false);
            var part = new ClusterPart(options, paths, store, server, runtime, sandbox, spark, tokens.First(t => t.User == AdminUser).Token, log, time);
            await part.ApplyAsync(ct).ConfigureAwait(false);
            ClusterControllers.Start(options.Platform, options.Realistic, serverOptions.Services, part.Client, server.Core, server.AuthorityPem, work, log, time);
            return part;
        }
        catch
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Starts running pods: after the AWS endpoint is there, because containers learn its address.</summary>
    public void StartNodes(AwsPart aws, IdentityPart identity, BackgroundWork work)
    {
        var buckets = new RoleBuckets(Client, identity, _paths.BucketViews, aws.BucketDirectories, _time);
        work.Start("service accounts", buckets.RunAsync);
        var options = new NodeAgentOptions
        {
            Directory = _paths.Nodes,
            ApiServerPort = _server.Port,
            Environment = aws.ContainerEnvironment,
            PodMounts = _sandbox is NoSandbox ? _ => [new HostMount(_paths.Buckets, RoleBuckets.Root, Writable: true)] : buckets.Mounts,
        };
        var logger = _log.CreateLogger<NodeAgent>();
        _limiter = Limiter.Detect(_paths.ShortName);
        _agent = new NodeAgent(Client, options, _sandbox, _limiter, new ImageResolver(_spark), _time, logger);
        _runtime.Attach(_agent, Client, options);
        var volumes = new VolumeController(Client, options.VolumesDirectory, _time, _log.CreateLogger<VolumeController>());
        work.Start("node agent", _agent.RunAsync);
        work.Start("volume controller", volumes.RunAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync().ConfigureAwait(false);
        if (_agent is not null)
        {
            await _agent.DisposeAsync().ConfigureAwait(false);
        }

        _limiter?.Dispose();

        await _store.DisposeAsync().ConfigureAwait(false);
    }

    private async Task ApplyAsync(CancellationToken ct)
    {
        var applier = new ObjectApplier(Client, _server.Core);
        foreach (var item in KarpenterCrds.All().Append(NodeRecord.Crd()).Append(CloudFault.Crd()).Concat(EmrCrds.All()).Concat(IamGroup.Crds())
            .Concat(PlatformObjects.Of(_options.Platform, YuniKornObjects.Of(_options.Platform).Concat(CoreDnsObjects.Of(_options.Platform))))
            .Concat(DeclaredSimulation.Faults(_options.Platform).Select(KubeJson.Write)))
        {
            await applier.ApplyAsync(item, ct).ConfigureAwait(false);
        }

        await DeclaredSimulation.ForgetOthersAsync(Client, _options.Platform, ct).ConfigureAwait(false);
        foreach (var item in _options.Platform.Teams.SelectMany(t => TeamClusters.Access(_options.Platform, t)))
        {
            await applier.ApplyAsync(item.Type, item.Body, ct).ConfigureAwait(false);
        }
    }

    private static async Task<ISandbox> SandboxAsync(PlatformOptions options, DataPaths paths, CancellationToken ct)
    {
        if (options.Sandbox == SandboxMode.None)
        {
            return new NoSandbox();
        }

        var (bwrap, problem) = await SandboxProbe.FindAsync(ct).ConfigureAwait(false);
        var etc = Path.Combine(paths.Nodes, "etc");
        ContainerEtc.Write(etc);
        return bwrap is null ? throw new CliException(problem!, "`hearth up --sandbox none` runs jobs as plain processes of your user.") : new BubblewrapSandbox(bwrap, etc);
    }

    private static ObjectStore Open(DataPaths paths, ILoggerFactory log, TimeProvider time)
    {
        try
        {
            return ObjectStore.Open(new StoreOptions(paths.Store) { Time = time, Logger = log.CreateLogger<ObjectStore>() });
        }
        catch (StoreException e)
        {
            throw new CliException(e.Message, $"The store is in {paths.Store}; nothing was changed. Start with another --data-dir, or restore the directory from a copy.");
        }
    }

    private static ApiServerOptions ServerOptions(
        PlatformOptions options, DataPaths paths, ICredentialStore credentials, IReadOnlyList<StaticToken> tokens, ILoggerFactory log, TimeProvider time) => new()
    {
        PkiDirectory = paths.Pki,
        ServiceAccountIssuer = IdentityPart.IssuerOf(options.Platform),
        Address = options.Address,
        Port = options.KubernetesPort,
        ClusterName = options.Platform.Name,
        KubernetesVersion = $"v{options.Platform.KubernetesVersion}.0+hearth",
        Tokens = tokens,
        YuniKorn = YuniKornPart.IsOn(options.Platform),
        Converters = KarpenterConversion.Converters,
        Authenticators = [new EksTokens(new EksTokenAuthenticator(credentials, options.Platform.Name, options.Platform.Region, time))],
        LoggerFactory = log,
    };
}
