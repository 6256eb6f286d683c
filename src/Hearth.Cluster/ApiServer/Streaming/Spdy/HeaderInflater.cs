using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Hearth.Cluster.ApiServer.Streaming.Spdy;

/// <summary>
/// Reads the header blocks of one connection: they are one zlib stream with a preset dictionary, flushed after each block. .NET's inflater takes no
/// dictionary; a stored block with the same bytes, read and forgotten, leaves its window in the same state.
/// </summary>
internal sealed class HeaderInflater : IDisposable
{
    private const int MaxPairs = 64;
    private const int MaxText = 8 * 1024;
    private const int DictionaryFlag = 0x20;

    private readonly MemoryStream _blocks = new();
    private readonly DeflateStream _inflate;
    private bool _started;

    public HeaderInflater() => _inflate = new DeflateStream(_blocks, CompressionMode.Decompress);

    /// <summary>The pairs of the next block; names are in lower case, and the last of several values counts.</summary>
    /// <exception cref="InvalidDataException">The block is not what the protocol says, or too large.</exception>
    public IReadOnlyDictionary<string, string> Read(ReadOnlySpan<byte> block)
    {
        if (!_started)
        {
            block = Start(block);
        }

        Add(block);
        try
        {
            var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
            var count = Number(MaxPairs);
            for (var i = 0; i < count; i++)
            {
                var name = Text();
                var values = Text().Split('\0');
                pairs[name] = values[^1];
            }

            return pairs;
        }
        catch (EndOfStreamException)
        {
            throw new InvalidDataException("a header block is shorter than it says");
        }
    }

    public void Dispose() => _inflate.Dispose();

    private ReadOnlySpan<byte> Start(ReadOnlySpan<byte> block)
    {
        _started = true;
        if (block.Length < 6)
        {
            throw new InvalidDataException("the first header block is too short");
        }

        if ((block[1] & DictionaryFlag) == 0)
        {
            return block[2..];
        }

        if (BinaryPrimitives.ReadUInt32BigEndian(block[2..]) != SpdyDictionary.Id)
        {
            throw new InvalidDataException("the header blocks use another dictionary than SPDY/3's");
        }

        var dictionary = SpdyDictionary.Bytes();
        Span<byte> stored = [0, (byte)dictionary.Length, (byte)(dictionary.Length >> 8), (byte)~dictionary.Length, (byte)(~dictionary.Length >> 8)]; // RFC 1951, 3.2.4
        Add(stored);
        Add(dictionary);
        _inflate.ReadExactly(new byte[dictionary.Length]);
        return block[6..];
    }

    private int Number(int limit)
    {
        Span<byte> bytes = stackalloc byte[4];
        _inflate.ReadExactly(bytes);
        var number = BinaryPrimitives.ReadInt32BigEndian(bytes);
        return number >= 0 && number <= limit ? number : throw new InvalidDataException($"a header block names {number}, more than {limit}");
    }

    private string Text()
    {
        var bytes = new byte[Number(MaxText)];
        _inflate.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Puts bytes behind those that have not been read.</summary>
    private void Add(ReadOnlySpan<byte> bytes)
    {
        var at = _blocks.Position;
        if (at == _blocks.Length)
        {
            _blocks.SetLength(at = 0);
        }

        _blocks.Position = _blocks.Length;
        _blocks.Write(bytes);
        _blocks.Position = at;
    }
}
