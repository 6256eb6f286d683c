using System.Numerics;

namespace Hearth.Scheduling.Provisioning;

/// <summary>A set of instance types of one pool, by index: one bit each.</summary>
internal sealed class TypeSet
{
    private readonly ulong[] _bits;

    private TypeSet(ulong[] bits) => _bits = bits;

    /// <summary>The members among <paramref name="count"/> types that satisfy a condition.</summary>
    public static TypeSet Where(int count, Func<int, bool> member)
    {
        var bits = new ulong[(count + 63) / 64];
        for (var i = 0; i < count; i++)
        {
            if (member(i))
            {
                bits[i >> 6] |= 1UL << (i & 63);
            }
        }

        return new(bits);
    }

    public bool IsEmpty
    {
        get
        {
            foreach (var word in _bits)
            {
                if (word != 0)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Whether a type is a member.</summary>
    public bool Contains(int index) => (_bits[index >> 6] & (1UL << (index & 63))) != 0;

    public int Count => _bits.Sum(BitOperations.PopCount);

    public TypeSet And(TypeSet other)
    {
        var bits = new ulong[_bits.Length];
        for (var i = 0; i < bits.Length; i++)
        {
            bits[i] = _bits[i] & other._bits[i];
        }

        return new(bits);
    }

    public TypeSet Or(TypeSet other)
    {
        var bits = new ulong[_bits.Length];
        for (var i = 0; i < bits.Length; i++)
        {
            bits[i] = _bits[i] | other._bits[i];
        }

        return new(bits);
    }

    /// <summary>The members that satisfy a condition.</summary>
    public TypeSet Where(Func<int, bool> keep)
    {
        var bits = new ulong[_bits.Length];
        for (var i = 0; i < bits.Length; i++)
        {
            for (var rest = _bits[i]; rest != 0; rest &= rest - 1)
            {
                var bit = BitOperations.TrailingZeroCount(rest);
                if (keep((i << 6) + bit))
                {
                    bits[i] |= 1UL << bit;
                }
            }
        }

        return new(bits);
    }

    public IEnumerable<int> Members()
    {
        for (var i = 0; i < _bits.Length; i++)
        {
            for (var rest = _bits[i]; rest != 0; rest &= rest - 1)
            {
                yield return (i << 6) + BitOperations.TrailingZeroCount(rest);
            }
        }
    }
}
