using System.IO.Compression;

namespace Hearth.Jobs.Logs;

/// <summary>Compresses logs.</summary>
internal static class Gzip
{
    // .NET writes nothing at all for no input, which readers of .gz files take for a cut-off file.
    private static readonly byte[] Empty = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>The compressed form of a stream, positioned at its start.</summary>
    public static async Task<MemoryStream> CompressAsync(Stream source, CancellationToken ct)
    {
        var result = new MemoryStream();
        var gzip = new GZipStream(result, CompressionLevel.Fastest, leaveOpen: true);
        await using (gzip.ConfigureAwait(false))
        {
            await source.CopyToAsync(gzip, ct).ConfigureAwait(false);
        }

        if (result.Length == 0)
        {
            result.Write(Empty);
        }

        result.Position = 0;
        return result;
    }
}
