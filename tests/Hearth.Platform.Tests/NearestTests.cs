using Hearth.Platform.Text;

namespace Hearth.Platform.Tests;

public sealed class NearestTests
{
    [Theory]
    [InlineData("nodePool", "nodePools")]
    [InlineData("NODEPOOLS", "nodePools")]
    [InlineData("taems", "teams")]
    [InlineData("netwrok", "network")]
    [InlineData("monitor", "monitoring")]
    [InlineData("zebra", null)]
    public void The_nearest_name_is_found_when_it_is_near(string word, string? expected) =>
        Nearest.Find(word, ["nodePools", "nodeGroups", "teams", "network", "monitoring"]).ShouldBe(expected);

    [Theory]
    [InlineData("", "", 0)]
    [InlineData("abc", "abc", 0)]
    [InlineData("abc", "acb", 1)]
    [InlineData("abc", "ab", 1)]
    [InlineData("abc", "xbc", 1)]
    [InlineData("", "abc", 3)]
    public void Distance_counts_single_edits(string a, string b, int distance) => Nearest.Distance(a, b).ShouldBe(distance);
}
