using System.Globalization;
using System.IO.Enumeration;
using Microsoft.Win32.SafeHandles;

namespace Hearth.Aws.S3.Storage;

/// <summary>One step further in a key.</summary>
/// <param name="Fragment">Segment of the key; with a slash at its end for a directory.</param>
/// <param name="IsDirectory">Whether keys go on below.</param>
/// <param name="OddPaths">Where it is, when that is not the fragment in the first directory; relative to the root.</param>
internal readonly record struct DirectoryEntry(string Fragment, bool IsDirectory, IReadOnlyList<string>? OddPaths);

/// <summary>
/// Reads directories as parts of keys, in key order. Large directories are remembered while their modification time stands still, so that
/// paging through them does not read and sort them again for each page.
/// </summary>
internal sealed class DirectoryReader(ObjectTree tree, TimeProvider time)
{
    private const int WorthRemembering = 256;

    // Of a key. Longer ones were put there by another program and cannot be asked for.
    private const int LongestSegment = 1024;
    private const int MostRemembered = 500_000;

    // A change within the clock tick of the file system's last reading would go unnoticed.
    private static readonly TimeSpan Settled = TimeSpan.FromMilliseconds(100);
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = true, RecurseSubdirectories = false };
    private readonly Lock gate = new();
    private readonly Dictionary<string, Remembered> remembered = new(StringComparer.Ordinal);
    private int rememberedEntries;

    /// <summary>Entries of several directories that hold the same part of the keys; those that do not exist count as empty.</summary>
    public IReadOnlyList<DirectoryEntry> Read(IReadOnlyList<string> directories)
    {
        if (directories.Count == 0)
        {
            return [];
        }
        if (directories.Count == 1)
        {
            return ReadOne(directories[0]);
        }
        var all = directories.SelectMany(directory => ReadOne(directory).Select(entry => Placed(directory, entry))).ToList();
        return Sorted(directories[0], all);
    }

    /// <summary>
    /// Names in an open directory, read through its descriptor: whatever a job puts in the directory's place meanwhile, no link is followed.
    /// </summary>
    public static IEnumerable<(string Name, bool IsDirectory)> Names(SafeFileHandle directory) =>
        new FileSystemEnumerable<(string Name, bool IsDirectory)>(
            string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{directory.DangerousGetHandle()}"),
            (ref FileSystemEntry entry) => (entry.FileName.ToString(), entry.IsDirectory), Everything)
        {
            // Links are left out here when they lead to directories, and when a file is looked at otherwise.
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory || (entry.Attributes & FileAttributes.ReparsePoint) == 0,
        };

    private DirectoryEntry[] ReadOne(string directory)
    {
        using var open = tree.OpenDirectory(directory);
        if (open is null || Posix.Stat(open, out var facts) != 0)
        {
            return [];
        }
        lock (gate)
        {
            if (remembered.TryGetValue(directory, out var known) && known.Modified == facts.Modified)
            {
                return known.Entries;
            }
        }
        var now = time.GetUtcNow().UtcDateTime;
        var found = new List<DirectoryEntry>();
        var flat = Collect(open, directory, "", directory, found);
        var entries = Sorted(directory, found);
        if (flat && entries.Length >= WorthRemembering && now - facts.Modified > Settled)
        {
            Remember(directory, new Remembered(facts.Modified, entries));
        }
        return entries;
    }

    private void Remember(string directory, Remembered listing)
    {
        lock (gate)
        {
            if (remembered.Remove(directory, out var old))
            {
                rememberedEntries -= old.Entries.Length;
            }
            if (rememberedEntries + listing.Entries.Length > MostRemembered)
            {
                remembered.Clear();
                rememberedEntries = 0;
            }
            remembered[directory] = listing;
            rememberedEntries += listing.Entries.Length;
        }
    }

    /// <summary>Adds the entries of a directory; follows pieces of long segments. False when there were pieces.</summary>
    private bool Collect(SafeFileHandle open, string directory, string pieces, string parent, List<DirectoryEntry> found)
    {
        var flat = true;
        foreach (var (name, isDirectory) in Names(open))
        {
            var kind = KeyNames.Decode(name, out var text);
            if (kind == NameKind.Plain && pieces.Length == 0)
            {
                found.Add(new(isDirectory ? name + "/" : name, isDirectory, null));
                continue;
            }
            if (kind == NameKind.Piece && isDirectory)
            {
                flat = false;
                using var below = tree.OpenDirectory($"{directory}/{name}");
                if (below is not null && pieces.Length < LongestSegment)
                {
                    Collect(below, $"{directory}/{name}", pieces + text, parent, found);
                }
                continue;
            }
            var segment = pieces + text;
            var path = $"{directory}/{name}";
            var alternate = kind is NameKind.AlternateDirectory or NameKind.AlternateObject;
            if (kind is NameKind.Escaped or NameKind.AlternateDirectory or NameKind.AlternateObject
                && string.Equals(path, $"{parent}/{string.Join('/', KeyNames.Encode(segment, isDirectory, alternate))}", StringComparison.Ordinal))
            {
                found.Add(new(isDirectory ? segment + "/" : segment, isDirectory, [path]));
            }
        }
        return flat;
    }

    private static DirectoryEntry Placed(string directory, DirectoryEntry entry) =>
        entry.OddPaths is null ? entry with { OddPaths = [$"{directory}/{entry.Fragment.TrimEnd('/')}"] } : entry;

    private static DirectoryEntry[] Sorted(string directory, List<DirectoryEntry> entries)
    {
        entries.Sort((a, b) => Utf8Order.Instance.Compare(a.Fragment, b.Fragment));
        var merged = new List<DirectoryEntry>(entries.Count);
        foreach (var entry in entries)
        {
            if (merged.Count > 0 && string.Equals(merged[^1].Fragment, entry.Fragment, StringComparison.Ordinal))
            {
                merged[^1] = Merged(Placed(directory, merged[^1]), Placed(directory, entry));
            }
            else
            {
                merged.Add(entry);
            }
        }
        return [.. merged];
    }

    // The same file under its plain and its alternate name: the plain one counts. Directories hold keys together.
    private static DirectoryEntry Merged(DirectoryEntry a, DirectoryEntry b) =>
        a.IsDirectory ? a with { OddPaths = [.. a.OddPaths!, .. b.OddPaths!] } : a.OddPaths![0].Length <= b.OddPaths![0].Length ? a : b;

    private sealed record Remembered(DateTime Modified, DirectoryEntry[] Entries);
}
