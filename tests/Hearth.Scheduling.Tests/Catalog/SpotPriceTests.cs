using Hearth.Scheduling.Catalog;

namespace Hearth.Scheduling.Tests.Catalog;

public sealed class SpotPriceTests
{
    [Fact]
    public void Lines_give_a_price_for_a_zone_or_for_all()
    {
        var list = SpotPriceList.Parse("type,zone,price\n# mine\n\nc5d.xlarge,us-west-2a,0.07\nc5d.xlarge, 0.08\nr5d.large,0.05\n", "p.csv");
        (list.Find("c5d.xlarge", "us-west-2a"), list.Find("c5d.xlarge", "us-west-2b"), list.Find("r5d.large", "us-west-2a"), list.Find("m5.large", "us-west-2a")).ShouldBe((0.07m, 0.08m, 0.05m, null));
    }

    [Fact]
    public void Of_a_price_history_the_newest_of_each_type_and_zone_counts_and_other_systems_do_not()
    {
        const string Text = """
            {"SpotPriceHistory": [
              {"AvailabilityZone": "us-west-2a", "InstanceType": "c5d.xlarge", "ProductDescription": "Linux/UNIX", "SpotPrice": "0.080000", "Timestamp": "2026-01-02T00:00:00+00:00"},
              {"AvailabilityZone": "us-west-2a", "InstanceType": "c5d.xlarge", "ProductDescription": "Linux/UNIX", "SpotPrice": "0.070000", "Timestamp": "2026-01-03T00:00:00+00:00"},
              {"AvailabilityZone": "us-west-2a", "InstanceType": "c5d.xlarge", "ProductDescription": "Windows", "SpotPrice": "0.900000", "Timestamp": "2026-01-04T00:00:00+00:00"}
            ]}
            """;
        SpotPriceList.Parse(Text, "p.json").Find("c5d.xlarge", "us-west-2a").ShouldBe(0.07m);
    }

    [Theory]
    [InlineData("c5d.xlarge", "p:1: 'type,price' or 'type,zone,price' was expected")]
    [InlineData("\nc5d.xlarge,0", "p:2: '0' is not a price above 0, in USD an hour")]
    [InlineData("c5d.xlarge,free", "p:1: 'free' is not a price above 0, in USD an hour")]
    [InlineData("{", "p: no JSON: ")]
    [InlineData("{\"a\":1}", "p: there is no SpotPriceHistory in it")]
    [InlineData("{\"SpotPriceHistory\":[{\"InstanceType\":\"x\"}]}", "p: SpotPriceHistory[0]: AvailabilityZone is missing")]
    public void What_is_wrong_is_named(string text, string problem) => Should.Throw<FormatException>(() => SpotPriceList.Parse(text, "p")).Message.ShouldStartWith(problem);

    [Fact]
    public void A_listed_price_comes_before_the_model_and_says_where_it_is_from()
    {
        var spot = SpotPricing.Kwok with { List = SpotPriceList.Parse("c5d.xlarge,us-west-2a,0.07", "p.csv") };
        var catalog = RegionCatalog.For("us-west-2", spot);
        var offerings = catalog.Offerings(catalog.Find("c5d.xlarge")!, ["us-west-2a", "us-west-2b"]).Where(o => o.CapacityType == "spot").ToDictionary(o => o.Zone);
        (offerings["us-west-2a"].PricePerHour, offerings["us-west-2a"].Basis.Text, offerings["us-west-2a"].Basis.IsAssumption).ShouldBe((0.07m, "spot prices of p.csv", false));
        offerings["us-west-2b"].Basis.IsAssumption.ShouldBeTrue();
    }
}
