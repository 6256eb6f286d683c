using System.Text;
using Hearth.Aws.S3.Checksums;

namespace Hearth.Aws.Tests.S3;

public sealed class ChecksumTests
{
    /// <summary>Check values of the CRC catalogue for the text 123456789.</summary>
    [Theory]
    [InlineData(ChecksumAlgorithm.Crc32, "CBF43926")]
    [InlineData(ChecksumAlgorithm.Crc32C, "E3069283")]
    [InlineData(ChecksumAlgorithm.Crc64Nvme, "AE8B14860A799888")]
    [InlineData(ChecksumAlgorithm.Sha1, "F7C3BC1D808E04732ADF679965CCC34CA7AE3441")]
    [InlineData(ChecksumAlgorithm.Sha256, "15E2B0D3C33891EBB0F1EF609EC419420C20E320CE94C65FBC8C3312448EB225")]
    public void The_published_check_value_comes_out(ChecksumAlgorithm algorithm, string expected) =>
        Convert.ToHexString(Of(algorithm, "123456789"u8.ToArray())).ShouldBe(expected);

    [Theory]
    [InlineData(ChecksumAlgorithm.Crc32)]
    [InlineData(ChecksumAlgorithm.Crc32C)]
    [InlineData(ChecksumAlgorithm.Crc64Nvme)]
    public void The_checksum_of_a_whole_follows_from_its_parts(ChecksumAlgorithm algorithm)
    {
        var whole = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 5000).Select(i => $"{i} green bottles ")));
        int[] cuts = [0, 1, 13, 4096, 50_000, whole.Length];
        var parts = cuts.Zip(cuts.Skip(1), (from, to) => whole[from..to]).Select(p => (Of(algorithm, p), (long)p.Length)).ToArray();
        CombinedChecksum.FullObject(algorithm, parts).ShouldBe(Of(algorithm, whole));
    }

    private static byte[] Of(ChecksumAlgorithm algorithm, byte[] data)
    {
        using var running = RunningChecksum.Start(algorithm);
        running.Append(data.AsSpan(0, data.Length / 3));
        running.Append(data.AsSpan(data.Length / 3));
        return running.Finish();
    }
}
