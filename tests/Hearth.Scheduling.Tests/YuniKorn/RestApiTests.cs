using Hearth.Scheduling.YuniKorn.Rest;

namespace Hearth.Scheduling.Tests.YuniKorn;

public sealed class RestApiTests
{
    private const string Queues = "partitions: [{name: default, queues: [{name: root, submitacl: '*', queues: [{name: a, resources: {max: {vcore: 4, memory: 8G}}}]}]}]";

    private static YuniKornWorld World()
    {
        var world = new YuniKornWorld(Queues, YuniKornWorld.Node("n"));
        world.Create("p", "cpu=1,memory=1Gi", "app", "root.a", user: "ann");
        world.Create("q", "cpu=9", "big", "root.a");
        return world;
    }

    private static RestAnswer Get(string path, YuniKornWorld? world = null)
    {
        world ??= World();
        return RestApi.Get(path, world.Partition, new RestSurroundings(world.Cluster, Queues, world.Now));
    }

    [Theory]
    [InlineData("/ws/v1/partition/default/queues", "$.queuename", "root")]
    [InlineData("/ws/v1/queues", "$.children[0].queuename", "root.a")]
    [InlineData("/ws/v1/partition/default/queue/root.a", "$.allocatedResource.vcore", "1000")]
    [InlineData("/ws/v1/partition/default/queue/root.a", "$.maxResource.memory", "8000000000")]
    [InlineData("/ws/v1/partition/default/queue/root.a", "$.absUsedCapacity.vcore", "25")]
    [InlineData("/ws/v1/partition/default/queue/root.a/applications", "$[0].applicationID", "app")]
    [InlineData("/ws/v1/partition/default/queue/root.a/application/app", "$.applicationState", "Running")]
    [InlineData("/ws/v1/partition/default/application/app", "$.allocations[0].nodeId", "n")]
    [InlineData("/ws/v1/partition/default/application/app", "$.allocations[0].allocationTags['kubernetes.io/meta/podName']", "p")]
    [InlineData("/ws/v1/partition/default/applications/accepted", "$[0].applicationID", "big")]
    [InlineData("/ws/v1/apps", "$[1].pendingResource.vcore", "9000")]
    [InlineData("/ws/v1/partition/default/nodes", "$[0].nodeID", "n")]
    [InlineData("/ws/v1/partition/default/node/n", "$.available.vcore", "3000")]
    [InlineData("/ws/v1/partition/default/usage/user/ann", "$.queues[0].queuePath", "root")]
    [InlineData("/ws/v1/partitions", "$[0].totalNodes", "1")]
    [InlineData("/ws/v1/scheduler/healthcheck", "$.Healthy", "true")]
    public void State_is_read_as_scripts_read_it(string path, string member, string value)
    {
        var answer = Get(path);
        answer.Code.ShouldBe(200);
        var node = answer.Json!;
        foreach (var step in member[1..].Split(['.', '['], StringSplitOptions.RemoveEmptyEntries).SelectMany(Rejoin))
        {
            node = int.TryParse(step, out var index) ? node[index]! : node[step]!;
        }

        node.ToString().ShouldBe(value);

        // 'kubernetes.io/meta/podName' holds a dot of its own.
        IEnumerable<string> Rejoin(string part) => part switch
        {
            "'kubernetes" => ["kubernetes.io/meta/podName"],
            "io/meta/podName']" => [],
            _ => [part.TrimEnd(']')],
        };
    }

    [Theory]
    [InlineData("/ws/v1/partition/other/queues", "Partition not found")]
    [InlineData("/ws/v1/partition/default/queue/root.none", "Queue not found")]
    [InlineData("/ws/v1/partition/default/application/none", "Application not found")]
    [InlineData("/ws/v1/nothing", "/ws/v1/nothing is not part of this scheduler's API")]
    public void What_is_not_there_is_404_in_its_form(string path, string message)
    {
        var answer = Get(path);
        (answer.Code, answer.Json!["message"]!.ToString()).ShouldBe((404, message));
    }

    [Fact]
    public void A_queue_text_is_checked_without_being_taken()
    {
        RestApi.Validate(Queues).Json!["allowed"]!.GetValue<bool>().ShouldBeTrue();
        RestApi.Validate("partitions: [{name: x}]").Json!["reason"]!.ToString().ShouldContain("only the partition 'default'");
    }
}
