using System.Text.Json;
using Hearth.Cluster.ApiServer.Crds;
using Hearth.Cluster.ApiServer.Discovery;
using Hearth.Cluster.ApiServer.Tables;

namespace Hearth.Cluster.Tests.ApiServer;

public sealed class TextTests
{
    [Theory]
    [InlineData(-5, "<invalid>")]
    [InlineData(-1, "0s")]
    [InlineData(0, "0s")]
    [InlineData(119, "119s")]
    [InlineData(120, "2m")]
    [InlineData(123, "2m3s")]
    [InlineData(600, "10m")]
    [InlineData(10_799, "179m")]
    [InlineData(10_800, "3h")]
    [InlineData(14_700, "4h5m")]
    [InlineData(28_800, "8h")]
    [InlineData(172_800, "2d")]
    [InlineData(180_000, "2d2h")]
    [InlineData(691_200, "8d")]
    [InlineData(63_072_000, "2y")]
    [InlineData(64_000_000, "2y10d")]
    [InlineData(252_288_000, "8y")]
    public void Ages_read_as_kubectl_prints_them(long seconds, string text) => AgeText.Of(TimeSpan.FromSeconds(seconds)).ShouldBe(text);

    [Theory]
    [InlineData(".a.b", "1")]
    [InlineData("{.a.b}", "1")]
    [InlineData(".a['b']", "1")]
    [InlineData(".a.x\\.y/z", "2")]
    [InlineData(".a['x\\.y/z']", "2")]
    [InlineData(".l[0].n", "p")]
    [InlineData(".l[-1].n", "q")]
    [InlineData(".l[*].n", "p q")]
    [InlineData(".l[?(@.n==\"q\")].v", "true")]
    [InlineData(".l[?(@.n!='q')].v", "false")]
    [InlineData(".nothing.at.all", null)]
    [InlineData(".a", "{\"b\":1,\"x.y/z\":2}")]
    public void Json_paths_find_what_columns_show(string path, string? text)
    {
        using var document = JsonDocument.Parse("""{"a":{"b":1,"x.y/z":2},"l":[{"n":"p","v":false},{"n":"q","v":true}]}""");
        JsonPathQuery.Parse(path).Text(document.RootElement).ShouldBe(text);
    }

    [Fact]
    public void Versions_are_preferred_by_maturity()
    {
        string[] versions = ["v1alpha1", "v10beta3", "v1", "foo1", "v2", "v1beta2", "v1beta1", "v11alpha2"];
        versions.OrderDescending(VersionPriority.Comparer).ShouldBe(["v2", "v1", "v10beta3", "v1beta2", "v1beta1", "v11alpha2", "v1alpha1", "foo1"]);
    }
}
