using Hearth.Aws.Http;
using Hearth.Aws.S3.Api;
using Hearth.Aws.S3.Storage;

namespace Hearth.Aws.Tests.S3;

public sealed class ConditionTests
{
    private static readonly DateTimeOffset Modified = new(2024, 5, 1, 10, 0, 0, 500, TimeSpan.Zero);

    [Theory]
    [InlineData("", "Proceed")]
    [InlineData("if-match: \"abc\"", "Proceed")]
    [InlineData("if-match: abc", "Proceed")]
    [InlineData("if-match: \"x\", \"abc\"", "Proceed")]
    [InlineData("if-match: *", "Proceed")]
    [InlineData("if-match: \"x\"", "Failed")]
    [InlineData("if-none-match: \"abc\"", "NotModified")]
    [InlineData("if-none-match: W/\"abc\"", "NotModified")]
    [InlineData("if-none-match: \"x\"", "Proceed")]
    [InlineData("if-modified-since: Wed, 01 May 2024 10:00:00 GMT", "NotModified")]
    [InlineData("if-modified-since: Wed, 01 May 2024 09:59:59 GMT", "Proceed")]
    [InlineData("if-unmodified-since: Wed, 01 May 2024 10:00:00 GMT", "Proceed")]
    [InlineData("if-unmodified-since: Wed, 01 May 2024 09:59:59 GMT", "Failed")]
    [InlineData("if-match: \"abc\" | if-unmodified-since: Wed, 01 May 2024 09:59:59 GMT", "Proceed")]
    [InlineData("if-none-match: \"x\" | if-modified-since: Wed, 01 May 2024 10:00:00 GMT", "Proceed")]
    [InlineData("if-none-match: \"abc\" | if-modified-since: Wed, 01 May 2024 09:59:59 GMT", "NotModified")]
    [InlineData("if-modified-since: nonsense", "Proceed")]
    public void Conditions_are_taken_in_the_order_of_the_standard(string headers, string expected)
    {
        var given = headers.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(h => h.Split(": ", 2)).ToDictionary(h => h[0], h => h[1]);
        var info = new ObjectInfo { Bucket = "b", Key = "k", Size = 1, LastModified = Modified, Metadata = new ObjectMetadata { ETag = "abc" } };
        ReadConditions.Evaluate(given.GetValueOrDefault, "", info, out _).ToString().ShouldBe(expected);
    }

    [Theory]
    [InlineData("bytes=0-0", 0, 1)]
    [InlineData("bytes=2-5", 2, 4)]
    [InlineData("bytes=5-", 5, 5)]
    [InlineData("bytes=-3", 7, 3)]
    [InlineData("bytes=-100", 0, 10)]
    [InlineData("bytes=8-100", 8, 2)]
    public void A_range_gives_the_bytes_it_names(string header, long offset, long length) =>
        ByteRange.Parse(header, 10).ShouldBe(new ByteRange(offset, length));

    [Theory]
    [InlineData(null)]
    [InlineData("bytes=")]
    [InlineData("bytes=5-2")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes=0-1,3-4")]
    [InlineData("lines=0-1")]
    public void A_range_that_is_not_understood_means_the_whole(string? header) => ByteRange.Parse(header, 10).ShouldBeNull();

    [Theory]
    [InlineData("bytes=10-")]
    [InlineData("bytes=10-20")]
    [InlineData("bytes=-0")]
    public void A_range_behind_the_end_cannot_be_satisfied(string header) =>
        Should.Throw<AwsException>(() => ByteRange.Parse(header, 10)).Status.ShouldBe(416);
}
