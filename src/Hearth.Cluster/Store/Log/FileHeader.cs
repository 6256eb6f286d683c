using System.Buffers.Binary;
using System.Security.Cryptography;
using Hearth.Cluster.Store.Files;

namespace Hearth.Cluster.Store.Log;

/// <summary>What kind of file it is.</summary>
internal enum FileKind
{
    Segment,
    Snapshot,
}

/// <summary>
/// The first 36 bytes of every file, little-endian: magic (8), format version (4), reserved (4), revision (8), salt (8), checksum (4).
/// Files get their name only after the header is durable, so a wrong header is always damage, never an interrupted write.
/// </summary>
/// <param name="Kind">Segment or snapshot.</param>
/// <param name="Revision">Segment: revision of its first record. Snapshot: the revision it shows.</param>
/// <param name="Salt">Random for each file.</param>
internal sealed record FileHeader(FileKind Kind, long Revision, ulong Salt)
{
    public const int Size = 36;
    public const uint Version = 1;

    private static ReadOnlySpan<byte> SegmentMagic => "HRTHLOG\n"u8;

    private static ReadOnlySpan<byte> SnapshotMagic => "HRTHSNP\n"u8;

    public static FileHeader Create(FileKind kind, long revision)
    {
        Span<byte> salt = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(salt);
        return new FileHeader(kind, revision, BinaryPrimitives.ReadUInt64LittleEndian(salt));
    }

    public byte[] Encode()
    {
        var bytes = new byte[Size];
        Magic(Kind).CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), Version);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), Revision);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(24), Salt);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(32), Checksum.Of(0, bytes.AsSpan(0, 32)));
        return bytes;
    }

    public static FileHeader Read(IStoreFile file, FileKind kind, string name)
    {
        Span<byte> bytes = stackalloc byte[Size];
        var read = file.Read(0, bytes);
        if (read < 12 || !bytes[..8].SequenceEqual(Magic(kind)))
        {
            throw new StoreCorruptException(name, 0, $"This is not a {Name(kind)} of a Hearth store. Restore the file from a backup; nothing was changed.");
        }

        var version = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        if (version > Version)
        {
            throw new StoreCorruptException(name, 8,
                $"The store was written by a newer Hearth (format {version}, this one reads up to {Version}). Use that Hearth or another data directory; nothing was changed.");
        }

        if (read < Size || Checksum.Of(0, bytes[..32]) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[32..]))
        {
            throw new StoreCorruptException(name, 0, $"The header of the {Name(kind)} is damaged. Restore the file from a backup; nothing was changed.");
        }

        return new FileHeader(kind, BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]), BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]));
    }

    private static ReadOnlySpan<byte> Magic(FileKind kind) => kind == FileKind.Segment ? SegmentMagic : SnapshotMagic;

    private static string Name(FileKind kind) => kind == FileKind.Segment ? "log segment" : "snapshot";
}
