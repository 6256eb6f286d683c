using Hearth.Cluster.ApiServer.Admission;
using Hearth.Cluster.ApiServer.Auth;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.InProcess;
using Hearth.Cluster.ApiServer.Kinds;
using Hearth.Cluster.ApiServer.Registry;
using Hearth.Cluster.Store;
using Hearth.Kube.Client;
using Hearth.Kube.Objects;

namespace Hearth.Cluster.ApiServer;

/// <summary>
/// The Kubernetes API over a store, without any transport: what the HTTPS front and the in-process clients share. The same rules hold for both.
/// </summary>
public sealed class ApiCore : IResourceCatalog
{
    private ApiCore(IObjectStore store, IPodRuntime runtime, TimeProvider time)
    {
        Time = time;
        Catalog = new ResourceCatalog(BuiltinKinds.Definitions());
        Reader = new ObjectReader(store, time);
        var admission = new AdmissionChain(AdmissionRules.All(Reader));
        Services = new WriteServices(store, Reader, admission, time);
        Remover = new ObjectRemover(Services);
        Creator = new ObjectCreator(Services);
        Updater = new ObjectUpdater(Services, Remover);
        Writes = new ObjectWrites(Services, Creator, Updater);
        Access = new Access(new MastersAuthorizer());
        Logs = new PodLogs(Reader, runtime);
        Actions = new ActionTable();
        AddActions();
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

    internal PodLogs Logs { get; }

    internal ActionTable Actions { get; }

    /// <summary>Opens the API over a store and makes sure that what every cluster has is there (namespaces).</summary>
    /// <param name="store">Stays the caller's to dispose, after this.</param>
    /// <param name="runtime">Answers for logs; null: there are no containers.</param>
    /// <param name="time">The clock of timestamps and expiry; null: the system's.</param>
    public static async Task<ApiCore> CreateAsync(IObjectStore store, IPodRuntime? runtime, TimeProvider? time, CancellationToken ct)
    {
        var core = new ApiCore(store, runtime ?? new NoPodRuntime(), time ?? TimeProvider.System);
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
                .Where(d => d.StoredAs is null && d.Verbs.Contains("list", StringComparer.Ordinal) && d.Verbs.Contains("delete", StringComparer.Ordinal))
                .Where(d => seen.Add((d.Type.Group, d.Type.Plural)))
                .Select(d => d.Type),
        ];
        return Task.FromResult(types);
    }

    /// <summary>The definition behind a path, or null when nobody serves it.</summary>
    internal ResourceDefinition? Find(string group, string version, string plural) => Catalog.Current.Find(group, version, plural);

    private void AddActions()
    {
        var binding = new BindingAction(Services, Updater);
        Actions.Add(CoreKinds.Pods.Type, "binding", binding);
        Actions.Add(CoreKinds.Pods.Type, "eviction", new EvictionAction(Services, Updater, Remover));
        Actions.Add("", "bindings", new BindingResource(binding));
    }
}
