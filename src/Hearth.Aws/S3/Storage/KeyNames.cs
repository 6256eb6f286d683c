using System.Text;

namespace Hearth.Aws.S3.Storage;

/// <summary>
/// Names of files and directories for keys. A segment of a key (what stands between slashes) is the name itself wherever a file system
/// can hold it, so the path of an ordinary object is its key. Other segments get a name that starts with <see cref="Escape"/>:
/// <c>e</c> the segment itself (empty, <c>.</c>, <c>..</c>, or one that starts with the escape), <c>c</c> a first piece of a segment
/// of more than 255 bytes, <c>d</c> and <c>o</c> a directory or an object whose plain name is taken by an object or a directory
/// (the keys <c>a</c> and <c>a/b</c>).
/// </summary>
internal static class KeyNames
{
    /// <summary>Starts every name that is not the segment itself.</summary>
    public const string Escape = ".s3~";

    private const int LongestName = 255;
    private const int PieceLength = 200;

    /// <summary>Path components of one segment.</summary>
    /// <param name="segment">The segment; may be empty.</param>
    /// <param name="directory">Whether it is a directory of the path or the object.</param>
    /// <param name="alternate">Whether to use the name for a taken plain name.</param>
    public static IReadOnlyList<string> Encode(string segment, bool directory, bool alternate)
    {
        if (!alternate && IsPlain(segment))
        {
            return [segment];
        }
        var kind = alternate ? directory ? 'd' : 'o' : 'e';
        var pieces = Pieces(segment);
        var names = new string[pieces.Count];
        for (var i = 0; i < pieces.Count; i++)
        {
            names[i] = $"{Escape}{(i == pieces.Count - 1 ? kind : 'c')}{pieces[i]}";
        }
        return names;
    }

    /// <summary>What a name in a directory means.</summary>
    /// <param name="name">Name of a file or directory.</param>
    /// <param name="text">The segment, or the piece of one.</param>
    public static NameKind Decode(string name, out string text)
    {
        if (!name.StartsWith(Escape, StringComparison.Ordinal))
        {
            text = name;
            return NameKind.Plain;
        }
        text = name.Length > Escape.Length ? name[(Escape.Length + 1)..] : "";
        return (name.Length > Escape.Length ? name[Escape.Length] : ' ') switch
        {
            'e' => NameKind.Escaped,
            'c' => NameKind.Piece,
            'd' => NameKind.AlternateDirectory,
            'o' => NameKind.AlternateObject,
            _ => NameKind.Unknown,
        };
    }

    private static bool IsPlain(string segment) =>
        segment.Length > 0
        && segment is not ("." or "..")
        && !segment.StartsWith(Escape, StringComparison.Ordinal)
        && (segment.Length <= LongestName / 3 || Encoding.UTF8.GetByteCount(segment) <= LongestName);

    private static List<string> Pieces(string segment)
    {
        var pieces = new List<string>();
        var (from, bytes) = (0, 0);
        for (var i = 0; i < segment.Length;)
        {
            var width = char.IsHighSurrogate(segment[i]) && i + 1 < segment.Length ? 2 : 1;
            var size = Encoding.UTF8.GetByteCount(segment.AsSpan(i, width));
            if (bytes + size > PieceLength)
            {
                pieces.Add(segment[from..i]);
                (from, bytes) = (i, 0);
            }
            bytes += size;
            i += width;
        }
        pieces.Add(segment[from..]);
        return pieces;
    }
}

/// <summary>Meaning of a file name.</summary>
internal enum NameKind
{
    Plain,
    Escaped,
    Piece,
    AlternateDirectory,
    AlternateObject,

    /// <summary>Starts with the escape but is none of ours.</summary>
    Unknown,
}
