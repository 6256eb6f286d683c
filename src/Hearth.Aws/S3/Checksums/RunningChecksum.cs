using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace Hearth.Aws.S3.Checksums;

/// <summary>A checksum over a stream of bytes.</summary>
internal abstract class RunningChecksum : IDisposable
{
    /// <summary>Starts one.</summary>
    public static RunningChecksum Start(ChecksumAlgorithm algorithm) => algorithm switch
    {
        ChecksumAlgorithm.Crc32 => new Sliced(ReflectedCrc.Crc32),
        ChecksumAlgorithm.Crc32C => new Castagnoli(),
        ChecksumAlgorithm.Crc64Nvme => new Sliced(ReflectedCrc.Crc64Nvme),
        ChecksumAlgorithm.Sha1 => new Hash(HashAlgorithmName.SHA1),
        _ => new Hash(HashAlgorithmName.SHA256),
    };

    /// <summary>Takes bytes in.</summary>
    public abstract void Append(ReadOnlySpan<byte> data);

    /// <summary>The digest, big-endian for the CRCs.</summary>
    public abstract byte[] Finish();

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    private static byte[] Bytes(ulong value, int bits)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return bytes[(8 - (bits / 8))..];
    }

    private sealed class Sliced(ReflectedCrc crc) : RunningChecksum
    {
        private ulong state = crc.Start;

        public override void Append(ReadOnlySpan<byte> data) => state = crc.Append(state, data);

        public override byte[] Finish() => Bytes(crc.Finish(state), crc.Bits);
    }

    private sealed class Castagnoli : RunningChecksum
    {
        private uint state = uint.MaxValue;

        public override void Append(ReadOnlySpan<byte> data)
        {
            var crc = state;
            while (data.Length >= 8)
            {
                crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
                data = data[8..];
            }
            foreach (var b in data)
            {
                crc = BitOperations.Crc32C(crc, b);
            }
            state = crc;
        }

        public override byte[] Finish() => Bytes(state ^ uint.MaxValue, 32);
    }

    private sealed class Hash(HashAlgorithmName name) : RunningChecksum
    {
        private readonly IncrementalHash hash = IncrementalHash.CreateHash(name);

        public override void Append(ReadOnlySpan<byte> data) => hash.AppendData(data);

        public override byte[] Finish() => hash.GetHashAndReset();

        public override void Dispose() => hash.Dispose();
    }
}
