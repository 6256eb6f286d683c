using System.Globalization;
using System.Text.RegularExpressions;

namespace Hearth.Engine.Delta.Log;

/// <summary>
/// Removes what nobody needs from a log after a checkpoint (Delta protocol, "Metadata Cleanup"): commits, checksums, compactions and checkpoints before the newest
/// checkpoint that is old enough, and sidecars that no checkpoint names. That checkpoint, its own commit and everything later stay: every version from it on can be read.
/// </summary>
internal static partial class LogCleanup
{
    private static readonly TimeSpan SidecarAge = TimeSpan.FromDays(1);

    [GeneratedRegex(@"^(\d{20})\.(?:json|crc|checkpoint(?:\.\d{10}\.\d{10}|\.[0-9a-f-]{36})?\.(?:parquet|json))$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex OfVersion { get; }

    [GeneratedRegex(@"^(\d{20})\.\d{20}\.compacted\.json$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Compaction { get; }

    /// <summary>Cleans up unless the table forbids it.</summary>
    /// <param name="log">The log.</param>
    /// <param name="metadata">delta.enableExpiredLogCleanup, delta.logRetentionDuration.</param>
    /// <param name="now">The time.</param>
    public static void Run(DeltaLog log, Metadata metadata, DateTimeOffset now)
    {
        if (!metadata.Flag("delta.enableExpiredLogCleanup", otherwise: true))
        {
            return;
        }

        long cutoff = new DateTimeOffset(now.AddMilliseconds(-Write.Retention.Log(metadata)).UtcDateTime.Date, TimeSpan.Zero).ToUnixTimeMilliseconds();
        long newest = log.Versions().LastOrDefault(v => v.Timestamp <= cutoff)?.Version ?? -1;
        if (newest < 0 || Checkpoints.Choose(log.Store.List().Checkpoints, newest) is not [{ Version: var kept }, ..])
        {
            return;
        }

        Remove(log.Store.Directory, kept);
        Sidecars(log, now);
    }

    // Oldest first: what a kill leaves is a log without a gap.
    private static void Remove(string directory, long kept)
    {
        foreach (string path in Directory.EnumerateFiles(directory).Order(StringComparer.Ordinal).ToArray())
        {
            string name = Path.GetFileName(path);
            if ((OfVersion.Match(name) is { Success: true } own && Number(own) < kept) || (Compaction.Match(name) is { Success: true } compacted && Number(compacted) <= kept))
            {
                File.Delete(path);
            }
        }
    }

    private static long Number(Match match) => long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);

    private static void Sidecars(DeltaLog log, DateTimeOffset now)
    {
        string directory = Path.Combine(log.Store.Directory, "_sidecars");
        if (!Directory.Exists(directory))
        {
            return;
        }

        HashSet<string> named = [.. log.Store.List().Checkpoints.SelectMany(c => log.Checkpoints.SidecarsOf(c)).Select(s => Path.GetFileName(s.Path))];
        foreach (string path in Directory.EnumerateFiles(directory, "*.parquet").Where(p => !named.Contains(Path.GetFileName(p)) && now - File.GetLastWriteTimeUtc(p) > SidecarAge).ToArray())
        {
            File.Delete(path);
        }
    }
}
