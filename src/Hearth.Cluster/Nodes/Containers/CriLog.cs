using System.Globalization;
using System.Text;

namespace Hearth.Cluster.Nodes.Containers;

/// <summary>One line of a container log file.</summary>
/// <param name="Time">When it was captured.</param>
/// <param name="Stream"><c>stdout</c> or <c>stderr</c>.</param>
/// <param name="Partial">Whether the container's line goes on in the next entry.</param>
/// <param name="Text">The bytes, without the newline.</param>
public readonly record struct CriLine(DateTimeOffset Time, string Stream, bool Partial, ReadOnlyMemory<byte> Text);

/// <summary>
/// The CRI log format that kubelets write: <c>2016-10-06T00:17:09.669794202Z stdout F text</c>, <c>P</c> instead of <c>F</c> for a part of a long line.
/// </summary>
public static class CriLog
{
    /// <summary>Longest entry in bytes before a line is split, as containerd does.</summary>
    public const int MaxEntry = 16 * 1024;

    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z'";

    /// <summary>Writes one entry with its newline.</summary>
    public static byte[] Format(CriLine line)
    {
        var head = $"{line.Time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)} {line.Stream} {(line.Partial ? 'P' : 'F')} ";
        var bytes = new byte[head.Length + line.Text.Length + 1];
        Encoding.ASCII.GetBytes(head, bytes);
        line.Text.Span.CopyTo(bytes.AsSpan(head.Length));
        bytes[^1] = (byte)'\n';
        return bytes;
    }

    /// <summary>Reads one entry (without its newline); null when it is not one.</summary>
    public static CriLine? Parse(ReadOnlyMemory<byte> entry)
    {
        var span = entry.Span;
        var first = span.IndexOf((byte)' ');
        if (first < 20 || span.Length < first + 10)
        {
            return null;
        }

        // 9 digits of fraction: DateTimeOffset reads 7.
        var time = Encoding.ASCII.GetString(span[..first]);
        if (!DateTimeOffset.TryParse(time[..Math.Min(27, time.Length - 1)] + "Z", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
        {
            return null;
        }

        var stream = span[(first + 1)..(first + 7)];
        var isOut = stream.SequenceEqual("stdout"u8);
        if (!isOut && !stream.SequenceEqual("stderr"u8))
        {
            return null;
        }

        return new CriLine(at, isOut ? "stdout" : "stderr", span[first + 8] == 'P', entry[(first + 10)..]);
    }
}
