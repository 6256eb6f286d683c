using System.Text;
using Hearth.Aws.Http;
using Hearth.Aws.Signing;

namespace Hearth.Aws.Tests.Signing;

public sealed class AwsChunkedStreamTests
{
    private static readonly SigningKey Key = SigningKey.Derive("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "20130524", "us-east-1", "s3");

    // The example of the Amazon S3 API Reference, "Signature Calculations for the Authorization Header: Transferring Payload in Multiple Chunks".
    private static readonly string Example =
        $"10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n{new string('a', 65536)}\r\n"
        + $"400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n{new string('a', 1024)}\r\n"
        + "0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n";

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task Signed_chunks_come_through_whatever_pieces_they_arrive_in(int piece)
    {
        await using var stream = Stream(Example, PayloadMarkers.SignedChunks, 66560, piece);
        (await ReadAsync(stream)).ShouldBe(new string('a', 66560));
    }

    [Fact]
    public async Task A_changed_byte_in_any_chunk_is_noticed()
    {
        var changed = Example.Remove(66_000, 1).Insert(66_000, "b");
        await using var stream = Stream(changed, PayloadMarkers.SignedChunks, 66560);
        await Should.ThrowAsync<SignatureException>(() => ReadAsync(stream));
    }

    [Fact]
    public async Task A_missing_last_chunk_is_noticed()
    {
        await using var stream = Stream(Example[..^87], PayloadMarkers.SignedChunks, 66560);
        (await Should.ThrowAsync<AwsException>(() => ReadAsync(stream))).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Unsigned_chunks_bring_their_checksum_in_the_trailer()
    {
        await using var stream = Stream("5\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\r\n\r\n", PayloadMarkers.UnsignedTrailer, 11);
        (await ReadAsync(stream)).ShouldBe("hello world");
        stream.Trailers["x-amz-checksum-crc32"].ShouldBe("DUoRhQ==");
    }

    [Theory]
    [InlineData("zz\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5\r\nhello!\r\n0\r\n\r\n")]
    [InlineData("5\r\nhel")]
    [InlineData("ffffffffffffffffff\r\n")]
    [InlineData("")]
    [InlineData("4\r\nhell\r\n0\r\n\r\n")]
    public async Task A_body_that_is_not_what_it_says_is_refused(string body)
    {
        await using var stream = Stream(body, PayloadMarkers.UnsignedTrailer, 5);
        (await Should.ThrowAsync<AwsException>(() => ReadAsync(stream))).Status.ShouldBe(400);
    }

    private static AwsChunkedStream Stream(string body, string payload, long length, int piece = 4096) => new(
        new Pieces(Encoding.ASCII.GetBytes(body), piece),
        new VerifiedSignature
        {
            Credential = Keys.Admin,
            Key = Key,
            PayloadHash = payload,
            Claim = new SignatureClaim
            {
                AccessKeyId = "AKIAIOSFODNN7EXAMPLE", Date = "20130524", Region = "us-east-1", Service = "s3", SignedHeaders = ["host"],
                Signature = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9", Timestamp = "20130524T000000Z",
            },
        },
        length);

    private static async Task<string> ReadAsync(Stream stream)
    {
        using var memory = new MemoryStream();
        await stream.CopyToAsync(memory);
        return Encoding.ASCII.GetString(memory.ToArray());
    }

    private sealed class Pieces(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, size)], cancellationToken);
    }
}
