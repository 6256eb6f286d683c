using Hearth.Cluster.Store.Files;

namespace Hearth.Cluster.Store.Log;

/// <summary>Which files are no longer needed: those that only tell of changes before the history window.</summary>
internal static class Retention
{
    /// <summary>
    /// Keeps the newest snapshot that is not newer than <paramref name="compacted"/> (recovery starts from it and finds the whole history again) and everything after it.
    /// </summary>
    public static (IReadOnlyList<string> Snapshots, IReadOnlyList<string> Segments) Unneeded(IReadOnlyList<string> names, long compacted)
    {
        var snapshots = FileNames.Snapshots(names);
        var start = snapshots.LastOrDefault(revision => revision <= compacted, -1);
        if (start < 0)
        {
            return ([], []);
        }

        var segments = FileNames.Segments(names);
        return (
            snapshots.Where(revision => revision < start).Select(FileNames.Snapshot).ToList(),
            segments.Zip(segments.Skip(1)).Where(pair => pair.Second <= start + 1).Select(pair => FileNames.Segment(pair.First)).ToList());
    }

    /// <summary>Deletes them, snapshots before segments and durably so: an interruption never leaves a snapshot without its segments.</summary>
    public static void Apply(IStoreFiles files, long compacted)
    {
        var (snapshots, segments) = Unneeded(files.List(), compacted);
        Delete(files, snapshots);
        Delete(files, segments);
    }

    private static void Delete(IStoreFiles files, IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            files.Delete(name);
        }

        if (names.Count > 0)
        {
            files.FlushDirectory();
        }
    }
}
