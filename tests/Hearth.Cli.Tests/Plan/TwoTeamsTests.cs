using System.Globalization;
using System.Text.Json.Nodes;
using Hearth.Cluster.Controllers.Scheduler;
using Hearth.Cluster.Controllers.YuniKorn;
using Hearth.Cluster.Tests.Controllers;
using Hearth.Kube.Client;
using Hearth.Kube.Core;

namespace Hearth.Cli.Tests.Plan;

/// <summary>The sample multi-team, small: a team that could fill everything, and another that comes a moment later.</summary>
public sealed class TwoTeamsTests
{
    private const string Queues = """
        partitions:
          - name: default
            placementrules: [{name: provided, create: false}]
            queues:
              - name: root
                submitacl: "*"
                queues:
                  - {name: team-a, resources: {guaranteed: {vcore: 3}, max: {vcore: 4}}}
                  - {name: team-b, resources: {guaranteed: {vcore: 3}}}
        """;

    [Fact]
    public async Task With_queues_the_second_team_has_its_places_at_once_although_the_first_has_more_to_do()
    {
        await using var cluster = await ControllerCluster.CreateAsync();
        var yunikorn = new YuniKornScheduler(cluster.Client, cluster.Informers, TimeProvider.System, ControllerCluster.Log);
        var scheduler = new PodScheduler(cluster.Client, cluster.Informers, TimeProvider.System, ControllerCluster.Log, yunikorn);
        yunikorn.Configure(Queues);
        await PlayAsync(cluster, "yunikorn", [scheduler.RunAsync, yunikorn.RunAsync], bound: 4);
        (await cluster.UntilPod("b-1", p => p.Spec!.NodeName is not null, "has a place")).Spec!.NodeName.ShouldBe("n");
        await cluster.UntilPod("b-2", p => p.Spec!.NodeName is not null, "has a place");
        (await BoundAsync(cluster, "a-")).ShouldBe(4);
        await cluster.UntilPod("a-8", p => p.Status?.Conditions?.Any(c => c is { Type: "PodScheduled", Reason: "SchedulingSkipped" }) == true, "waits for its queue, where no node helps");
    }

    [Fact]
    public async Task Without_them_the_second_team_waits_until_the_first_leaves_something()
    {
        await using var cluster = await ControllerCluster.CreateAsync();
        var scheduler = new PodScheduler(cluster.Client, cluster.Informers, TimeProvider.System, ControllerCluster.Log);
        await PlayAsync(cluster, "default-scheduler", [scheduler.RunAsync], bound: 6);
        await cluster.UntilPod("b-1", p => p.Status?.Conditions?.Any(c => c is { Type: "PodScheduled", Reason: "Unschedulable" }) == true, "finds no room");
        (await BoundAsync(cluster, "b-")).ShouldBe(0);
    }

    private static async Task PlayAsync(ControllerCluster cluster, string schedulerName, Func<CancellationToken, Task>[] controllers, int bound)
    {
        cluster.Run(controllers);
        await cluster.NodeAsync("n", "cpu=6,memory=64Gi,pods=110");
        for (var i = 1; i <= 8; i++)
        {
            await PodAsync(cluster, string.Create(CultureInfo.InvariantCulture, $"a-{i}"), "team-a", schedulerName);
        }

        await ControllerCluster.Until(() => BoundAsync(cluster, "a-"), n => n == bound, "the first team has what it may have");
        await PodAsync(cluster, "b-1", "team-b", schedulerName);
        await PodAsync(cluster, "b-2", "team-b", schedulerName);
    }

    private static Task PodAsync(ControllerCluster cluster, string name, string team, string schedulerName) => cluster.PodAsync(name, "cpu=1,memory=1Gi", change: p =>
    {
        p["spec"]!["schedulerName"] = schedulerName;
        p["metadata"]!["labels"] = new JsonObject { ["applicationId"] = team, ["queue"] = $"root.{team}" };
    });

    private static async Task<int> BoundAsync(ControllerCluster cluster, string prefix) =>
        (await cluster.Client.ListAsync<Pod>("default", ListOptions.All, default)).Count(p => p.Metadata.Name!.StartsWith(prefix, StringComparison.Ordinal) && p.Spec?.NodeName is not null);
}
