namespace Hearth.Cluster.Store;

/// <summary>
/// A persistent (immutable) B+ tree of <see cref="StoredValue"/> by ordinal key that knows the size of every subtree: a change copies one path,
/// so an old tree stays valid as a snapshot; positions give ranges and counts without walking.
/// </summary>
internal sealed class KeyTree
{
    public static readonly KeyTree Empty = new(null);

    private readonly Node? _root;

    private KeyTree(Node? root) => _root = root;

    public int Count => _root?.Count ?? 0;

    /// <summary>Builds a tree from values that are already in strictly ascending key order.</summary>
    public static KeyTree FromSorted(IReadOnlyList<StoredValue> values)
    {
        var level = new List<Node>();
        for (var i = 0; i < values.Count; i += Node.Fill)
        {
            var items = new StoredValue[Math.Min(Node.Fill, values.Count - i)];
            for (var j = 0; j < items.Length; j++)
            {
                items[j] = values[i + j];
            }

            level.Add(new Leaf(items));
        }

        while (level.Count > 1)
        {
            level = level.Chunk(Node.Fill).Select(children => (Node)new Branch(children)).ToList();
        }

        return level.Count == 0 ? Empty : new KeyTree(level[0]);
    }

    public bool TryGet(string key, out StoredValue value)
    {
        var node = _root;
        while (node is Branch branch)
        {
            node = branch.Children[branch.ChildFor(key)];
        }

        if (node is Leaf leaf && leaf.Find(key) is var at and >= 0)
        {
            value = leaf.Items[at];
            return true;
        }

        value = default;
        return false;
    }

    public KeyTree Set(StoredValue value)
    {
        if (_root is null)
        {
            return new KeyTree(new Leaf([value]));
        }

        var (left, right) = _root.Set(value);
        return new KeyTree(right is null ? left : new Branch([left, right]));
    }

    /// <summary>The same tree when the key is not in it.</summary>
    public KeyTree Remove(string key)
    {
        var root = _root?.Remove(key);
        if (ReferenceEquals(root, _root))
        {
            return this;
        }

        while (root is Branch { Children.Length: 1 } only)
        {
            root = only.Children[0];
        }

        return root is null ? Empty : new KeyTree(root);
    }

    /// <summary>How many keys lie before the bound.</summary>
    public int Position(KeyBound bound)
    {
        var position = 0;
        var node = _root;
        while (node is Branch branch)
        {
            var child = branch.LastChildBefore(bound);
            for (var i = 0; i < child; i++)
            {
                position += branch.Children[i].Count;
            }

            node = branch.Children[child];
        }

        return node is Leaf leaf ? position + leaf.CountBefore(bound) : position;
    }

    /// <summary>The values at positions [<paramref name="from"/>, <paramref name="from"/> + <paramref name="count"/>).</summary>
    public StoredValue[] Range(int from, int count)
    {
        var result = new StoredValue[count];
        if (count > 0)
        {
            _root!.CopyRange(from, result);
        }

        return result;
    }

    private abstract class Node
    {
        public const int Max = 32;
        public const int Fill = 24;
        private const int Small = 8;

        public abstract int Count { get; }

        public abstract string FirstKey { get; }

        public bool IsSmall => Width < Small;

        /// <summary>Entries of this node itself: items or children.</summary>
        public abstract int Width { get; }

        public abstract (Node Left, Node? Right) Set(StoredValue value);

        /// <summary>Null when nothing is left, this node when the key is absent.</summary>
        public abstract Node? Remove(string key);

        /// <summary>A node with the entries of both, which are of the same depth.</summary>
        public abstract Node Join(Node next);

        public abstract void CopyRange(int from, Span<StoredValue> into);
    }

    private sealed class Leaf(StoredValue[] items) : Node
    {
        public StoredValue[] Items { get; } = items;

        public override int Count => Items.Length;

        public override int Width => Items.Length;

        public override string FirstKey => Items[0].Key;

        /// <summary>The index of the key, or the complement of where it would go.</summary>
        public int Find(string key)
        {
            int low = 0, high = Items.Length - 1;
            while (low <= high)
            {
                var middle = (low + high) >> 1;
                var order = string.CompareOrdinal(Items[middle].Key, key);
                if (order == 0)
                {
                    return middle;
                }

                (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
            }

            return ~low;
        }

        public int CountBefore(KeyBound bound)
        {
            int low = 0, high = Items.Length;
            while (low < high)
            {
                var middle = (low + high) >> 1;
                (low, high) = bound.Follows(Items[middle].Key) ? (middle + 1, high) : (low, middle);
            }

            return low;
        }

        public override (Node Left, Node? Right) Set(StoredValue value)
        {
            var at = Find(value.Key);
            if (at >= 0)
            {
                return (new Leaf(Slots.With(Items, at, value)), null);
            }

            var grown = Slots.Inserted(Items, ~at, value);
            return grown.Length <= Max
                ? (new Leaf(grown), null)
                : (new Leaf(grown[..(grown.Length / 2)]), new Leaf(grown[(grown.Length / 2)..]));
        }

        public override Node? Remove(string key)
        {
            var at = Find(key);
            if (at < 0)
            {
                return this;
            }

            return Items.Length == 1 ? null : new Leaf(Slots.Without(Items, at));
        }

        public override Node Join(Node next) => new Leaf([.. Items, .. ((Leaf)next).Items]);

        public override void CopyRange(int from, Span<StoredValue> into) => Items.AsSpan(from, into.Length).CopyTo(into);
    }

    private sealed class Branch : Node
    {
        private readonly string[] _firstKeys;

        public Branch(Node[] children)
        {
            Children = children;
            _firstKeys = new string[children.Length];
            for (var i = 0; i < children.Length; i++)
            {
                Count += children[i].Count;
                _firstKeys[i] = children[i].FirstKey;
            }
        }

        public Node[] Children { get; }

        public override int Count { get; }

        public override int Width => Children.Length;

        public override string FirstKey => _firstKeys[0];

        public int ChildFor(string key)
        {
            int low = 1, high = _firstKeys.Length;
            while (low < high)
            {
                var middle = (low + high) >> 1;
                (low, high) = string.CompareOrdinal(_firstKeys[middle], key) <= 0 ? (middle + 1, high) : (low, middle);
            }

            return low - 1;
        }

        public int LastChildBefore(KeyBound bound)
        {
            int low = 1, high = _firstKeys.Length;
            while (low < high)
            {
                var middle = (low + high) >> 1;
                (low, high) = bound.Follows(_firstKeys[middle]) ? (middle + 1, high) : (low, middle);
            }

            return low - 1;
        }

        public override (Node Left, Node? Right) Set(StoredValue value)
        {
            var at = ChildFor(value.Key);
            var (left, right) = Children[at].Set(value);
            var children = Slots.With(Children, at, left);
            if (right is null)
            {
                return (new Branch(children), null);
            }

            children = Slots.Inserted(children, at + 1, right);
            return children.Length <= Max
                ? (new Branch(children), null)
                : (new Branch(children[..(children.Length / 2)]), new Branch(children[(children.Length / 2)..]));
        }

        public override Node? Remove(string key)
        {
            var at = ChildFor(key);
            var child = Children[at].Remove(key);
            if (ReferenceEquals(child, Children[at]))
            {
                return this;
            }

            if (child is null)
            {
                return Children.Length == 1 ? null : new Branch(Slots.Without(Children, at));
            }

            return new Branch(Settle(at, child));
        }

        public override Node Join(Node next) => new Branch([.. Children, .. ((Branch)next).Children]);

        public override void CopyRange(int from, Span<StoredValue> into)
        {
            for (var i = 0; into.Length > 0; i++)
            {
                var child = Children[i];
                if (from >= child.Count)
                {
                    from -= child.Count;
                    continue;
                }

                var taken = Math.Min(into.Length, child.Count - from);
                child.CopyRange(from, into[..taken]);
                into = into[taken..];
                from = 0;
            }
        }

        /// <summary>The children with a shrunken one, joined with a neighbour when both fit in one node.</summary>
        private Node[] Settle(int at, Node child)
        {
            var children = Slots.With(Children, at, child);
            if (!child.IsSmall || children.Length == 1)
            {
                return children;
            }

            var first = at > 0 ? at - 1 : at;
            if (children[first].Width + children[first + 1].Width > Fill)
            {
                return children;
            }

            children[first] = children[first].Join(children[first + 1]);
            return Slots.Without(children, first + 1);
        }
    }

    /// <summary>Copies of arrays with one slot changed.</summary>
    private static class Slots
    {
        public static T[] With<T>(T[] from, int at, T value)
        {
            var copy = from.AsSpan().ToArray();
            copy[at] = value;
            return copy;
        }

        public static T[] Inserted<T>(T[] from, int at, T value)
        {
            var copy = new T[from.Length + 1];
            from.AsSpan(0, at).CopyTo(copy);
            copy[at] = value;
            from.AsSpan(at).CopyTo(copy.AsSpan(at + 1));
            return copy;
        }

        public static T[] Without<T>(T[] from, int at)
        {
            var copy = new T[from.Length - 1];
            from.AsSpan(0, at).CopyTo(copy);
            from.AsSpan(at + 1).CopyTo(copy.AsSpan(at));
            return copy;
        }
    }
}

/// <summary>A place between keys: everything before it satisfies <see cref="Follows"/>, nothing after it does.</summary>
internal readonly struct KeyBound
{
    private readonly string _text;
    private readonly Kind _kind;

    private KeyBound(string text, Kind kind) => (_text, _kind) = (text, kind);

    private enum Kind
    {
        Before,
        After,
        AfterPrefix,
    }

    public static KeyBound Before(string key) => new(key, Kind.Before);

    public static KeyBound After(string key) => new(key, Kind.After);

    /// <summary>After the last key that starts with the prefix.</summary>
    public static KeyBound AfterPrefix(string prefix) => new(prefix, Kind.AfterPrefix);

    /// <summary>True when this bound lies after the key.</summary>
    public bool Follows(string key) => _kind switch
    {
        Kind.Before => string.CompareOrdinal(key, _text) < 0,
        Kind.After => string.CompareOrdinal(key, _text) <= 0,
        _ => string.CompareOrdinal(key, _text) < 0 || key.StartsWith(_text, StringComparison.Ordinal),
    };
}
