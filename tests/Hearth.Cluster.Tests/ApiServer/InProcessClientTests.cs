using System.Text.Json.Nodes;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.Cluster.Tests.ApiServer;

public sealed class InProcessClientTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_created_pod_has_what_the_server_adds()
    {
        await using var api = await TestApi.CreateAsync();
        var pod = await api.Client.CreateAsync(Pod.Type, "default", PodNamed("p"), Ct);

        pod["metadata"]!["uid"]!.GetValue<string>().Length.ShouldBe(36);
        pod["metadata"]!["resourceVersion"].ShouldNotBeNull();
        pod["spec"]!["restartPolicy"]!.GetValue<string>().ShouldBe("Always");
        pod["spec"]!["securityContext"]!.ToJsonString().ShouldBe("{}");
        pod["status"]!["phase"]!.GetValue<string>().ShouldBe("Pending");
        pod["spec"]!["containers"]![0]!["imagePullPolicy"]!.GetValue<string>().ShouldBe("IfNotPresent");
        pod["spec"]!["containers"]![0]!["resources"]!["requests"]!["cpu"]!.GetValue<string>().ShouldBe("500m");
    }

    [Fact]
    public async Task A_watch_shows_the_present_and_then_every_change()
    {
        await using var api = await TestApi.CreateAsync();
        await api.Client.CreateAsync(ConfigMap.Type, "default", Map("a", "1"), Ct);
        var seen = new List<string>();
        var watch = Task.Run(async () =>
        {
            await foreach (var change in api.Client.WatchAsync(ConfigMap.Type, "default", new WatchOptions { FieldSelector = "metadata.name!=kube-root-ca.crt" }, Ct))
            {
                seen.Add($"{change.Type} {change.Object["metadata"]!["name"]} {change.Object["data"]!["k"]}");
                if (change.Type == WatchEventType.Deleted)
                {
                    return;
                }
            }
        }, Ct);
        var target = new ObjectRef(ConfigMap.Type, "default", "a");
        await Until(() => seen.Count == 1);
        await api.Client.PatchAsync(target, KubePatch.Merge(new JsonObject { ["data"] = new JsonObject { ["k"] = "2" } }), Ct);
        await api.Client.CreateAsync(ConfigMap.Type, "kube-system", Map("elsewhere", "1"), Ct);
        await api.Client.DeleteAsync(target, DeleteOptions.Default, Ct);
        await watch;
        seen.ShouldBe(["Added a 1", "Modified a 2", "Deleted a 2"]);
    }

    [Fact]
    public async Task A_change_that_changes_nothing_keeps_the_version()
    {
        await using var api = await TestApi.CreateAsync();
        var created = await api.Client.CreateAsync(ConfigMap.Type, "default", Map("a", "1"), Ct);
        var patched = await api.Client.PatchAsync(new ObjectRef(ConfigMap.Type, "default", "a"), KubePatch.Merge(new JsonObject { ["data"] = new JsonObject { ["k"] = "1" } }), Ct);
        Version(patched).ShouldBe(Version(created));
    }

    [Fact]
    public async Task A_stale_replacement_is_a_conflict()
    {
        await using var api = await TestApi.CreateAsync();
        var stale = await api.Client.CreateAsync(ConfigMap.Type, "default", Map("a", "1"), Ct);
        var target = new ObjectRef(ConfigMap.Type, "default", "a");
        await api.Client.ReplaceAsync(target, Map("a", "2"), null, Ct);
        var error = await Should.ThrowAsync<KubeException>(() => api.Client.ReplaceAsync(target, stale, null, Ct));
        error.IsConflict.ShouldBeTrue();
        error.Message.ShouldBe("Operation cannot be fulfilled on configmaps \"a\": the object has been modified; please apply your changes to the latest version and try again");
    }

    [Fact]
    public async Task A_bound_pod_waits_for_its_node_to_let_go()
    {
        await using var api = await TestApi.CreateAsync();
        var target = new ObjectRef(Pod.Type, "default", "p");
        await api.Client.CreateAsync(Pod.Type, "default", PodNamed("p"), Ct);
        await api.Client.PostAsync(target, "binding", new JsonObject { ["target"] = new JsonObject { ["kind"] = "Node", ["name"] = "n1" } }, Ct);
        await api.Client.DeleteAsync(target, DeleteOptions.Default, Ct);
        var pod = await api.Client.GetAsync(target, Ct);
        pod["spec"]!["nodeName"]!.GetValue<string>().ShouldBe("n1");
        pod["metadata"]!["deletionTimestamp"].ShouldNotBeNull();
        pod["metadata"]!["deletionGracePeriodSeconds"]!.GetValue<long>().ShouldBe(30);
        await api.Client.DeleteAsync(target, new DeleteOptions { GracePeriodSeconds = 0 }, Ct);
        (await Should.ThrowAsync<KubeException>(() => api.Client.GetAsync(target, Ct))).IsNotFound.ShouldBeTrue();
    }

    private static string Version(JsonObject tree) => tree["metadata"]!["resourceVersion"]!.GetValue<string>();

    private static JsonObject Map(string name, string value) =>
        new() { ["metadata"] = new JsonObject { ["name"] = name }, ["data"] = new JsonObject { ["k"] = value } };

    private static JsonObject PodNamed(string name) => new()
    {
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = new JsonObject
        {
            ["containers"] = new JsonArray(new JsonObject
            {
                ["name"] = "c",
                ["image"] = "busybox:1",
                ["resources"] = new JsonObject { ["limits"] = new JsonObject { ["cpu"] = "0.5" } },
            }),
        },
    };

    private static async Task Until(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(5, Ct);
        }
    }
}
