using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Preemption;

namespace Hearth.Scheduling.Tests.Preemption;

public sealed class BudgetStatusTests
{
    [Theory]
    [InlineData("2", null, 3, 3, 2, 1)]
    [InlineData("2", null, 3, 2, 2, 0)]
    [InlineData("5", null, 3, 3, 5, 0)]
    [InlineData("50%", null, 3, 3, 2, 1)]
    [InlineData("100%", null, 3, 3, 3, 0)]
    [InlineData("0", null, 3, 2, 0, 2)]
    [InlineData(null, "1", 3, 3, 2, 1)]
    [InlineData(null, "1", 3, 2, 2, 0)]
    [InlineData(null, "30%", 4, 4, 2, 2)] // 1.2 rounded up
    [InlineData(null, "0", 4, 4, 4, 0)]
    [InlineData(null, "10", 4, 4, 0, 4)]
    [InlineData("1", null, 0, 0, 1, 0)]
    public void It_allows_what_is_healthy_beyond_what_must_be(string? least, string? most, int expected, int healthy, int desired, int allowed)
    {
        var status = BudgetStatus.Of(new PodDisruptionBudgetSpec { MinAvailable = Amount(least), MaxUnavailable = Amount(most) }, expected, healthy);
        (status.Desired, status.Allowed).ShouldBe((desired, allowed));
    }

    [Fact]
    public void Nonsense_is_refused() =>
        Should.Throw<FormatException>(() => BudgetStatus.Of(new PodDisruptionBudgetSpec { MinAvailable = IntOrString.Of("most") }, 3, 3));

    private static IntOrString? Amount(string? text) => text is null ? null : int.TryParse(text, out var n) ? IntOrString.Of(n) : IntOrString.Of(text);
}
