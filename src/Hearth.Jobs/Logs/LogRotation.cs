using System.Globalization;
using Hearth.Jobs.Model;

namespace Hearth.Jobs.Logs;

/// <summary>
/// When the copy of a log in S3 starts a new file, and how many closed ones stay. Decisions only. A file is closed at the end of the line that takes it to
/// <paramref name="Size"/>, so that no line is cut; the next line opens a new one.
/// Source: EMR on EKS API reference, ContainerLogRotationConfiguration; where a line goes that does not fit, and the names, are Hearth's (EMR does not publish them).
/// </summary>
/// <param name="Size">Bytes, uncompressed: 2 KiB to 2 GiB.</param>
/// <param name="Keep">Closed files that stay beside the current one: 1 to 50.</param>
public readonly record struct LogRotation(long Size, int Keep)
{
    /// <summary>2KB.</summary>
    public const long Smallest = 2L << 10;

    /// <summary>2GB.</summary>
    public const long Largest = 2L << 30;

    /// <summary>That of a run; null when its logs are kept whole.</summary>
    public static LogRotation? Of(ContainerLogRotationConfiguration? configuration) =>
        configuration is { RotationSize: { } text, MaxFilesToKeep: { } keep } && TryParseSize(text, out var size) ? new LogRotation(size, keep) : null;

    /// <summary>Reads <c>2KB</c>, <c>1.5G</c>, <c>300M</c>: powers of 1024.</summary>
    /// <returns>False when the text is no size.</returns>
    public static bool TryParseSize(string text, out long bytes)
    {
        bytes = 0;
        var number = text.TrimEnd('B', 'b');
        var unit = number.Length < 2 ? 0 : number[^1] switch { 'K' => 1L << 10, 'M' => 1L << 20, 'G' => 1L << 30, _ => 0 };
        if (unit == 0 || !decimal.TryParse(number[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count) || count > Largest)
        {
            return false;
        }

        bytes = (long)(count * unit);
        return true;
    }

    /// <summary>What happens to the next bytes of a log.</summary>
    /// <param name="rotation">Null never closes a file.</param>
    /// <param name="length">Bytes in the current file.</param>
    /// <param name="atLineStart">Whether the current file ends with a whole line.</param>
    /// <param name="bytes">What came, not empty.</param>
    /// <returns>Whether the current file is closed first, and how many of the bytes then go to the current file; the rest is asked for again.</returns>
    public static (bool Close, int Count) Next(LogRotation? rotation, long length, bool atLineStart, ReadOnlySpan<byte> bytes)
    {
        if (rotation is not { } rule)
        {
            return (false, bytes.Length);
        }

        var close = atLineStart && length >= rule.Size;
        var missing = Math.Max(0, rule.Size - (close ? 0 : length) - 1);
        if (missing >= bytes.Length)
        {
            return (close, bytes.Length);
        }

        var newline = bytes[(int)missing..].IndexOf((byte)'\n');
        return (close, newline < 0 ? bytes.Length : (int)missing + newline + 1);
    }

    /// <summary>Name of a file of a log: <c>stdout.gz</c> is the current one, <c>stdout.1.gz</c> the one that was closed last, <c>stdout.2.gz</c> the one before it.</summary>
    /// <param name="log">The log's place without an ending.</param>
    /// <param name="age">0 for the current file.</param>
    public static string Name(string log, int age) => age == 0 ? $"{log}.gz" : string.Create(CultureInfo.InvariantCulture, $"{log}.{age}.gz");
}
