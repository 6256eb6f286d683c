using Microsoft.Win32.SafeHandles;

namespace Hearth.Aws.S3.Storage;

/// <summary>A file that holds an object, open for reading.</summary>
/// <param name="Handle">The open file.</param>
/// <param name="Path">Relative to the root: <c>bucket/...</c>.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Modified">Time of the last change, UTC, in steps of 100 ns.</param>
internal sealed record FoundFile(SafeFileHandle Handle, string Path, long Size, DateTime Modified) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();
}

/// <summary>
/// Finds and places the files of objects below a root directory. Other programs change the same files, so nothing is remembered here.
/// Symbolic links are never followed: a job that may write into its bucket must not reach out of it through this process.
/// </summary>
internal sealed class ObjectTree : IDisposable
{
    private const int MostAttempts = 100;
    private readonly SafeFileHandle rootHandle;

    public ObjectTree(string root)
    {
        Root = Path.GetFullPath(root);
        Directory.CreateDirectory(Root);
        rootHandle = Posix.OpenDirectory(Root);
    }

    /// <summary>Absolute path of the root.</summary>
    public string Root { get; }

    /// <summary>Absolute path of a relative one.</summary>
    public string Absolute(string relative) => Path.Join(Root, relative);

    /// <summary>The file of a key, or null.</summary>
    public FoundFile? Find(string bucket, string key)
    {
        var segments = key.Split('/');
        if (TryOpenFile(PlainPath(bucket, segments), out var found))
        {
            return found;
        }
        return FindBelow(bucket, segments, 0);
    }

    /// <summary>All directories that hold keys of a prefix which ends with a slash (or is empty).</summary>
    public IReadOnlyList<string> FindDirectories(string bucket, string prefix)
    {
        IReadOnlyList<string> directories = [bucket];
        if (prefix.Length == 0)
        {
            return directories;
        }
        foreach (var segment in prefix[..^1].Split('/'))
        {
            directories = [.. directories.SelectMany(parent => Forms(parent, segment, directory: true)).Where(DirectoryExists)];
        }
        return directories;
    }

    /// <summary>Whether a directory is there, reached without links.</summary>
    public bool DirectoryExists(string relative)
    {
        var error = Posix.OpenBeneath(rootHandle, relative, directory: true, out var handle);
        handle?.Dispose();
        return error == 0;
    }

    /// <summary>Moves a finished file to the place of a key and makes that last.</summary>
    /// <param name="temporary">Absolute path on the same file system.</param>
    /// <param name="bucket">The bucket.</param>
    /// <param name="key">The key.</param>
    /// <param name="existing">Where the object is now; null when there is none.</param>
    /// <param name="replace">False to fail when a file turns up at the place.</param>
    /// <returns>False when a file is there and <paramref name="replace"/> is false.</returns>
    /// <exception cref="DirectoryNotFoundException">No such bucket.</exception>
    public bool Place(string temporary, string bucket, string key, FoundFile? existing, bool replace)
    {
        var segments = key.Split('/');
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var (parent, names) = existing is null ? Parent(bucket, segments) : Split(existing.Path);
            if (parent is null)
            {
                existing = null;
                continue;
            }
            using (parent)
            {
                switch (Move(temporary, parent, names, replace, key))
                {
                    case Outcome.Placed:
                        return true;
                    case Outcome.Taken:
                        return false;
                    default:
                        existing = null;
                        break;
                }
            }
        }
        throw new IOException($"The directories of '{key}' keep changing; the object could not be stored.");
    }

    private static Outcome Move(string temporary, SafeFileHandle parent, IReadOnlyList<string> names, bool replace, string key)
    {
        foreach (var name in names)
        {
            var error = Posix.Rename(temporary, parent, name, replace);
            if (error == 0)
            {
                Posix.Sync(parent);
                return Outcome.Placed;
            }
            if (error == Posix.NoEntry)
            {
                return Outcome.Changed;
            }
            if (error is not (Posix.Exists or Posix.IsDirectory or Posix.NotEmpty))
            {
                throw PosixError("store", key, error);
            }
            if (!replace && IsFile(parent, name))
            {
                return Outcome.Taken;
            }
            if (Posix.RemoveDirectory(parent, name) == 0)
            {
                return Outcome.Changed;
            }
        }
        return Outcome.Changed;
    }

    private enum Outcome
    {
        Placed,
        Taken,
        Changed,
    }

    /// <summary>Removes a file, then the directories that this leaves empty, up to the bucket.</summary>
    public void Remove(FoundFile file)
    {
        var parts = file.Path.Split('/');
        using (var parent = OpenDirectory(string.Join('/', parts[..^1])))
        {
            var error = parent is null ? Posix.NoEntry : Posix.Unlink(parent, parts[^1]);
            if (error is not (0 or Posix.NoEntry))
            {
                throw PosixError("remove", file.Path, error);
            }
            if (parent is null)
            {
                return;
            }
            Posix.Sync(parent);
        }
        for (var depth = parts.Length - 2; depth >= 1; depth--)
        {
            using var above = OpenDirectory(string.Join('/', parts[..depth]));
            if (above is null || Posix.RemoveDirectory(above, parts[depth]) != 0)
            {
                return;
            }
        }
    }

    /// <summary>Makes a bucket's directory; false when it is there already.</summary>
    public bool MakeBucket(string bucket)
    {
        switch (Posix.MakeDirectory(rootHandle, bucket))
        {
            case 0:
                using (var root = Posix.OpenDirectory(Root))
                {
                    Posix.Sync(root);
                }
                return true;
            case Posix.Exists:
                return false;
            case var error:
                throw PosixError("create the bucket", bucket, error);
        }
    }

    /// <summary>Removes a bucket's directory with the empty directories in it; false when files are left.</summary>
    public bool RemoveBucket(string bucket)
    {
        RemoveEmpty(bucket);
        if (Posix.RemoveDirectory(rootHandle, bucket) is not (0 or Posix.NoEntry))
        {
            return false;
        }
        using var root = Posix.OpenDirectory(Root);
        Posix.Sync(root);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => rootHandle.Dispose();

    /// <summary>Whether an error means that the key's path is longer than the file system allows.</summary>
    private static IOException PosixError(string what, string name, int error) => error == Posix.NameTooLong
        ? new PathTooLongException($"Cannot {what} '{name}': its path is longer than the file system allows.")
        : Posix.Failed($"{what} '{name}'", error);

    /// <summary>Removes the empty directories below one; what is not empty stays, and the caller finds out when it removes the bucket itself.</summary>
    private void RemoveEmpty(string relative)
    {
        using var directory = OpenDirectory(relative);
        if (directory is null)
        {
            return;
        }
        foreach (var (name, isDirectory) in DirectoryReader.Names(directory).ToArray())
        {
            if (isDirectory)
            {
                RemoveEmpty($"{relative}/{name}");
                _ = Posix.RemoveDirectory(directory, name);
            }
        }
    }

    private static string PlainPath(string bucket, string[] segments)
    {
        var names = new List<string>(segments.Length + 1) { bucket };
        for (var i = 0; i < segments.Length; i++)
        {
            names.AddRange(KeyNames.Encode(segments[i], directory: i < segments.Length - 1, alternate: false));
        }
        return string.Join('/', names);
    }

    private static string[] Forms(string parent, string segment, bool directory) =>
    [
        $"{parent}/{string.Join('/', KeyNames.Encode(segment, directory, alternate: false))}",
        $"{parent}/{string.Join('/', KeyNames.Encode(segment, directory, alternate: true))}",
    ];

    private FoundFile? FindBelow(string parent, string[] segments, int index)
    {
        var last = index == segments.Length - 1;
        foreach (var path in Forms(parent, segments[index], directory: !last))
        {
            if (last)
            {
                if (TryOpenFile(path, out var found))
                {
                    return found;
                }
            }
            else if (DirectoryExists(path) && FindBelow(path, segments, index + 1) is { } below)
            {
                return below;
            }
        }
        return null;
    }

    private bool TryOpenFile(string path, out FoundFile? found)
    {
        found = null;
        var error = Posix.OpenBeneath(rootHandle, path, directory: false, out var handle);
        if (handle is null)
        {
            return error is Posix.NoEntry or Posix.NotDirectory or Posix.TooManyLinks or Posix.NameTooLong or Posix.NoDevice or Posix.CrossesDevice
                ? false
                : throw PosixError("open", path, error);
        }
        // A job may leave pipes, sockets and devices in its bucket: they hold no object.
        if (Posix.Stat(handle, out var facts) != 0 || !facts.IsRegular)
        {
            handle.Dispose();
            return false;
        }
        found = new FoundFile(handle, path, facts.Size, facts.Modified);
        return true;
    }

    /// <summary>Opens a directory without following links; null when there is none.</summary>
    public SafeFileHandle? OpenDirectory(string relative)
    {
        _ = Posix.OpenBeneath(rootHandle, relative, directory: true, out var handle);
        return handle;
    }

    private static bool IsFile(SafeFileHandle parent, string name)
    {
        _ = Posix.OpenBeneath(parent, name, directory: false, out var handle);
        using (handle)
        {
            return handle is not null && Posix.Stat(handle, out var facts) == 0 && facts.IsRegular;
        }
    }

    private (SafeFileHandle? Parent, IReadOnlyList<string> Names) Split(string path)
    {
        var slash = path.LastIndexOf('/');
        return (OpenDirectory(path[..slash]), [path[(slash + 1)..]]);
    }

    /// <summary>Opens, and makes where missing, the directory of a key; gives the names the object may take there, best first.</summary>
    private (SafeFileHandle? Parent, IReadOnlyList<string> Names) Parent(string bucket, string[] segments)
    {
        var path = bucket;
        var current = OpenDirectory(bucket) ?? throw new DirectoryNotFoundException(bucket);
        for (var i = 0; i < segments.Length - 1; i++)
        {
            var next = Descend(current, path, segments[i], out path);
            current.Dispose();
            if (next is null)
            {
                return (null, []);
            }
            current = next;
        }
        var plain = KeyNames.Encode(segments[^1], directory: false, alternate: false);
        var alternate = KeyNames.Encode(segments[^1], directory: false, alternate: true);
        if (plain.Count > 1)
        {
            var next = Steps(current, [.. plain.SkipLast(1)], out _);
            current.Dispose();
            if (next is null)
            {
                return (null, []);
            }
            current = next;
        }
        return (current, [plain[^1], alternate[^1]]);
    }

    /// <summary>Opens or makes the directory of a segment, under its plain name or, when an object has that, its alternate one.</summary>
    private static SafeFileHandle? Descend(SafeFileHandle parent, string path, string segment, out string below)
    {
        foreach (var alternate in (bool[])[false, true])
        {
            var names = KeyNames.Encode(segment, directory: true, alternate);
            below = $"{path}/{string.Join('/', names)}";
            var found = Steps(parent, names, out var taken);
            if (!taken)
            {
                return found;
            }
        }
        throw new IOException($"Files are in the way of the directory '{path}/{segment}'.");
    }

    private static SafeFileHandle? Steps(SafeFileHandle parent, IReadOnlyList<string> names, out bool taken)
    {
        var current = Step(parent, names[0], out taken);
        foreach (var name in names.Skip(1))
        {
            if (current is null)
            {
                return null;
            }
            var above = current;
            current = Step(above, name, out taken);
            above.Dispose();
        }
        return current;
    }

    /// <summary>Opens or makes one directory; null when it vanished (<paramref name="taken"/> false) or something else has its name.</summary>
    private static SafeFileHandle? Step(SafeFileHandle parent, string name, out bool taken)
    {
        taken = false;
        var error = Posix.OpenBeneath(parent, name, directory: true, out var handle);
        if (error == Posix.NoEntry)
        {
            error = Posix.MakeDirectory(parent, name);
            if (error == 0)
            {
                Posix.Sync(parent);
            }
            if (error is 0 or Posix.Exists)
            {
                error = Posix.OpenBeneath(parent, name, directory: true, out handle);
            }
        }
        taken = error is Posix.NotDirectory or Posix.TooManyLinks;
        return handle is not null || taken || error == Posix.NoEntry ? handle : throw PosixError("create the directory", name, error);
    }
}
