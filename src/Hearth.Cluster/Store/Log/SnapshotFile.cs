using Hearth.Cluster.Store.Files;

namespace Hearth.Cluster.Store.Log;

/// <summary>
/// The whole state at one revision: frames of items (key, value, creation and modification revision) numbered from 0, then a last, empty-handed frame
/// with the total. Payload: 1 and the items, or 2 and the number of items.
/// </summary>
internal static class SnapshotFile
{
    private const byte Items = 1;
    private const byte End = 2;
    private const int ItemsPerRead = 256;
    private const int FrameBytes = 256 << 10;

    /// <summary>Writes a durable snapshot under its final name; returns its size. On an exception nothing is left behind.</summary>
    public static long Write(IStoreFiles files, StoreState state, CancellationToken ct)
    {
        var name = FileNames.Snapshot(state.Revision);
        var temporary = name + FileNames.Temporary;
        try
        {
            long size;
            using (var file = files.Open(temporary, create: true))
            {
                size = WriteTo(file, state, ct);
                file.Flush();
            }

            files.Rename(temporary, name);
            files.FlushDirectory();
            return size;
        }
        catch
        {
            files.Delete(temporary);
            throw;
        }
    }

    public static StoreState Read(IStoreFiles files, long revision)
    {
        var name = FileNames.Snapshot(revision);
        using var file = files.Open(name, create: false);
        var header = FileHeader.Read(file, FileKind.Snapshot, name);
        var reader = new FrameReader(file, header.Salt);
        var values = new List<StoredValue>();
        for (var index = 0L; ; index++)
        {
            var start = reader.Offset;
            if (!reader.TryRead(out var frame, out var payload) || frame.Revision != index)
            {
                throw Damaged(name, start, "A record of the snapshot is damaged");
            }

            try
            {
                if (ReadFrame(payload, values))
                {
                    return header.Revision == revision && reader.AtEnd
                        ? new StoreState(KeyTree.FromSorted(values), revision)
                        : throw Damaged(name, start, "The snapshot does not end where it should");
                }
            }
            catch (FormatException e)
            {
                throw Damaged(name, start, $"A record of the snapshot is wrong: {e.Message}");
            }
        }
    }

    private static StoreCorruptException Damaged(string name, long offset, string what) =>
        new(name, offset, $"{what}. Restore the store's directory from a backup; nothing was changed.");

    private static long WriteTo(IStoreFile file, StoreState state, CancellationToken ct)
    {
        file.SetLength(0);
        var header = FileHeader.Create(FileKind.Snapshot, state.Revision);
        file.Write(0, header.Encode());
        long offset = FileHeader.Size;
        var frames = 0L;
        var writer = new ByteWriter();
        writer.Byte(Items);
        for (var from = 0; from < state.Tree.Count; from += ItemsPerRead)
        {
            ct.ThrowIfCancellationRequested();
            foreach (var value in state.Tree.Range(from, Math.Min(ItemsPerRead, state.Tree.Count - from)))
            {
                WriteItem(writer, value);
                if (writer.PayloadLength >= FrameBytes)
                {
                    Put();
                    writer.Byte(Items);
                }
            }
        }

        Put();
        writer.Byte(End);
        writer.Number(state.Tree.Count);
        Put();
        return offset;

        void Put()
        {
            var frame = writer.Seal(frames++, header.Salt);
            file.Write(offset, frame);
            offset += frame.Length;
            writer.Clear();
        }
    }

    private static void WriteItem(ByteWriter writer, StoredValue value)
    {
        writer.Text(value.Key);
        writer.Number(value.CreateRevision);
        writer.Number(value.ModRevision);
        writer.Bytes(value.Value.Span);
    }

    /// <summary>True at the end frame.</summary>
    private static bool ReadFrame(ReadOnlySpan<byte> payload, List<StoredValue> values)
    {
        var reader = new ByteReader(payload);
        switch (reader.Byte())
        {
            case Items:
                while (!reader.AtEnd)
                {
                    var (key, create, mod) = (reader.Text(), reader.Number(), reader.Number());
                    values.Add(new StoredValue(key, reader.Bytes().ToArray(), create, mod));
                }

                return false;
            case End:
                return reader.Number() == values.Count ? true : throw new FormatException("the number of items is not the one it says");
            default:
                throw new FormatException("unknown record type");
        }
    }
}
