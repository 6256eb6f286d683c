using System.Globalization;
using Hearth.Cluster.Store.Files;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.Store.Log;

/// <summary>What an open store starts with.</summary>
internal sealed record Recovered(StoreState State, History History, LogWriter Log, long BytesSinceSnapshot, RecoveryReport Report);

/// <summary>
/// Opens the files: the oldest snapshot, then every record after it, so that the history is there again too. An interrupted last write is cut
/// off; any other irregularity refuses to open before anything is changed.
/// </summary>
internal sealed class Recovery(IStoreFiles files, HistoryWindow window, ILogger logger)
{
    private readonly History _history = new(window);
    private StoreState _state = new(KeyTree.Empty, 0);
    private long _snapshot;
    private long _newestSnapshot;
    private long _bytesSinceSnapshot;
    private (string Name, long Offset, long Bytes)? _torn;

    public Recovered Run(DateTimeOffset now)
    {
        var names = files.List();
        var segments = FileNames.Segments(names);
        LoadSnapshot(FileNames.Snapshots(names), segments);
        Needed(segments);
        var log = segments.Count == 0 ? LogWriter.Create(files, 1) : Replay(segments);
        foreach (var leftover in names.Where(name => name.EndsWith(FileNames.Temporary, StringComparison.Ordinal)))
        {
            files.Delete(leftover);
        }

        _history.Trim(now);
        var report = new RecoveryReport(_snapshot, _state.Revision, _torn?.Bytes ?? 0, _torn?.Name);
        return new Recovered(_state, _history, log, _bytesSinceSnapshot, report);
    }

    private void LoadSnapshot(List<long> snapshots, List<long> segments)
    {
        if (snapshots.Count > 0)
        {
            _snapshot = snapshots[0];
            _newestSnapshot = snapshots[^1];
            _state = SnapshotFile.Read(files, _snapshot);
            _history.StartAfter(_snapshot);
        }

        if (segments.Count == 0 && snapshots.Count > 0)
        {
            throw Missing(FileNames.Segment(_newestSnapshot + 1));
        }
    }

    /// <summary>Drops segments that the snapshot covers, left over by an interrupted clean-up.</summary>
    private void Needed(List<long> segments)
    {
        while (segments.Count > 1 && segments[1] <= _state.Revision + 1)
        {
            segments.RemoveAt(0);
        }

        if (segments.Count > 0 && segments[0] > _state.Revision + 1)
        {
            throw Missing(FileNames.Segment(_state.Revision + 1));
        }
    }

    private LogWriter Replay(List<long> segments)
    {
        for (var i = 0; ; i++)
        {
            var last = i == segments.Count - 1;
            if (segments[i] > _state.Revision + 1)
            {
                throw Missing(FileNames.Segment(_state.Revision + 1));
            }

            var log = ReplaySegment(segments[i], last);
            if (last)
            {
                return log!;
            }
        }
    }

    /// <summary>The writer that goes on with the segment when it is the last one.</summary>
    private LogWriter? ReplaySegment(long first, bool last)
    {
        var name = FileNames.Segment(first);
        var file = files.Open(name, create: false);
        var keep = false;
        try
        {
            var header = FileHeader.Read(file, FileKind.Segment, name);
            var reader = new FrameReader(file, header.Salt);
            var next = header.Revision == first ? first : throw Damaged(name, 0, "The segment's name and header differ");
            while (!reader.AtEnd && reader.Offset is var start && reader.TryRead(out var frame, out var payload))
            {
                next = ReplayFrame(name, start, next, frame, payload);
            }

            if (!reader.AtEnd)
            {
                CutOff(file, name, reader.Offset, header.Salt, last);
            }

            if (last)
            {
                // A killed process may have left whole frames that never reached the disk: they become visible now, so they must be durable now.
                file.Flush();
                files.FlushDirectory();
            }

            keep = last;
            return last ? new LogWriter(files, file, header, reader.Offset) : null;
        }
        finally
        {
            if (!keep)
            {
                file.Dispose();
            }
        }
    }

    private long ReplayFrame(string name, long start, long next, Frame frame, ReadOnlySpan<byte> payload)
    {
        if (frame.Revision != next)
        {
            throw Damaged(name, start, string.Create(CultureInfo.InvariantCulture, $"A record of revision {frame.Revision} stands where {next} should"));
        }

        if (next > _newestSnapshot)
        {
            _bytesSinceSnapshot += frame.Size;
        }

        try
        {
            return next + ChangeRecords.Read(payload, next, Redo);
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            throw Damaged(name, start, $"A record cannot be replayed: {e.Message}");
        }
    }

    private void Redo(ChangeType type, string key, byte[] value, long revision, long unixMilliseconds)
    {
        if (revision <= _state.Revision)
        {
            return;
        }

        var change = Batch.Redo(_state.Tree, type, key, value, revision);
        _state = new StoreState(Batch.Advance(_state.Tree, change), revision);
        _history.Add(change, unixMilliseconds);
    }

    private void CutOff(IStoreFile file, string name, long offset, ulong salt, bool last)
    {
        var damage = last ? TornTail.Judge(file, offset, salt) : "A record is damaged, and later segments follow it";
        if (damage is not null)
        {
            throw Damaged(name, offset, damage);
        }

        _torn = (name, offset, file.Length - offset);
        logger.LogWarning("The store's last write was interrupted and had not been acknowledged: cut {Bytes} bytes off {File} at offset {Offset}.",
            _torn.Value.Bytes, name, offset);
        file.SetLength(offset);
    }

    private StoreCorruptException Damaged(string name, long offset, string what) =>
        new(name, offset, $"{what}. The store in {files.Directory} does not open so that nothing is lost silently: restore it from a backup; nothing was changed.");

    private StoreCorruptException Missing(string name) =>
        new(name, 0, $"A file of the store in {files.Directory} is missing. Restore it from a backup; nothing was changed.");
}

/// <summary>What opening a store found.</summary>
/// <param name="SnapshotRevision">The snapshot that it started from, 0 for none.</param>
/// <param name="Revision">The revision reached.</param>
/// <param name="CutBytes">Bytes of an interrupted, unacknowledged write that were cut off.</param>
/// <param name="CutFile">The file they were cut off, null when there were none.</param>
public sealed record RecoveryReport(long SnapshotRevision, long Revision, long CutBytes, string? CutFile);
