using Hearth.Cluster.Store.Files;

namespace Hearth.Cluster.Store.Log;

/// <summary>
/// Tells an interrupted last write (never acknowledged, to be cut off) from damage to data that was durable (must not be lost silently).
/// A frame is flushed before the next one is written, so only the last frame of the last segment can be torn, and it
/// is torn in one of two ways: the file ends inside it, or a disk sector of it was never written and reads as zeros.
/// </summary>
internal static class TornTail
{
    private const int Sector = 512;

    /// <summary>Null when what starts at the offset is an interrupted write; otherwise what is wrong.</summary>
    public static string? Judge(IStoreFile file, long offset, ulong salt)
    {
        var tail = new byte[file.Length - offset];
        file.Read(offset, tail);
        if (LaterFrame(tail, salt) is { } later)
        {
            return $"A record is damaged, and valid records follow it (at offset {offset + later})";
        }

        if (tail.Length < Frame.HeaderSize)
        {
            return null;
        }

        if (!Frame.TryReadHeader(tail, salt, out var frame))
        {
            return HasUnwrittenSector(tail.AsSpan(0, Frame.HeaderSize), tail, offset) ? null : "The header of the last record is damaged";
        }

        if (frame.Size > tail.Length)
        {
            return null;
        }

        var whole = tail.AsSpan(0, (int)frame.Size);
        return HasUnwrittenSector(whole, whole, offset) ? null : "The last record is complete but its checksum is wrong";
    }

    private static long? LaterFrame(ReadOnlySpan<byte> tail, ulong salt)
    {
        for (var at = 1; at + Frame.HeaderSize <= tail.Length; at++)
        {
            if (Frame.TryReadHeader(tail[at..], salt, out _))
            {
                return at;
            }
        }

        return null;
    }

    /// <summary>True when a sector that the part touches is zero as far as the whole reaches into it.</summary>
    private static bool HasUnwrittenSector(ReadOnlySpan<byte> part, ReadOnlySpan<byte> whole, long offset)
    {
        for (var start = -(int)(offset % Sector); start < part.Length; start += Sector)
        {
            var from = Math.Max(start, 0);
            var to = Math.Min(start + Sector, whole.Length);
            if (!whole[from..to].ContainsAnyExcept((byte)0))
            {
                return true;
            }
        }

        return false;
    }
}
