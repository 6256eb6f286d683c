using System.Buffers.Binary;

namespace Hearth.Aws.S3.Checksums;

/// <summary>Checksum of a whole object from the checksums of its parts.</summary>
internal static class CombinedChecksum
{
    /// <summary>Full-object value of concatenated parts; only CRCs can do this.</summary>
    public static byte[] FullObject(ChecksumAlgorithm algorithm, IReadOnlyList<(byte[] Digest, long Length)> parts)
    {
        var crc = algorithm switch
        {
            ChecksumAlgorithm.Crc32 => ReflectedCrc.Crc32,
            ChecksumAlgorithm.Crc32C => ReflectedCrc.Crc32C,
            ChecksumAlgorithm.Crc64Nvme => ReflectedCrc.Crc64Nvme,
            _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "Only a CRC can be combined."),
        };
        var value = Number(parts[0].Digest);
        foreach (var (digest, length) in parts.Skip(1))
        {
            value = crc.Combine(value, Number(digest), length);
        }
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return bytes[(8 - (crc.Bits / 8))..];
    }

    /// <summary>Checksum of the parts' checksums, with the number of parts: <c>base64-N</c>.</summary>
    public static string Composite(ChecksumAlgorithm algorithm, IReadOnlyList<(byte[] Digest, long Length)> parts)
    {
        using var running = RunningChecksum.Start(algorithm);
        foreach (var (digest, _) in parts)
        {
            running.Append(digest);
        }
        return $"{Convert.ToBase64String(running.Finish())}-{parts.Count}";
    }

    private static ulong Number(byte[] digest)
    {
        Span<byte> bytes = stackalloc byte[8];
        bytes.Clear();
        digest.CopyTo(bytes[(8 - digest.Length)..]);
        return BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }
}
