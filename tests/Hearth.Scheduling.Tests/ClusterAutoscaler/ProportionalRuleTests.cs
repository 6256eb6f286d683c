using Hearth.Scheduling.ClusterAutoscaler;

namespace Hearth.Scheduling.Tests.ClusterAutoscaler;

public sealed class ProportionalRuleTests
{
    private const string Blueprint = """{"coresPerReplica":256,"nodesPerReplica":16,"min":1,"max":100,"preventSinglePointFailure":true,"includeUnschedulableNodes":true}""";
    private const string Steps = """{"coresToReplicas":[[1,1],[64,3],[512,5]],"nodesToReplicas":[[1,1],[2,2]]}""";

    private static ProportionalRule Rule(string key, string text) => ProportionalRule.Parse(new Dictionary<string, string>(StringComparer.Ordinal) { [key] = text });

    [Theory]
    [InlineData("linear", Blueprint, 1, 4, 1)]
    [InlineData("linear", Blueprint, 2, 8, 2)] // no single point of failure
    [InlineData("linear", Blueprint, 33, 8, 3)]
    [InlineData("linear", Blueprint, 2, 1000, 4)]
    [InlineData("linear", Blueprint, 5000, 1000, 100)]
    [InlineData("linear", """{"nodesPerReplica":4,"min":3}""", 1, 1000, 3)]
    [InlineData("linear", """{"nodesPerReplica":0.5}""", 3, 1, 6)]
    [InlineData("ladder", Steps, 1, 1, 1)]
    [InlineData("ladder", Steps, 1, 63.9, 1)]
    [InlineData("ladder", Steps, 1, 64, 3)]
    [InlineData("ladder", Steps, 9, 4000, 5)]
    [InlineData("ladder", Steps, 9, 10, 2)]
    [InlineData("ladder", """{"nodesToReplicas":[[3,0],[10,4]]}""", 5, 1, 0)] // a ladder may say none
    public void Replicas_follow_nodes_and_cores(string key, string text, int nodes, double cores, int replicas) => Rule(key, text).Replicas(nodes, cores).ShouldBe(replicas);

    [Theory]
    [InlineData("other", "{}", "neither")]
    [InlineData("linear", "{", "linear: ")]
    [InlineData("linear", "{}", "one of coresPerReplica and nodesPerReplica")]
    [InlineData("linear", """{"nodesPerReplica":1,"min":5,"max":2}""", "min is at least 1 and at most max")]
    [InlineData("linear", """{"nodesPerReplica":"x"}""", "linear.nodesPerReplica")]
    [InlineData("ladder", """{"coresToReplicas":[[1]]}""", "ladder.coresToReplicas")]
    public void What_cannot_be_is_refused_by_name(string key, string text, string problem) => Should.Throw<FormatException>(() => Rule(key, text)).Message.ShouldContain(problem);

    [Fact]
    public void Cordoned_nodes_count_only_when_the_rule_says_so()
    {
        Rule("linear", Blueprint).IncludesUnschedulable.ShouldBeTrue();
        Rule("ladder", Steps).IncludesUnschedulable.ShouldBeFalse();
    }
}
