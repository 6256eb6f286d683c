using System.Security.Cryptography;
using Hearth.Cluster.ApiServer.Admission;
using Hearth.Cluster.ApiServer.Admission.Quota;
using Hearth.Cluster.ApiServer.Auth;
using Hearth.Cluster.ApiServer.Auth.Rbac;
using Hearth.Cluster.ApiServer.Auth.Tokens;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Crds;
using Hearth.Cluster.ApiServer.InProcess;
using Hearth.Cluster.ApiServer.Kinds;
using Hearth.Cluster.ApiServer.Registry;
using Hearth.Cluster.Store;
using Hearth.Kube.Client;
using Hearth.Kube.Objects;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.ApiServer;

/// <summary>
/// The Kubernetes API over a store, without any transport: what the HTTPS front and the in-process clients share. The same rules hold for both.
/// </summary>
public sealed class ApiCore : IResourceCatalog, IAsyncDisposable
{
    private readonly RbacAuthorizer _rbac;
    private readonly CrdRegistry _crds;
    private readonly CrdCleanup _cleanup;
    private readonly EventExpiry _events;

    private ApiCore(IObjectStore store, ApiCoreSettings settings)
    {
        Time = settings.Time;
        Reader = new ObjectReader(store, Time);
        var crds = new CrdRules(Reader, settings.Converters.Keys.ToHashSet(StringComparer.Ordinal));
        Catalog = new ResourceCatalog(
        [
            .. BuiltinKinds.Definitions(),
            OtherKinds.CustomResourceDefinitions with { Strategy = crds.Strategy() },
            .. settings.Metrics is null ? [] : MetricsKinds.Definitions(),
        ]);
        _rbac = new RbacAuthorizer(Reader);
        Access = new Access(_rbac);
        var quotas = new QuotaLedger(Reader, () => Catalog.Current);
        Services = new WriteServices(store, Reader, new AdmissionChain(AdmissionRules.All(Reader, _rbac, quotas, settings.YuniKorn)), Time);
        Remover = new ObjectRemover(Services);
        Creator = new ObjectCreator(Services);
        Updater = new ObjectUpdater(Services, Remover);
        Writes = new ObjectWrites(Services, Creator, Updater);
        Runtime = settings.Runtime;
        Logs = new PodLogs(Reader, Runtime);
        var key = settings.ServiceAccountKey ?? ECDsa.Create(ECCurve.NamedCurves.nistP256);
        AccountTokens = new ServiceAccountTokens(Reader, key, settings.Issuer ?? ServiceAccountTokens.ApiAudience);
        Tokens = new TokenAuthenticatorChain([new StaticTokens(settings.Tokens), AccountTokens, .. settings.Authenticators]);
        _crds = new CrdRegistry(Reader, Catalog, settings.Converters);
        _cleanup = new CrdCleanup(Reader, Remover, Updater, Catalog, settings.LoggerFactory.CreateLogger<CrdCleanup>());
        _events = new EventExpiry(Reader, Remover);
        Services.Listen(_rbac);
        Services.Listen(new RoleAggregation(Reader, Updater));
        Services.Listen(_crds);
        Services.Listen(_cleanup);
        Services.Listen(new NamespaceContents(Creator, settings.AuthorityPem));
        Services.Listen(new QuotaStatus(quotas, Updater));
        AddActions(settings);
    }

    internal TimeProvider Time { get; }

    internal ResourceCatalog Catalog { get; }

    internal ObjectReader Reader { get; }

    internal WriteServices Services { get; }

    internal ObjectCreator Creator { get; }

    internal ObjectUpdater Updater { get; }

    internal ObjectRemover Remover { get; }

    internal ObjectWrites Writes { get; }

    internal Access Access { get; }

    internal IPodRuntime Runtime { get; }

    internal PodLogs Logs { get; }

    internal ActionTable Actions { get; } = new();

    internal ServiceAccountTokens AccountTokens { get; }

    internal TokenAuthenticatorChain Tokens { get; }

    /// <summary>Opens the API over a store and makes sure that what every cluster has is there (namespaces, default roles).</summary>
    /// <param name="store">Stays the caller's to dispose, after this.</param>
    /// <param name="runtime">Answers for logs; null: there are no containers.</param>
    /// <param name="time">The clock of timestamps and expiry; null: the system's.</param>
    public static Task<ApiCore> CreateAsync(IObjectStore store, IPodRuntime? runtime, TimeProvider? time, CancellationToken ct) =>
        CreateAsync(store, new ApiCoreSettings { Runtime = runtime ?? new NoPodRuntime(), Time = time ?? TimeProvider.System }, ct);

    internal static async Task<ApiCore> CreateAsync(IObjectStore store, ApiCoreSettings settings, CancellationToken ct)
    {
        var core = new ApiCore(store, settings);
        core._crds.Reload();
        core._cleanup.Resume();
        core._events.Start();
        await new Bootstrap(core).RunAsync(ct).ConfigureAwait(false);
        return core;
    }

    /// <summary>A client in this process that acts as <paramref name="user"/>: same answers and errors as over HTTPS, without HTTP.</summary>
    public IKubeClient CreateClient(UserInfo user) => new InProcessKubeClient(this, user);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ResourceType>> ListTypesAsync(CancellationToken ct)
    {
        var seen = new HashSet<(string, string)>();
        IReadOnlyList<ResourceType> types =
        [
            .. Catalog.Current.Definitions
                .Where(d => d.Verbs.Contains("list", StringComparer.Ordinal) && d.Verbs.Contains("delete", StringComparer.Ordinal))
                .Where(d => seen.Add(((d.StoredAs ?? d.Type).Group, d.Type.Plural)))
                .Select(d => d.Type),
        ];
        return Task.FromResult(types);
    }

    /// <summary>Stops what runs in the background. Clients made before go on working as long as the store does.</summary>
    public async ValueTask DisposeAsync()
    {
        await _events.DisposeAsync().ConfigureAwait(false);
        await _cleanup.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>The definition behind a path, or null when nobody serves it.</summary>
    internal ResourceDefinition? Find(string group, string version, string plural) => Catalog.Current.Find(group, version, plural);

    private void AddActions(ApiCoreSettings settings)
    {
        var binding = new BindingAction(Services, Updater);
        Actions.Add(CoreKinds.Pods.Type, "binding", binding);
        Actions.Add(CoreKinds.Pods.Type, "eviction", new EvictionAction(Services, Updater, Remover));
        Actions.Add(CoreKinds.ServiceAccounts.Type, "token", new TokenRequestAction(Reader, AccountTokens));
        Actions.Add("", "bindings", new BindingResource(binding));
        Actions.Add("authentication.k8s.io", "selfsubjectreviews", new SelfSubjectReviews());
        Actions.Add("authentication.k8s.io", "tokenreviews", new TokenReviews(Tokens));
        Actions.Add("authorization.k8s.io", "selfsubjectaccessreviews", new AccessReviews(_rbac, self: true));
        Actions.Add("authorization.k8s.io", "subjectaccessreviews", new AccessReviews(_rbac, self: false));
        Actions.Add("authorization.k8s.io", "localsubjectaccessreviews", new AccessReviews(_rbac, self: false));
        Actions.Add("authorization.k8s.io", "selfsubjectrulesreviews", new RulesReviews(_rbac));
        if (settings.Metrics is { } metrics)
        {
            Actions.Add("metrics.k8s.io", "nodes", new MetricsKinds.Nodes(metrics));
            Actions.Add("metrics.k8s.io", "pods", new MetricsKinds.Pods(metrics));
        }
    }
}
