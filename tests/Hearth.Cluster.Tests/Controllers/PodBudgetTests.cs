using System.Text.Json.Nodes;
using Hearth.Cluster.Controllers.PodBudgets;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.Cluster.Tests.Controllers;

public sealed class PodBudgetTests
{
    [Fact]
    public async Task A_budget_says_what_it_allows_and_the_eviction_API_keeps_to_it()
    {
        await using var cluster = await ControllerCluster.CreateAsync();
        cluster.Run(new PodBudgetController(cluster.Client, cluster.Informers, TimeProvider.System, ControllerCluster.Log).RunAsync);
        await cluster.NodeAsync("a");
        foreach (var name in new[] { "x1", "x2" })
        {
            await cluster.PodAsync(name, change: p =>
            {
                p["metadata"]!["labels"] = new JsonObject { ["app"] = "x" };
                p["spec"]!["nodeName"] = "a";
            });
            await ReadyAsync(cluster, name);
        }

        await cluster.Client.CreateAsync(PodDisruptionBudget.Type, "default", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "keep-one", ["namespace"] = "default" },
            ["spec"] = new JsonObject { ["minAvailable"] = 1, ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = "x" } } },
        }, default);
        var budget = await UntilAsync(cluster, 1);
        (budget.Status!.ExpectedPods, budget.Status.CurrentHealthy, budget.Status.DesiredHealthy, budget.Status.ObservedGeneration).ShouldBe((2, 2, 1, budget.Metadata.Generation));
        await EvictAsync(cluster, "x1");
        await UntilAsync(cluster, 0);
        (await Should.ThrowAsync<KubeException>(() => EvictAsync(cluster, "x2"))).Code.ShouldBe(429);
        await cluster.PodAsync("x3", change: p =>
        {
            p["metadata"]!["labels"] = new JsonObject { ["app"] = "x" };
            p["spec"]!["nodeName"] = "a";
        });
        await ReadyAsync(cluster, "x3");
        await UntilAsync(cluster, 1);
        await EvictAsync(cluster, "x2");
    }

    private static Task ReadyAsync(ControllerCluster cluster, string pod) =>
        cluster.Client.PatchAsync(new ObjectRef(Pod.Type, "default", pod), KubePatch.Status(new JsonObject
        {
            ["phase"] = "Running", ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True" }),
        }), default);

    private static Task EvictAsync(ControllerCluster cluster, string pod) =>
        cluster.Client.PostAsync(new ObjectRef(Pod.Type, "default", pod), "eviction", new JsonObject
        {
            ["apiVersion"] = "policy/v1", ["kind"] = "Eviction", ["metadata"] = new JsonObject { ["name"] = pod, ["namespace"] = "default" },
        }, default);

    private static Task<PodDisruptionBudget> UntilAsync(ControllerCluster cluster, int allowed) => ControllerCluster.Until(
        () => cluster.Client.GetAsync<PodDisruptionBudget>("default", "keep-one", default), b => b.Status?.DisruptionsAllowed == allowed, $"{allowed} may go");
}
