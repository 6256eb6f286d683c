using Hearth.Delivery.Manifests;
using Hearth.Platform;
using Hearth.Scheduling.YuniKorn.Configuration;

namespace Hearth.Cli.Tests.Plan;

/// <summary>The declared queues as YuniKorn reads them: no pod of a job may be without a queue, also the one that submits, which carries no label.</summary>
public sealed class QueueTextTests
{
    private static string[] Rules(params string[] queues) =>
        [.. QueuesYaml.Read(QueueText.Of(PlatformLoader.Load(PlatformLoader.DefaultBlueprint, p => p with { Queues = [.. queues.Select(q => new Queue { Name = q })] }))).PlacementRules.Select(r => $"{r.Name} {r.Value} {r.Create}".Replace("  ", " "))];

    [Fact]
    public void Without_a_default_queue_pods_go_to_one_of_their_namespaces_name() => Rules("root.team-a", "root.team-b").ShouldBe(["provided False", "tag namespace True"]);

    [Fact]
    public void With_a_default_queue_they_go_there() => Rules("root.default", "root.prod").ShouldBeEmpty();
}
