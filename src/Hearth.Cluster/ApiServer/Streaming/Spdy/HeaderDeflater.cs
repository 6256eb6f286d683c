using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Hearth.Cluster.ApiServer.Streaming.Spdy;

/// <summary>Writes the header blocks of one connection: one zlib stream, flushed after each block. It uses no dictionary and says so in its header.</summary>
internal sealed class HeaderDeflater : IDisposable
{
    private readonly MemoryStream _output = new();
    private readonly ZLibStream _deflate;

    public HeaderDeflater() => _deflate = new ZLibStream(_output, CompressionLevel.Fastest);

    /// <summary>The block of <paramref name="pairs"/>, whose names must be in lower case.</summary>
    public byte[] Write(IReadOnlyDictionary<string, string> pairs)
    {
        Number(pairs.Count);
        foreach (var (name, value) in pairs)
        {
            Text(name);
            Text(value);
        }

        _deflate.Flush();
        var block = _output.ToArray();
        _output.SetLength(0);
        return block;
    }

    public void Dispose() => _deflate.Dispose();

    private void Number(int number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        _deflate.Write(bytes);
    }

    private void Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Number(bytes.Length);
        _deflate.Write(bytes);
    }
}
