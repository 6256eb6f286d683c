using System.Buffers;
using System.IO.Pipelines;

namespace Hearth.Aws.S3.Storage;

/// <summary>An object open for reading; it stays what it was when it was opened.</summary>
public sealed class OpenObject : IDisposable
{
    private const int BufferSize = 256 * 1024;
    private readonly FoundFile file;

    internal OpenObject(FoundFile file, ObjectInfo info) => (this.file, Info) = (file, info);

    /// <summary>What it is.</summary>
    public ObjectInfo Info { get; }

    internal Microsoft.Win32.SafeHandles.SafeFileHandle Handle => file.Handle;

    /// <summary>Copies bytes to a stream, in constant memory.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="offset">First byte.</param>
    /// <param name="length">Number of bytes.</param>
    /// <param name="ct">Ends the copy.</param>
    /// <exception cref="EndOfStreamException">Another program made the file shorter.</exception>
    public async Task CopyToAsync(Stream target, long offset, long length, CancellationToken ct)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (length > 0)
            {
                var read = await RandomAccess.ReadAsync(file.Handle, buffer.AsMemory(0, (int)Math.Min(BufferSize, length)), offset, ct).ConfigureAwait(false);
                if (read == 0)
                {
                    throw new EndOfStreamException($"s3://{Info.Bucket}/{Info.Key} became shorter while it was read.");
                }
                await target.WriteAsync(buffer.AsMemory(0, read), ct).ConfigureAwait(false);
                offset += read;
                length -= read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Copies bytes to a pipe: they are read straight into its memory.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="offset">First byte.</param>
    /// <param name="length">Number of bytes.</param>
    /// <param name="ct">Ends the copy.</param>
    /// <exception cref="EndOfStreamException">Another program made the file shorter.</exception>
    public async Task CopyToAsync(PipeWriter target, long offset, long length, CancellationToken ct)
    {
        while (length > 0)
        {
            var wanted = (int)Math.Min(BufferSize, length);
            var read = RandomAccess.Read(file.Handle, target.GetSpan(wanted)[..wanted], offset);
            if (read == 0)
            {
                throw new EndOfStreamException($"s3://{Info.Bucket}/{Info.Key} became shorter while it was read.");
            }
            target.Advance(read);
            offset += read;
            length -= read;
            if ((await target.FlushAsync(ct).ConfigureAwait(false)).IsCompleted)
            {
                return;
            }
        }
    }

    /// <summary>A stream over a range of the bytes; closing it leaves the object open.</summary>
    public Stream Stream(long offset = 0, long? length = null) => new RangeStream(file.Handle, offset, length ?? (Info.Size - offset));

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
