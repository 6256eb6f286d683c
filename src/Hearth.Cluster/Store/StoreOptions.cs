using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hearth.Cluster.Store;

/// <summary>Where the store lives and how much it keeps.</summary>
/// <param name="Directory">Created when missing. One process at a time: the caller holds the data directory's lock.</param>
public sealed record StoreOptions(string Directory)
{
    /// <summary>How much of the past watches and lists at a revision can reach.</summary>
    public HistoryWindow History { get; init; } = HistoryWindow.Default;

    /// <summary>Changes that one watch may have waiting before it is ended as too slow.</summary>
    public int WatchBuffer { get; init; } = 16_384;

    /// <summary>Log bytes after which a snapshot is written in the background (or the size of the last snapshot, when larger).</summary>
    public long SnapshotAfterBytes { get; init; } = 16 << 20;

    /// <summary>
    /// False leaves out fsync: for tests of other things only. A killed process still loses nothing then, a power loss does.
    /// </summary>
    public bool FlushToDisk { get; init; } = true;

    /// <summary>Times of changes, for the age of the history.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>What was recovered or repaired on open; failed snapshots.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;
}

/// <summary>Bounds of the history; a change falls out as soon as one of them is exceeded. It survives restarts.</summary>
/// <param name="MaxAge">Since the commit.</param>
/// <param name="MaxChanges">Number of changes.</param>
/// <param name="MaxBytes">Sum of the keys' and values' sizes.</param>
public sealed record HistoryWindow(TimeSpan MaxAge, int MaxChanges, long MaxBytes)
{
    /// <summary>Ten minutes, 50,000 changes, 48 MiB.</summary>
    public static HistoryWindow Default { get; } = new(TimeSpan.FromMinutes(10), 50_000, 48L << 20);
}
