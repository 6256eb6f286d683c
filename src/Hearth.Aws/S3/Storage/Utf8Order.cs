namespace Hearth.Aws.S3.Storage;

/// <summary>Order of keys: by their UTF-8 bytes, compared on UTF-16 text.</summary>
internal sealed class Utf8Order : IComparer<string>
{
    /// <summary>The comparer.</summary>
    public static readonly Utf8Order Instance = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        var a = x.AsSpan();
        var b = y.AsSpan();
        var common = a.CommonPrefixLength(b);
        if (common == a.Length || common == b.Length)
        {
            return a.Length - b.Length;
        }
        return Rank(a[common]) - Rank(b[common]);
    }

    // Surrogates stand for code points above U+FFFF, which follow U+E000 to U+FFFF in UTF-8.
    private static int Rank(char c) => c switch
    {
        < '\uD800' => c,
        >= '\uE000' => c - 0x800,
        _ => c + 0x2000,
    };
}
