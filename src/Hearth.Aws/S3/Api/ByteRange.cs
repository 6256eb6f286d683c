using System.Globalization;

namespace Hearth.Aws.S3.Api;

/// <summary>Bytes of an object.</summary>
/// <param name="Offset">First byte.</param>
/// <param name="Length">Number of bytes.</param>
internal readonly record struct ByteRange(long Offset, long Length)
{
    private const string Unit = "bytes=";

    /// <summary>
    /// Reads <c>bytes=0-9</c>, <c>bytes=5-</c> or <c>bytes=-5</c>. Null for no range and for what is not understood (several ranges
    /// among them), which means the whole object.
    /// </summary>
    /// <exception cref="Http.AwsException">416: no byte of the object is in the range.</exception>
    public static ByteRange? Parse(string? header, long size)
    {
        if (header is null || !header.StartsWith(Unit, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }
        var spec = header.AsSpan(Unit.Length).Trim();
        var dash = spec.IndexOf('-');
        if (dash < 0 || spec.Contains(','))
        {
            return null;
        }
        var (from, to) = (Number(spec[..dash]), Number(spec[(dash + 1)..]));
        if (dash == 0)
        {
            if (to is null)
            {
                return null;
            }
            return to > 0 && size > 0 ? new ByteRange(Math.Max(0, size - to.Value), Math.Min(to.Value, size)) : throw S3Errors.InvalidRange(header, size);
        }
        if (from is null || (to is null && dash < spec.Length - 1) || to < from)
        {
            return null;
        }
        return from < size ? new ByteRange(from.Value, Math.Min(to ?? long.MaxValue - 1, size - 1) - from.Value + 1) : throw S3Errors.InvalidRange(header, size);
    }

    /// <summary>Reads the range of a part copy, which must be <c>bytes=first-last</c> and lie within the source.</summary>
    /// <exception cref="Http.AwsException">It does not.</exception>
    public static ByteRange OfCopy(string header, long size)
    {
        const string Name = "x-amz-copy-source-range";
        var dash = header.IndexOf('-');
        if (!header.StartsWith(Unit, StringComparison.Ordinal) || dash < 0
            || Number(header.AsSpan(Unit.Length, dash - Unit.Length)) is not { } from || Number(header.AsSpan(dash + 1)) is not { } to || to < from)
        {
            throw S3Errors.InvalidArgument(
                Name, header, $"The {Name} value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy");
        }
        return to < size
            ? new ByteRange(from, to - from + 1)
            : throw S3Errors.InvalidArgument(Name, header, string.Create(CultureInfo.InvariantCulture, $"Range specified is not valid for source object of size: {size}"));
    }

    private static long? Number(ReadOnlySpan<char> text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}
