using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer;
using Hearth.Cluster.ApiServer.Auth;
using Hearth.Cluster.Store;
using Hearth.Cluster.Tests.Store;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.Cluster.Tests.ApiServer;

/// <summary>A disk that takes no more: every kind of write is refused by name, nothing that was acknowledged goes, and room again means work again.</summary>
public sealed class FullDiskTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Writes_are_refused_with_507_while_reads_go_on_and_succeed_once_there_is_room()
    {
        var disk = new SimulatedDisk();
        await using var store = ObjectStore.Open(new StoreOptions(disk.Directory), disk);
        var client = (await ApiCore.CreateAsync(store, null, null, Ct)).CreateClient(UserInfo.Master("test"));
        await client.CreateAsync(ConfigMap.Type, "default", Named("kept"), Ct);
        var kept = new ObjectRef(ConfigMap.Type, "default", "kept");

        disk.Space = 0;
        foreach (var write in Writes(client, kept))
        {
            var refused = await Should.ThrowAsync<KubeException>(write);
            refused.Code.ShouldBe(507);
            refused.Message.ShouldContain("free space");
        }

        var names = (await client.ListAsync(ConfigMap.Type, "default", ListOptions.All, Ct)).Items.Select(i => i["metadata"]!["name"]!.GetValue<string>()).ToArray();
        names.ShouldContain("kept");
        names.ShouldNotContain("refused");

        disk.Space = long.MaxValue;
        await client.CreateAsync(ConfigMap.Type, "default", Named("after"), Ct);
        await client.DeleteAsync(kept, DeleteOptions.Default, Ct);
    }

    private static IEnumerable<Func<Task>> Writes(IKubeClient client, ObjectRef kept)
    {
        yield return () => client.CreateAsync(ConfigMap.Type, "default", Named("refused"), Ct);
        yield return () => client.PatchAsync(kept, KubePatch.Merge(new JsonObject { ["data"] = new JsonObject { ["a"] = "b" } }), Ct);
        yield return () => client.DeleteAsync(kept, DeleteOptions.Default, Ct);
    }

    private static JsonObject Named(string name) => new() { ["metadata"] = new JsonObject { ["name"] = name } };
}
