using System.Buffers.Binary;
using System.Text;
using Hearth.Aws.S3.Checksums;
using Microsoft.Win32.SafeHandles;

namespace Hearth.Aws.Logs.Storage;

/// <summary>
/// The events of one stream in an append-only file. A record is its length, a CRC-32 of the rest, two times and the text; a record that a crash
/// tore is cut off when the file is opened. Where each event lies is kept in memory, ordered by time.
/// </summary>
internal sealed class StreamFile : IDisposable
{
    private const int HeadBytes = 8;
    private const int TimesBytes = 16;
    private const int LargestRecord = 16 * 1024 * 1024;
    private static ReadOnlySpan<byte> Magic => "HLOG1\n"u8;

    private readonly Lock gate = new();
    private readonly SafeFileHandle handle;
    private readonly List<Entry> entries = [];
    private long length;
    private long sequence;

    private StreamFile(SafeFileHandle handle, string name, long created) => (this.handle, Name, Created) = (handle, name, created);

    /// <summary>Name of the stream.</summary>
    public string Name { get; }

    /// <summary>When it was made, milliseconds since 1970.</summary>
    public long Created { get; }

    /// <summary>Makes a stream.</summary>
    /// <exception cref="IOException">The file is there, or cannot be written.</exception>
    public static StreamFile Create(string path, string name, long created)
    {
        var text = Encoding.UTF8.GetBytes(name);
        var header = new byte[Magic.Length + 12 + text.Length];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(Magic.Length), created);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(Magic.Length + 8), text.Length);
        text.CopyTo(header, Magic.Length + 12);
        var temporary = path + ".new";
        File.WriteAllBytes(temporary, header);
        File.Move(temporary, path, overwrite: false);
        return Open(path)!;
    }

    /// <summary>Opens a stream and reads where its events are; null when the file is none.</summary>
    public static StreamFile? Open(string path)
    {
        var handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        var size = RandomAccess.GetLength(handle);
        var start = new byte[Magic.Length + 12];
        if (RandomAccess.Read(handle, start, 0) < start.Length || !start.AsSpan(0, Magic.Length).SequenceEqual(Magic))
        {
            handle.Dispose();
            return null;
        }

        var nameLength = BinaryPrimitives.ReadInt32LittleEndian(start.AsSpan(Magic.Length + 8));
        if (nameLength is < 1 or > 4096 || start.Length + nameLength > size)
        {
            handle.Dispose();
            return null;
        }

        var name = new byte[nameLength];
        _ = RandomAccess.Read(handle, name, start.Length);
        var file = new StreamFile(handle, Encoding.UTF8.GetString(name), BinaryPrimitives.ReadInt64LittleEndian(start.AsSpan(Magic.Length)));
        file.Index(path, start.Length + nameLength, size);
        return file;
    }

    /// <summary>Adds events.</summary>
    /// <param name="events">At least one.</param>
    /// <param name="now">Milliseconds since 1970.</param>
    /// <param name="durable">Whether they must survive a power cut when this returns; a killed process they survive anyway.</param>
    public void Append(IReadOnlyList<NewLogEvent> events, long now, bool durable)
    {
        lock (gate)
        {
            var buffer = new MemoryStream();
            var added = new List<Entry>(events.Count);
            foreach (var one in events)
            {
                var text = Encoding.UTF8.GetBytes(one.Message);
                added.Add(new Entry(new LogPosition(one.Timestamp, ++sequence), length + buffer.Length, text.Length, now));
                Write(buffer, one.Timestamp, now, text);
            }

            RandomAccess.Write(handle, buffer.GetBuffer().AsSpan(0, (int)buffer.Length), length);
            if (durable)
            {
                RandomAccess.FlushToDisk(handle);
            }

            length += buffer.Length;
            added.ForEach(Insert);
        }
    }

    /// <summary>Returns when all events survive a power cut.</summary>
    public void Flush() => RandomAccess.FlushToDisk(handle);

    /// <summary>The stream at a glance.</summary>
    public LogStreamInfo Describe()
    {
        lock (gate)
        {
            return entries.Count == 0
                ? new LogStreamInfo(Name, Created, null, null, null)
                : new LogStreamInfo(Name, Created, entries[0].Position.Timestamp, entries[^1].Position.Timestamp, entries.Max(e => e.Ingestion));
        }
    }

    /// <summary>Events after a position and before another, in order: at most a number of them, the first or the last ones.</summary>
    public IReadOnlyList<LogEvent> Read(LogPosition after, LogPosition before, int most, bool fromEnd)
    {
        Entry[] found;
        lock (gate)
        {
            var (low, high) = (FirstAfter(after), FirstFrom(before));
            if (high <= low)
            {
                return [];
            }

            var count = Math.Min(most, high - low);
            found = [.. entries.GetRange(fromEnd ? high - count : low, count)];
        }

        return [.. found.Select(ReadOne)];
    }

    /// <summary>Gives the file back.</summary>
    public void Dispose() => handle.Dispose();

    private static void Write(MemoryStream buffer, long timestamp, long ingestion, byte[] text)
    {
        var record = new byte[HeadBytes + TimesBytes + text.Length];
        BinaryPrimitives.WriteInt32LittleEndian(record, TimesBytes + text.Length);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(HeadBytes), timestamp);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(HeadBytes + 8), ingestion);
        text.CopyTo(record, HeadBytes + TimesBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(4), Checksum(record.AsSpan(HeadBytes)));
        buffer.Write(record);
    }

    private void Index(string path, long offset, long size)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16);
        stream.Position = offset;
        var head = new byte[HeadBytes];
        length = offset;
        while (stream.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false) == HeadBytes)
        {
            var payload = BinaryPrimitives.ReadInt32LittleEndian(head);
            if (payload is < TimesBytes or > LargestRecord || length + HeadBytes + payload > size)
            {
                break;
            }

            var body = new byte[payload];
            if (stream.ReadAtLeast(body, payload, throwOnEndOfStream: false) < payload || Checksum(body) != BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(4)))
            {
                break;
            }

            var position = new LogPosition(BinaryPrimitives.ReadInt64LittleEndian(body), ++sequence);
            Insert(new Entry(position, length, payload - TimesBytes, BinaryPrimitives.ReadInt64LittleEndian(body.AsSpan(8))));
            length += HeadBytes + payload;
        }

        if (length < size)
        {
            RandomAccess.SetLength(handle, length);
        }
    }

    private void Insert(Entry entry)
    {
        if (entries.Count == 0 || entries[^1].Position.CompareTo(entry.Position) < 0)
        {
            entries.Add(entry);
        }
        else
        {
            entries.Insert(FirstAfter(entry.Position), entry);
        }
    }

    private LogEvent ReadOne(Entry entry)
    {
        var text = new byte[entry.TextLength];
        _ = RandomAccess.Read(handle, text, entry.Offset + HeadBytes + TimesBytes);
        return new LogEvent(entry.Position, entry.Ingestion, Encoding.UTF8.GetString(text));
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = ReflectedCrc.Crc32;
        return (uint)crc.Finish(crc.Append(crc.Start, bytes));
    }

    private int FirstAfter(LogPosition position) => Search(position, orEqual: false);

    private int FirstFrom(LogPosition position) => Search(position, orEqual: true);

    private int Search(LogPosition position, bool orEqual)
    {
        var (low, high) = (0, entries.Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            var order = entries[middle].Position.CompareTo(position);
            if (order < 0 || (order == 0 && !orEqual))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private readonly record struct Entry(LogPosition Position, long Offset, int TextLength, long Ingestion);
}
