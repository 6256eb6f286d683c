using System.Collections;
using System.Runtime.CompilerServices;

namespace Hearth.Engine.Types;

/// <summary>An immutable list that is equal to another list with equal items: what records of trees need.</summary>
[CollectionBuilder(typeof(Seq), nameof(Seq.Create))]
public sealed class Seq<T> : IReadOnlyList<T>, IEquatable<Seq<T>>
{
    private readonly T[] _items;

    internal Seq(T[] items) => _items = items;

    /// <summary>The list without items.</summary>
    public static Seq<T> Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _items.Length;

    /// <inheritdoc/>
    public T this[int index] => _items[index];

    public ReadOnlySpan<T> Slice(int start, int length) => _items.AsSpan(start, length);

    /// <inheritdoc/>
    public bool Equals(Seq<T>? other) => other is not null && (ReferenceEquals(this, other) || _items.AsSpan().SequenceEqual(other._items));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Seq<T>);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (T item in _items)
        {
            hash.Add(item);
        }

        return hash.ToHashCode();
    }

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The list of the results of <paramref name="map"/>; the same list when nothing changes.</summary>
    public Seq<TResult> Map<TResult>(Func<T, TResult> map)
    {
        TResult[] result = new TResult[_items.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = map(_items[i]);
        }

        return new Seq<TResult>(result);
    }
}

/// <summary>Makes <see cref="Seq{T}"/>s; also the target of collection expressions.</summary>
public static class Seq
{
    public static Seq<T> Create<T>(ReadOnlySpan<T> items) => items.Length == 0 ? Seq<T>.Empty : new Seq<T>(items.ToArray());

    public static Seq<T> ToSeq<T>(this IEnumerable<T> items) => new([.. items]);
}
