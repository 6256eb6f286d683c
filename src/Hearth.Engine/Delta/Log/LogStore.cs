using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Hearth.Engine.Delta.Log;

/// <summary>A file of <c>_delta_log</c> that holds a version.</summary>
/// <param name="Version">The version.</param>
/// <param name="Path">Full path.</param>
/// <param name="Part">Number of the part of a multi-part checkpoint, from 1; 0 otherwise.</param>
/// <param name="Parts">Parts of a multi-part checkpoint; 0 otherwise.</param>
internal sealed record LogFile(long Version, string Path, int Part = 0, int Parts = 0);

/// <summary>The files of <c>_delta_log</c>. A commit becomes visible whole and only when no other has its version.</summary>
/// <param name="table">Root directory of the table.</param>
/// <param name="objects">Whether it is in object storage, where there are no symbolic links: what a job planted as one is not followed.</param>
internal sealed partial class LogStore(string table, bool objects)
{
    /// <summary>Root directory of the table.</summary>
    public string Table { get; } = table;

    /// <summary>The log directory.</summary>
    public string Directory { get; } = Path.Combine(table, "_delta_log");

    [GeneratedRegex(@"^(\d{20})\.json$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex CommitName { get; }

    [GeneratedRegex(@"^(\d{20})\.checkpoint(?:\.(\d{10})\.(\d{10})|\.[0-9a-f-]{36})?\.(?:parquet|json)$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex CheckpointName { get; }

    /// <summary>Path of a commit.</summary>
    public string CommitPath(long version) => Path.Combine(Directory, string.Create(CultureInfo.InvariantCulture, $"{version:D20}.json"));

    /// <summary>Path of a classic checkpoint.</summary>
    public string CheckpointPath(long version) => Path.Combine(Directory, string.Create(CultureInfo.InvariantCulture, $"{version:D20}.checkpoint.parquet"));

    /// <summary>Path of the pointer to the last checkpoint.</summary>
    public string LastCheckpoint => Path.Combine(Directory, "_last_checkpoint");

    /// <summary>Commits and checkpoints, each in ascending order of versions; empty when there is no log.</summary>
    public (List<LogFile> Commits, List<LogFile> Checkpoints) List()
    {
        List<LogFile> commits = [], checkpoints = [];
        if (System.IO.Directory.Exists(Directory) && !IsLink(Directory))
        {
            foreach (string path in System.IO.Directory.EnumerateFiles(Directory).Where(p => !IsLink(p)))
            {
                string name = Path.GetFileName(path);
                if (CommitName.Match(name) is { Success: true } commit)
                {
                    commits.Add(new LogFile(Number(commit.Groups[1]), path));
                }
                else if (CheckpointName.Match(name) is { Success: true } found)
                {
                    bool parts = found.Groups[2].Success;
                    checkpoints.Add(new LogFile(Number(found.Groups[1]), path, parts ? (int)Number(found.Groups[2]) : 0, parts ? (int)Number(found.Groups[3]) : 0));
                }
            }
        }

        commits.Sort((a, b) => a.Version.CompareTo(b.Version));
        checkpoints.Sort((a, b) => a.Version.CompareTo(b.Version));
        return (commits, checkpoints);
    }

    private static long Number(Group group) => long.Parse(group.ValueSpan, CultureInfo.InvariantCulture);

    private bool IsLink(string path) => objects && Sources.ObjectLinks.Is(path);

    /// <summary>The actions of a commit; null when it does not exist.</summary>
    /// <exception cref="EngineException">DELTA_LOG_FILE_MALFORMED.</exception>
    public IReadOnlyList<DeltaAction>? ReadCommit(long version)
    {
        string path = CommitPath(version);
        if (IsLink(Directory) || IsLink(path))
        {
            return null;
        }

        try
        {
            return [.. File.ReadLines(path).Where(l => l.Length > 0).Select(ActionJson.Read).OfType<DeltaAction>()];
        }
        catch (JsonException error)
        {
            throw DeltaErrors.Malformed(path, error);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Called before a commit is tried; tests put another's commit in between.</summary>
    internal Action? BeforeCommit { get; set; }

    /// <summary>Writes a commit to a hidden file, complete and on the disk; it counts once it has a version.</summary>
    public PendingCommit Prepare(IEnumerable<DeltaAction> actions)
    {
        BeforeCommit?.Invoke();
        System.IO.Directory.CreateDirectory(Directory);
        string temporary = Path.Combine(Directory, $".tmp-{Guid.NewGuid():N}");
        PendingCommit pending = new(this, temporary);
        try
        {
            using FileStream file = new(temporary, FileMode.CreateNew, FileAccess.Write);
            using StreamWriter writer = new(file, new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
            foreach (DeltaAction action in actions)
            {
                writer.Write(ActionJson.Write(action));
                writer.Write('\n');
            }

            writer.Flush();
            file.Flush(flushToDisk: true);
            return pending;
        }
        catch
        {
            pending.Dispose();
            throw;
        }
    }
}

/// <summary>A commit that waits for a version.</summary>
internal sealed class PendingCommit(LogStore store, string file) : IDisposable
{
    /// <summary>Makes it a version of the table.</summary>
    /// <returns>False when the version exists.</returns>
    public bool TryAs(long version) => PutIfAbsent.Link(file, store.CommitPath(version));

    /// <inheritdoc/>
    public void Dispose() => File.Delete(file);
}

/// <summary>Gives a finished file its final name unless the name is taken. <c>File.Move</c> without overwriting is not exclusive on Unix: it
/// looks first and renames then, so that two writers may both succeed. A hard link has exactly one winner.</summary>
internal static partial class PutIfAbsent
{
    private const int AlreadyExists = 17;

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinkFile(string existing, string created);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);

    /// <returns>False when <paramref name="target"/> exists.</returns>
    /// <exception cref="IOException">The file system refuses.</exception>
    public static bool Link(string source, string target)
    {
        if (OperatingSystem.IsWindows())
        {
            return Move(source, target);
        }

        if (LinkFile(source, target) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            return error == AlreadyExists ? false : throw new IOException($"Cannot create {target}: {Marshal.GetPInvokeErrorMessage(error)}");
        }

        SyncDirectory(Path.GetDirectoryName(target)!);
        return true;
    }

    // On Windows a rename without replacing is exclusive.
    private static bool Move(string source, string target)
    {
        try
        {
            File.Move(source, target);
            return true;
        }
        catch (IOException) when (File.Exists(target))
        {
            return false;
        }
    }

    // The name is on the disk too: a commit that was acknowledged survives a power cut.
    private static void SyncDirectory(string path)
    {
        int descriptor = Open(path, 0);
        if (descriptor >= 0)
        {
            _ = Sync(descriptor);
            _ = Close(descriptor);
        }
    }
}
