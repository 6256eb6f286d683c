using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer.Core;
using Hearth.Cluster.ApiServer.Kinds;
using Hearth.Cluster.Store;
using Hearth.Kube.Client;
using Hearth.Kube.Core;

namespace Hearth.Cluster.Tests.ApiServer;

public sealed class BackgroundTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_go_an_hour_after_they_were_last_seen()
    {
        var time = new FixedTime();
        await using var api = await TestApi.CreateAsync(time: time);
        await api.Client.CreateAsync(Event.Type, "default", EventNamed("old", "2025-01-01T00:00:00Z"), Ct);
        await api.Client.CreateAsync(Event.Type, "default", EventNamed("seen-again", "2025-01-01T00:30:00Z"), Ct);
        time.Advance(TimeSpan.FromMinutes(61));
        await new EventExpiry(api.Core.Reader, api.Core.Remover).SweepAsync(Ct);
        var left = await api.Client.ListAsync(Event.Type, "default", ListOptions.All, Ct);
        left.Items.Select(e => e.Name()).ShouldBe(["seen-again"]);
    }

    [Fact]
    public async Task A_list_goes_on_from_a_fresh_token_when_its_state_is_forgotten()
    {
        await using var api = await TestApi.CreateAsync(history: new HistoryWindow(TimeSpan.FromHours(1), 10, 1 << 20));
        foreach (var name in new[] { "a", "b", "c" })
        {
            await api.Client.CreateAsync(ConfigMap.Type, "kube-public", Named(name), Ct);
        }

        var first = await api.Client.ListAsync(ConfigMap.Type, "kube-public", new ListOptions { Limit = 1 }, Ct);
        for (var i = 0; i < 20; i++)
        {
            await api.Client.CreateAsync(ConfigMap.Type, "default", Named($"more-{i}"), Ct);
        }

        var expired = await Should.ThrowAsync<KubeException>(() => api.Client.ListAsync(ConfigMap.Type, "kube-public", new ListOptions { Limit = 1, Continue = first.Continue }, Ct));
        expired.IsExpired.ShouldBeTrue();
        var fresh = ApiErrors.ToStatus(expired)["metadata"]!["continue"]!.GetValue<string>();
        var next = await api.Client.ListAsync(ConfigMap.Type, "kube-public", new ListOptions { Limit = 1, Continue = fresh }, Ct);
        next.Items.Single().Name().ShouldBe("b");
    }

    [Fact]
    public async Task The_catalogue_names_each_kind_once_and_follows_definitions()
    {
        await using var api = await TestApi.CreateAsync();
        var types = await api.Core.ListTypesAsync(Ct);
        types.Count(t => t.Plural == "events").ShouldBe(1);
        types.ShouldContain(Pod.Type);
        types.ShouldNotContain(t => t.Plural.EndsWith("reviews"));
    }

    private static JsonObject Named(string name) => new() { ["metadata"] = new JsonObject { ["name"] = name } };

    private static JsonObject EventNamed(string name, string last)
    {
        var tree = Named(name);
        tree["involvedObject"] = new JsonObject { ["kind"] = "Pod", ["name"] = "p" };
        tree["lastTimestamp"] = last;
        return tree;
    }
}
