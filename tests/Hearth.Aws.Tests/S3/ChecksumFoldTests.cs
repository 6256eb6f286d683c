using FsCheck;
using FsCheck.Fluent;
using Hearth.Aws.S3.Checksums;

namespace Hearth.Aws.Tests.S3;

/// <summary>Long inputs are folded sixteen bytes at a time; the answer is that of one byte after the other.</summary>
public sealed class ChecksumFoldTests
{
    [Theory]
    [InlineData(ChecksumAlgorithm.Crc32)]
    [InlineData(ChecksumAlgorithm.Crc32C)]
    [InlineData(ChecksumAlgorithm.Crc64Nvme)]
    public void A_long_input_has_the_checksum_of_its_bytes(ChecksumAlgorithm algorithm)
    {
        Prop.ForAll(Gen.Choose(0, 5000).Zip(Gen.Choose(0, int.MaxValue)).ToArbitrary(), shape =>
        {
            var data = new byte[shape.Item1];
            new Random(shape.Item2).NextBytes(data);
            using var whole = RunningChecksum.Start(algorithm);
            whole.Append(data);
            using var bytes = RunningChecksum.Start(algorithm);
            for (var i = 0; i < data.Length; i++)
            {
                bytes.Append(data.AsSpan(i, 1));
            }
            return whole.Finish().AsSpan().SequenceEqual(bytes.Finish());
        }).QuickCheckThrowOnFailure();
    }
}
