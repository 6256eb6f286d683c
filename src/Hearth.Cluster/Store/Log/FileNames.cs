using System.Globalization;

namespace Hearth.Cluster.Store.Log;

/// <summary>
/// <c>log-REVISION</c> holds the records from that revision on, <c>snapshot-REVISION</c> the state at it; 20 digits, so names sort by revision.
/// A file being made has the suffix <c>.tmp</c>.
/// </summary>
internal static class FileNames
{
    public const string Temporary = ".tmp";
    private const string SegmentPrefix = "log-";
    private const string SnapshotPrefix = "snapshot-";

    public static string Segment(long firstRevision) => SegmentPrefix + firstRevision.ToString("D20", CultureInfo.InvariantCulture);

    public static string Snapshot(long revision) => SnapshotPrefix + revision.ToString("D20", CultureInfo.InvariantCulture);

    /// <summary>Revisions of the segments among the names, ascending.</summary>
    public static List<long> Segments(IEnumerable<string> names) => Revisions(names, SegmentPrefix);

    /// <summary>Revisions of the snapshots among the names, ascending.</summary>
    public static List<long> Snapshots(IEnumerable<string> names) => Revisions(names, SnapshotPrefix);

    private static List<long> Revisions(IEnumerable<string> names, string prefix) => names
        .Where(name => name.StartsWith(prefix, StringComparison.Ordinal) && name.Length == prefix.Length + 20)
        .Select(name => long.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : -1)
        .Where(revision => revision >= 0)
        .Order()
        .ToList();
}
