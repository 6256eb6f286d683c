using Hearth.Cluster.ApiServer.Streaming.Spdy;

namespace Hearth.Cluster.Tests.ApiServer.Streaming;

/// <summary>Header blocks; the bytes were made with zlib's <c>deflateSetDictionary</c> (Python 3.11).</summary>
public sealed class SpdyHeaderTests
{
    private static readonly string[] Blocks =
    [
        "78f9e3c6a7c202a62346703a2b294a4dcc851625aca9a08006000000ffff",
        "02a5470c295029930829b08bc079c3c2c0c2004873164122381394f0190d00000000ffff",
        "02120c00000000ffff",
    ];

    [Fact]
    public void The_blocks_of_a_connection_are_one_stream_with_SPDYs_dictionary()
    {
        using var inflater = new HeaderInflater();

        var read = Blocks.Select(b => inflater.Read(Convert.FromHexString(b))).ToArray();

        read[0].ShouldBe(new Dictionary<string, string> { ["streamtype"] = "error" });
        read[1].ShouldBe(new Dictionary<string, string> { ["streamtype"] = "data", ["port"] = "8080", ["requestid"] = "0" }, ignoreOrder: true);
        read[2].ShouldBeEmpty();
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        using var deflater = new HeaderDeflater();
        using var inflater = new HeaderInflater();
        foreach (var pairs in (Dictionary<string, string>[])[[], new() { ["a"] = "1", ["host"] = "ü" }, [], new() { ["a"] = "1" }])
        {
            inflater.Read(deflater.Write(pairs)).ShouldBe(pairs, ignoreOrder: true);
        }
    }

    [Theory]
    [InlineData("78f9")]
    [InlineData("78f9e3c6a7c3aa")]
    [InlineData("78f9e3c6a7c2ffffffff")]
    [InlineData("78f9e3c6a7c202a6")]
    public void A_block_that_is_none_is_refused(string block)
    {
        using var inflater = new HeaderInflater();

        Should.Throw<InvalidDataException>(() => inflater.Read(Convert.FromHexString(block)));
    }

    [Fact]
    public void A_small_block_that_becomes_a_huge_one_is_refused()
    {
        using var deflater = new HeaderDeflater();
        using var inflater = new HeaderInflater();
        var block = deflater.Write(new Dictionary<string, string> { ["a"] = new string('x', 1_000_000) });

        block.Length.ShouldBeLessThan(64 * 1024);
        Should.Throw<InvalidDataException>(() => inflater.Read(block));
    }
}
