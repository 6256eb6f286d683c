using Hearth.Scheduling.Disruption;
using Hearth.Scheduling.Karpenter;

namespace Hearth.Scheduling.Tests.Disruption;

public sealed class EmptinessTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static DisruptionCandidate Node(string name, int pods = 0, int idleSeconds = 120) => new()
    {
        ClaimName = "claim-" + name,
        NodeName = name,
        Pool = "spark",
        Initialized = true,
        Pods = [.. Enumerable.Range(0, pods).Select(i => Build.Info($"{name}-{i}"))],
        LastPodEvent = Noon.AddSeconds(-idleSeconds),
    };

    private static string Gone(PoolDisruption pool, params DisruptionCandidate[] nodes) =>
        string.Join(',', Emptiness.Decide(new() { Candidates = nodes, Pools = new Dictionary<string, PoolDisruption> { ["spark"] = pool }, Now = Noon })?.Candidates.Select(c => c.NodeName) ?? []);

    private static PoolDisruption Pool(string? after = "1m", string policy = "WhenEmptyOrUnderutilized", params Budget[] budgets) =>
        PoolDisruption.From(new NodePool { Metadata = new() { Name = "spark" }, Spec = new() { Disruption = new() { ConsolidateAfter = after, ConsolidationPolicy = policy, Budgets = budgets } } });

    [Fact]
    public void Empty_nodes_go_after_the_pools_time() =>
        Gone(Pool(), Node("a"), Node("busy", pods: 1), Node("fresh", idleSeconds: 59), Node("just", idleSeconds: 60)).ShouldBe("a,just");

    [Theory]
    [InlineData("WhenEmpty")]
    [InlineData("WhenEmptyOrUnderutilized")]
    [InlineData("Balanced")]
    public void Every_policy_lets_empty_nodes_go(string policy) => Gone(Pool("30s", policy), Node("a")).ShouldBe("a");

    [Fact]
    public void Never_means_never() => Gone(Pool("Never"), Node("a")).ShouldBe("");

    [Fact]
    public void Protected_nominated_deleting_and_unfinished_nodes_stay() =>
        Gone(Pool(), Node("a") with { DoNotDisrupt = true }, Node("b") with { Nominated = true }, Node("c") with { Deleting = true },
            Node("d") with { Initialized = false }, Node("e") with { PodBlock = "a daemon forbids it" }).ShouldBe("");

    [Fact]
    public void The_default_budget_lets_a_tenth_go_rounded_up()
    {
        var nodes = Enumerable.Range(0, 11).Select(i => Node($"n{i:00}", idleSeconds: 200 - i)).ToArray();
        var pool = PoolDisruption.From(new NodePool { Metadata = new() { Name = "spark" } });
        Gone(pool, nodes).ShouldBe("n00,n01");
        Gone(pool, [.. nodes[..10], nodes[10] with { Ready = false }]).ShouldBe("n00");
    }

    [Theory]
    [InlineData("3", null, 10, 0, 3)]
    [InlineData("50%", null, 5, 1, 2)]
    [InlineData("0", null, 5, 0, 0)]
    [InlineData("0", "Drifted", 5, 0, int.MaxValue)]
    [InlineData("1", "Empty", 5, 2, 0)]
    public void A_budget_bounds_what_goes_for_its_reasons(string nodes, string? reason, int total, int busy, int allowed) =>
        Budgets.Allowed([new Budget { Nodes = nodes, Reasons = reason is null ? null : [reason] }], DisruptionReason.Empty, total, busy, DateTimeOffset.UnixEpoch).ShouldBe(allowed);

    [Theory]
    [InlineData("30s", 30)]
    [InlineData("1h30m", 5400)]
    [InlineData("720h", 2592000)]
    [InlineData("0s", 0)]
    public void Durations_are_read_as_Karpenter_writes_them(string text, int seconds) => KarpenterDuration.Parse(text).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("m")]
    [InlineData("never")]
    [InlineData("1d")]
    public void Other_texts_are_refused(string text) => Should.Throw<FormatException>(() => KarpenterDuration.Parse(text)).Message.ShouldContain("is not a duration");
}
