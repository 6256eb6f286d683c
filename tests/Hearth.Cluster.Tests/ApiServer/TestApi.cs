using Hearth.Cluster.ApiServer;
using Hearth.Cluster.ApiServer.Auth;
using Hearth.Cluster.Controllers.Provisioning;
using Hearth.Cluster.Store;
using Hearth.Kube.Client;

namespace Hearth.Cluster.Tests.ApiServer;

/// <summary>An API over a store of its own in a temporary directory.</summary>
internal sealed class TestApi : IAsyncDisposable
{
    private readonly string _directory;

    private TestApi(string directory, ObjectStore store, ApiCore core) => (_directory, Store, Core) = (directory, store, core);

    public ObjectStore Store { get; }

    public ApiCore Core { get; }

    /// <summary>A client with every right.</summary>
    public IKubeClient Client => Core.CreateClient(UserInfo.Master("test"));

    public static async Task<TestApi> CreateAsync(IPodRuntime? runtime = null, TimeProvider? time = null, HistoryWindow? history = null)
    {
        var directory = Directory.CreateTempSubdirectory("hearth-api-").FullName;
        var options = new StoreOptions(directory) { FlushToDisk = false, Time = time ?? TimeProvider.System, History = history ?? HistoryWindow.Default };
        var store = ObjectStore.Open(options);
        var settings = new ApiCoreSettings { Runtime = runtime ?? new NoPodRuntime(), Time = time ?? TimeProvider.System, Converters = KarpenterConversion.Converters };
        return new TestApi(directory, store, await ApiCore.CreateAsync(store, settings, TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
