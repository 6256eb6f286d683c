using System.Runtime.InteropServices;

namespace Hearth.Engine.Sources;

/// <summary>
/// Makes a finished directory the files of a table in one step: the kernel exchanges the two directories (renameat2 with RENAME_EXCHANGE), so that a reader, and
/// whoever comes after a kill, finds either the old files or the new. What is changed only in part is first made whole beside it, by hard links to the files that stay.
/// Commits below one parent directory follow one another (flock), so that none overlooks the files of another.
/// </summary>
internal static partial class DirectoryCommit
{
    private const int CurrentDirectory = -100;
    private const uint Exchange = 2;
    private const int NoSuchFile = 2;
    private static readonly TimeSpan LeftOver = TimeSpan.FromDays(1);

    /// <summary>Name of a directory beside a target that holds files before they count.</summary>
    public static string StageOf(string target)
    {
        string table = Path.TrimEndingDirectorySeparator(target);
        return Path.Combine(Path.GetDirectoryName(table)!, $".{Path.GetFileName(table)}.stage-{Guid.NewGuid():N}");
    }

    /// <summary>Removes what writers of a target that were killed more than a day ago left behind.</summary>
    public static void Sweep(string target)
    {
        string parent = Path.GetDirectoryName(target)!;
        if (!Directory.Exists(parent))
        {
            return;
        }

        foreach (string left in Directory.EnumerateDirectories(parent, $".{Path.GetFileName(target)}.stage-*"))
        {
            if (!ObjectLinks.Is(left) && DateTime.UtcNow - Directory.GetLastWriteTimeUtc(left) > LeftOver)
            {
                Directory.Delete(left, recursive: true);
            }
        }
    }

    /// <summary>Puts the files of <paramref name="stage"/> in the place of all files of <paramref name="target"/>.</summary>
    public static void Replace(string stage, string target)
    {
        target = Path.TrimEndingDirectorySeparator(target);
        using DirectoryLock held = DirectoryLock.Take(Path.GetDirectoryName(target)!);
        Put(stage, target);
    }

    /// <summary>Adds the files of <paramref name="stage"/> to those of <paramref name="target"/> that stay.</summary>
    /// <param name="stage">New files.</param>
    /// <param name="target">The table's directory.</param>
    /// <param name="stays">Whether a file stays; its path is relative to the target.</param>
    public static void Merge(string stage, string target, Func<string, bool> stays)
    {
        using DirectoryLock held = DirectoryLock.Take(Path.GetDirectoryName(target)!);
        if (!Directory.Exists(target))
        {
            Put(stage, target);
            return;
        }

        HashSet<string> kept = new(StringComparer.Ordinal);
        foreach (string path in Entries(target, "").Where(p => stays(p)))
        {
            kept.Add(path);
            Keep(Path.Combine(target, path), Path.Combine(stage, path));
        }

        Put(stage, target, old =>
        {
            // Other programs write buckets too: what came while the links were made is carried over.
            foreach (string path in Entries(old, "").Where(p => !kept.Contains(p) && stays(p) && !Path.Exists(Path.Combine(target, p))).ToArray())
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(target, path))!);
                File.Move(Path.Combine(old, path), Path.Combine(target, path), overwrite: false);
            }
        });
    }

    private static void Put(string stage, string target, Action<string>? before = null)
    {
        if (File.Exists(target))
        {
            File.Delete(target);
        }

        if (!Directory.Exists(target))
        {
            Directory.Move(stage, target);
            return;
        }

        if (Swap(stage, target))
        {
            before?.Invoke(stage);
            Directory.Delete(stage, recursive: true);
            return;
        }

        // A file system that cannot exchange: for a moment there is no target.
        string old = $"{stage}-old";
        Directory.Move(target, old);
        Directory.Move(stage, target);
        before?.Invoke(old);
        Directory.Delete(old, recursive: true);
    }

    private static bool Swap(string a, string b)
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        try
        {
            return RenameAt(CurrentDirectory, a, CurrentDirectory, b, Exchange) == 0;
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    }

    // Files, links (never followed) and empty directories, as paths relative to the root.
    private static IEnumerable<string> Entries(string root, string below)
    {
        foreach (FileSystemInfo entry in new DirectoryInfo(Path.Combine(root, below)).EnumerateFileSystemInfos())
        {
            string path = Path.Combine(below, entry.Name);
            if (entry is DirectoryInfo directory && entry.LinkTarget is null && directory.EnumerateFileSystemInfos().Any())
            {
                foreach (string inner in Entries(root, path))
                {
                    yield return inner;
                }
            }
            else
            {
                yield return path;
            }
        }
    }

    private static void Keep(string from, string to)
    {
        if (Path.Exists(to))
        {
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        if (Directory.Exists(from) && new DirectoryInfo(from).LinkTarget is null)
        {
            Directory.CreateDirectory(to);
            return;
        }

        if (!OperatingSystem.IsWindows() && LinkFile(from, to) == 0)
        {
            return;
        }

        // Gone meanwhile, or a file system without links.
        if (OperatingSystem.IsWindows() || Marshal.GetLastPInvokeError() != NoSuchFile)
        {
            File.Copy(from, to);
        }
    }

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameAt(int fromDirectory, string from, int toDirectory, string to, uint flags);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinkFile(string existing, string created);
}

/// <summary>A directory that one holder at a time has; the kernel lets go of it when its process ends.</summary>
internal sealed partial class DirectoryLock : IDisposable
{
    private const int Exclusive = 2;
    private readonly int _descriptor;

    private DirectoryLock(int descriptor) => _descriptor = descriptor;

    /// <summary>Waits for the directory. Where there are no locks there is none.</summary>
    public static DirectoryLock Take(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return new DirectoryLock(-1);
        }

        int descriptor = Open(path, 0);
        if (descriptor >= 0)
        {
            _ = Lock(descriptor, Exclusive);
        }

        return new DirectoryLock(descriptor);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_descriptor >= 0)
        {
            _ = Close(_descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Lock(int descriptor, int operation);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
