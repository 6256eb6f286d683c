using Hearth.Engine.Delta.Commands;

namespace Hearth.Engine.Tests.Delta;

/// <summary>Which files of a MERGE's target can hold a key of the source.</summary>
public sealed class MergePruningTests
{
    [Theory]
    [InlineData("5", 1, 10, true)]
    [InlineData("0,11", 1, 10, false)]
    [InlineData("0,10,11", 1, 10, true)]
    [InlineData("1", 1, 10, true)]
    [InlineData("", 1, 10, false)]
    public void A_file_is_read_when_a_key_lies_within_its_bounds(string keys, int min, int max, bool read) =>
        MergePruning.Meets(Keys(keys), all: true, (decimal)min, (decimal)max).ShouldBe(read);

    [Theory]
    [InlineData("0,11", 1, 10, true)]
    [InlineData("11,20", 1, 10, false)]
    [InlineData("10,20", 1, 10, true)]
    public void With_a_range_only_every_file_within_it_is_read(string keys, int min, int max, bool read) =>
        MergePruning.Meets(Keys(keys), all: false, (decimal)min, (decimal)max).ShouldBe(read);

    private static IComparable[] Keys(string keys) => [.. keys.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(k => (IComparable)decimal.Parse(k, System.Globalization.CultureInfo.InvariantCulture))];
}
