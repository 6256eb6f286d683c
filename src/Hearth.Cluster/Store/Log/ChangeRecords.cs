namespace Hearth.Cluster.Store.Log;

/// <summary>
/// The payload of a segment's frame: time of the commit in Unix milliseconds, number of changes, then for each: type (1 put, 2 delete), key, and the
/// value of a put. Revisions are the frame's and the following ones.
/// </summary>
internal static class ChangeRecords
{
    private const byte Put = 1;
    private const byte Delete = 2;

    public delegate void Replay(ChangeType type, string key, byte[] value, long revision, long unixMilliseconds);

    /// <summary>About how many bytes a mutation takes.</summary>
    public static long SizeOf(Mutation mutation) => 16 + (mutation.Key.Length * 3L) + mutation.Value.Length;

    public static void Write(ByteWriter writer, IReadOnlyList<Change> changes, long unixMilliseconds)
    {
        writer.Number(unixMilliseconds);
        writer.Number(changes.Count);
        foreach (var change in changes)
        {
            writer.Byte(change.Type == ChangeType.Put ? Put : Delete);
            writer.Text(change.Current.Key);
            if (change.Type == ChangeType.Put)
            {
                writer.Bytes(change.Current.Value.Span);
            }
        }
    }

    /// <summary>Calls back for each change; returns how many there were.</summary>
    /// <exception cref="FormatException">The payload is not what <see cref="Write"/> writes.</exception>
    public static long Read(ReadOnlySpan<byte> payload, long firstRevision, Replay replay)
    {
        var reader = new ByteReader(payload);
        var time = reader.Number();
        var count = reader.Number();
        for (var i = 0L; i < count; i++)
        {
            var type = reader.Byte() switch
            {
                Put => ChangeType.Put,
                Delete => ChangeType.Delete,
                var other => throw new FormatException($"unknown record type {other}"),
            };
            var key = reader.Text();
            replay(type, key, type == ChangeType.Put ? reader.Bytes().ToArray() : [], firstRevision + i, time);
        }

        return reader.AtEnd ? count : throw new FormatException("a record has bytes left over");
    }
}
