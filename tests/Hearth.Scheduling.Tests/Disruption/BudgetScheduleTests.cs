using Hearth.Scheduling.Disruption;
using Hearth.Scheduling.Karpenter;

namespace Hearth.Scheduling.Tests.Disruption;

public sealed class BudgetScheduleTests
{
    [Theory]
    [InlineData("0 9 * * mon-fri", "8h", "2026-11-30T10:00:00Z", true)] // a Monday
    [InlineData("0 9 * * mon-fri", "8h", "2026-11-30T08:59:00Z", false)]
    [InlineData("0 9 * * mon-fri", "8h", "2026-11-30T17:00:00Z", false)] // the duration has just passed
    [InlineData("0 9 * * mon-fri", "8h", "2026-11-29T10:00:00Z", false)] // a Sunday
    [InlineData("@daily", "10m", "2026-11-29T00:09:00Z", true)]
    [InlineData("@daily", "10m", "2026-11-29T00:11:00Z", false)]
    [InlineData("*/15 * * * *", "5m", "2026-11-29T12:34:00Z", true)]
    [InlineData("*/15 * * * *", "5m", "2026-11-29T12:36:00Z", false)]
    [InlineData("0 0 1 * 0", "1h", "2026-11-29T00:30:00Z", true)] // the first of the month or a Sunday
    [InlineData("0 0 1 * 0", "1h", "2026-12-01T00:30:00Z", true)]
    [InlineData("0 0 1 * 0", "1h", "2026-12-02T00:30:00Z", false)]
    [InlineData("0 0 31 dec *", "24h", "2026-12-31T20:00:00Z", true)]
    [InlineData("30 22 * * *", "720h", "2026-11-29T12:00:00Z", true)]
    public void A_scheduled_budget_counts_from_each_hit_for_its_duration(string schedule, string duration, string now, bool active)
    {
        Budget[] budgets = [new() { Nodes = "1", Schedule = schedule, Duration = duration }];
        Budgets.Allowed(budgets, DisruptionReason.Empty, 10, 0, DateTimeOffset.Parse(now)).ShouldBe(active ? 1 : int.MaxValue);
    }

    [Theory]
    [InlineData("60 * * * *")]
    [InlineData("* * * *")]
    [InlineData("@fortnightly")]
    [InlineData("5-1 * * * *")]
    [InlineData("1-2-3 * * * *")]
    public void One_that_cannot_be_read_holds_everything_back(string schedule) =>
        Budgets.Allowed([new() { Nodes = "5", Schedule = schedule, Duration = "1h" }], DisruptionReason.Empty, 10, 0, DateTimeOffset.UnixEpoch).ShouldBe(0);

    [Fact]
    public void Other_reasons_are_not_bound() =>
        Budgets.Allowed([new() { Nodes = "0", Reasons = ["Drifted"] }], DisruptionReason.Empty, 10, 0, DateTimeOffset.UnixEpoch).ShouldBe(int.MaxValue);
}
