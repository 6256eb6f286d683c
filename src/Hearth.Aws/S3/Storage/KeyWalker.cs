namespace Hearth.Aws.S3.Storage;

/// <summary>Walks the keys of a bucket in their order, reading only the directories it needs; the tree may change meanwhile.</summary>
internal sealed class KeyWalker
{
    // What other programs nest deeper than this is no key.
    private const int LongestKey = 1024;
    private readonly DirectoryReader reader;
    private readonly string prefix;
    private readonly string? after;
    private readonly Stack<Frame> stack = new();
    private string? skip;

    /// <summary>Starts before the first key.</summary>
    /// <param name="tree">Where the files are.</param>
    /// <param name="reader">Reads directories.</param>
    /// <param name="bucket">The bucket.</param>
    /// <param name="prefix">Only keys that start with this.</param>
    /// <param name="after">Only keys behind this one; null for all.</param>
    public KeyWalker(ObjectTree tree, DirectoryReader reader, string bucket, string prefix, string? after)
    {
        (this.reader, this.prefix, this.after) = (reader, prefix, after);
        var slash = prefix.LastIndexOf('/') + 1;
        Push(prefix[..slash], tree.FindDirectories(bucket, prefix[..slash]));
    }

    /// <summary>The key found.</summary>
    public string Key { get; private set; } = "";

    /// <summary>Its file, relative to the root.</summary>
    public string FilePath { get; private set; } = "";

    /// <summary>Leaves out all keys that start with this from now on.</summary>
    public void Skip(string subtree) => skip = subtree;

    /// <summary>Goes to the next key; false at the end.</summary>
    public bool MoveNext()
    {
        while (stack.TryPeek(out var frame))
        {
            if (frame.Next >= frame.Entries.Count || IsSkipped(frame.KeyPrefix))
            {
                stack.Pop();
                continue;
            }
            var entry = frame.Entries[frame.Next++];
            var full = frame.KeyPrefix + entry.Fragment;
            if (!full.StartsWith(prefix, StringComparison.Ordinal))
            {
                if (Utf8Order.Instance.Compare(full, prefix) > 0)
                {
                    stack.Clear();
                }
                continue;
            }
            if (IsSkipped(full) || full.Length > LongestKey)
            {
                continue;
            }
            if (entry.IsDirectory)
            {
                if (after is null || Utf8Order.Instance.Compare(full, after) >= 0 || after.StartsWith(full, StringComparison.Ordinal))
                {
                    Push(full, frame.PathsOf(entry));
                }
            }
            else if (after is null || Utf8Order.Instance.Compare(full, after) > 0)
            {
                (Key, FilePath) = (full, frame.PathsOf(entry)[0]);
                return true;
            }
        }
        return false;
    }

    private bool IsSkipped(string key) => skip is not null && key.StartsWith(skip, StringComparison.Ordinal);

    private void Push(string keyPrefix, IReadOnlyList<string> directories)
    {
        var frame = new Frame(keyPrefix, directories, reader.Read(directories));
        frame.Next = Math.Max(frame.FirstAt(after), frame.FirstAt(prefix));
        stack.Push(frame);
    }

    private sealed class Frame(string keyPrefix, IReadOnlyList<string> directories, IReadOnlyList<DirectoryEntry> entries)
    {
        public string KeyPrefix => keyPrefix;

        public IReadOnlyList<DirectoryEntry> Entries => entries;

        public int Next { get; set; }

        public IReadOnlyList<string> PathsOf(DirectoryEntry entry) =>
            entry.OddPaths ?? [$"{directories[0]}/{(entry.IsDirectory ? entry.Fragment.AsSpan(0, entry.Fragment.Length - 1) : entry.Fragment)}"];

        /// <summary>Index of the first entry that may hold keys at or behind a bound.</summary>
        public int FirstAt(string? bound)
        {
            if (bound is null || !bound.StartsWith(keyPrefix, StringComparison.Ordinal))
            {
                return 0;
            }
            var rest = bound[keyPrefix.Length..];
            var (low, high) = (0, entries.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (Utf8Order.Instance.Compare(entries[middle].Fragment, rest) < 0)
                {
                    low = middle + 1;
                }
                else
                {
                    high = middle;
                }
            }
            // A directory that holds the bound sorts just before it.
            return low > 0 && entries[low - 1].IsDirectory && rest.StartsWith(entries[low - 1].Fragment, StringComparison.Ordinal) ? low - 1 : low;
        }
    }
}
