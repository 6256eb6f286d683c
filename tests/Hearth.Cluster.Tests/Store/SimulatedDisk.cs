using Hearth.Cluster.Store.Files;

namespace Hearth.Cluster.Tests.Store;

/// <summary>
/// A directory in memory that can lose power: what was not flushed survives not at all, in part, or sector by sector in any order; names change durably only with a
/// flush of the directory. It can also run out of space and fail to flush.
/// </summary>
internal sealed class SimulatedDisk : IStoreFiles
{
    private const int Sector = 512;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Node> _names = new(StringComparer.Ordinal);
    private readonly List<Action<Dictionary<string, Node>>> _unflushedNames = [];
    private Dictionary<string, Node> _durableNames = new(StringComparer.Ordinal);

    public string Directory => "simulated";

    /// <summary>Bytes that can still be written.</summary>
    public long Space { get; set; } = long.MaxValue;

    /// <summary>Fails every flush of a file.</summary>
    public bool FlushFails { get; set; }

    /// <summary>Called before and after each operation that changes something.</summary>
    public Action? OnOperation { get; set; }

    public int Flushes { get; private set; }

    /// <summary>The disk as it may look after a power loss right now.</summary>
    public SimulatedDisk LosePower(Random random)
    {
        lock (_lock)
        {
            var names = new Dictionary<string, Node>(_durableNames, StringComparer.Ordinal);
            foreach (var change in _unflushedNames.Take(random.Next(_unflushedNames.Count + 1)))
            {
                change(names);
            }

            var after = new SimulatedDisk();
            foreach (var (name, node) in names)
            {
                after._names[name] = new Node(node.AfterPowerLoss(random));
            }

            after._durableNames = new Dictionary<string, Node>(after._names, StringComparer.Ordinal);
            return after;
        }
    }

    /// <summary>The disk as a killed process leaves it: nothing that was written is lost.</summary>
    public SimulatedDisk Copy()
    {
        lock (_lock)
        {
            var copy = new SimulatedDisk();
            foreach (var (name, node) in _names)
            {
                copy._names[name] = new Node([.. node.Current]);
            }

            copy._durableNames = new Dictionary<string, Node>(copy._names, StringComparer.Ordinal);
            return copy;
        }
    }

    public byte[] Content(string name)
    {
        lock (_lock)
        {
            return [.. _names[name].Current];
        }
    }

    public void Overwrite(string name, byte[] content)
    {
        lock (_lock)
        {
            _durableNames[name] = _names[name] = new Node(content);
        }
    }

    public IReadOnlyList<string> List()
    {
        lock (_lock)
        {
            return _names.Keys.Order(StringComparer.Ordinal).ToList();
        }
    }

    public IStoreFile Open(string name, bool create) => Change(() =>
    {
        if (!_names.TryGetValue(name, out var node))
        {
            node = create ? new Node([]) : throw new FileNotFoundException(name);
            Rename(names => names[name] = node);
        }

        return new File(this, node);
    });

    public void Rename(string from, string to) => Change(() =>
    {
        Rename(names =>
        {
            if (names.Remove(from, out var node))
            {
                names[to] = node;
            }
        });
        return 0;
    });

    public void Delete(string name) => Change(() =>
    {
        Rename(names => names.Remove(name));
        return 0;
    });

    public void FlushDirectory() => Change(() =>
    {
        _durableNames = new Dictionary<string, Node>(_names, StringComparer.Ordinal);
        _unflushedNames.Clear();
        return 0;
    });

    private void Rename(Action<Dictionary<string, Node>> change)
    {
        change(_names);
        _unflushedNames.Add(change);
    }

    private T Change<T>(Func<T> change)
    {
        OnOperation?.Invoke();
        T result;
        lock (_lock)
        {
            result = change();
        }

        OnOperation?.Invoke();
        return result;
    }

    private sealed class Node(byte[] content)
    {
        private readonly HashSet<int> _dirtySectors = [];

        public List<byte> Current { get; } = [.. content];

        private byte[] Durable { get; set; } = content;

        public void Write(long offset, ReadOnlySpan<byte> data)
        {
            SetLength(Math.Max(Current.Count, offset + data.Length));
            for (var i = 0; i < data.Length; i++)
            {
                Current[(int)offset + i] = data[i];
                _dirtySectors.Add((int)(offset + i) / Sector);
            }
        }

        public void SetLength(long length)
        {
            if (length < Current.Count)
            {
                Current.RemoveRange((int)length, Current.Count - (int)length);
            }

            Current.AddRange(new byte[length - Current.Count]);
        }

        public void Flush()
        {
            Durable = [.. Current];
            _dirtySectors.Clear();
        }

        public byte[] AfterPowerLoss(Random random) => random.Next(4) switch
        {
            0 => Durable,
            1 => [.. Current],
            2 => Prefix(random),
            _ => Sectors(random),
        };

        /// <summary>The file grew up to some byte.</summary>
        private byte[] Prefix(Random random) =>
            Current.Count > Durable.Length ? [.. Current.Take(random.Next(Durable.Length, Current.Count + 1))] : Durable;

        /// <summary>Some of the written sectors are there, and the others are as before, or zero.</summary>
        private byte[] Sectors(Random random)
        {
            var result = new byte[Math.Max(Current.Count, Durable.Length)];
            Durable.CopyTo(result, 0);
            foreach (var sector in _dirtySectors.Where(_ => random.Next(2) == 0))
            {
                for (var i = sector * Sector; i < Math.Min((sector + 1) * Sector, Current.Count); i++)
                {
                    result[i] = Current[i];
                }
            }

            return result;
        }
    }

    private sealed class File(SimulatedDisk disk, Node node) : IStoreFile
    {
        public long Length
        {
            get
            {
                lock (disk._lock)
                {
                    return node.Current.Count;
                }
            }
        }

        public int Read(long offset, Span<byte> into)
        {
            lock (disk._lock)
            {
                var size = (int)Math.Clamp(node.Current.Count - offset, 0, into.Length);
                for (var i = 0; i < size; i++)
                {
                    into[i] = node.Current[(int)offset + i];
                }

                return size;
            }
        }

        public void Write(long offset, ReadOnlySpan<byte> data)
        {
            var all = data.ToArray();
            disk.Change(() =>
            {
                var fits = (int)Math.Min(all.Length, disk.Space);
                node.Write(offset, all.AsSpan(0, fits));
                disk.Space -= fits;
                return fits == all.Length ? 0 : throw new IOException("No space left on device");
            });
        }

        public void SetLength(long length) => disk.Change(() =>
        {
            node.SetLength(length);
            return 0;
        });

        public void Flush() => disk.Change(() =>
        {
            if (disk.FlushFails)
            {
                throw new IOException("Input/output error");
            }

            node.Flush();
            disk.Flushes++;
            return 0;
        });

        public void Dispose()
        {
        }
    }
}
