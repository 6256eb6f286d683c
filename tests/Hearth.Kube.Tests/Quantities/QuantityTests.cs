using Hearth.Kube.Quantities;

namespace Hearth.Kube.Tests.Quantities;

public sealed class QuantityTests
{
    public static TheoryData<string, string, long, long> Cases()
    {
        var data = new TheoryData<string, string, long, long>();
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "cases", "quantities.txt")).Where(l => !l.StartsWith('#')))
        {
            var cells = line.Split('|', StringSplitOptions.TrimEntries);
            data.Add(cells[0], cells[1], long.Parse(cells[2]), long.Parse(cells[3]));
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_quantity_has_one_canonical_text_and_rounds_up(string text, string canonical, long value, long milli)
    {
        var quantity = Quantity.Parse(text);

        quantity.ToString().ShouldBe(canonical);
        quantity.Value.ShouldBe(value);
        quantity.MilliValue.ShouldBe(milli);
        Quantity.Parse(canonical).ShouldBe(quantity);
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("1 Gi")]
    [InlineData("1gi")]
    [InlineData("1.2.3")]
    [InlineData("1e")]
    [InlineData("--1")]
    [InlineData("1MiB")]
    public void What_is_no_quantity_is_refused(string text)
    {
        Quantity.TryParse(text, out _).ShouldBeFalse();
        Should.Throw<FormatException>(() => Quantity.Parse(text)).Message.ShouldStartWith("quantities must match the regular expression");
    }

    [Theory]
    [InlineData("1", "1000m", 0)]
    [InlineData("1Gi", "1G", 1)]
    [InlineData("999m", "1", -1)]
    public void Order_is_by_amount_not_by_text(string left, string right, int expected) =>
        Quantity.Parse(left).CompareTo(Quantity.Parse(right)).ShouldBe(expected);

    [Fact]
    public void A_sum_keeps_the_format_of_its_first_part()
    {
        (Quantity.Parse("512Mi") + Quantity.Parse("512Mi")).ToString().ShouldBe("1Gi");
        (Quantity.Zero + Quantity.Parse("512Mi")).ToString().ShouldBe("512Mi");
        (Quantity.Parse("2") - Quantity.Parse("500m")).ToString().ShouldBe("1500m");
    }
}
