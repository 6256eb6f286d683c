using System.Buffers;
using System.Security.Cryptography;
using Hearth.Aws.S3.Checksums;
using Microsoft.Win32.SafeHandles;

namespace Hearth.Aws.S3.Storage;

/// <summary>Digests taken while bytes went to disk.</summary>
/// <param name="Md5">16 bytes.</param>
/// <param name="Sha256">32 bytes; null when not asked for.</param>
/// <param name="Checksum">The checksum asked for, or null.</param>
public sealed record StagedDigests(byte[] Md5, byte[]? Sha256, byte[]? Checksum)
{
    /// <summary>The MD5 in hex: ETag of an object written in one piece.</summary>
    public string ETag => Convert.ToHexStringLower(Md5);
}

/// <summary>Bytes on their way to becoming an object: in a file that no listing shows, thrown away unless committed.</summary>
public sealed class StagedObject : IAsyncDisposable
{
    private const int BufferSize = 256 * 1024;
    private const int WorthSharing = 64 * 1024;
    private const int WorthReserving = 1024 * 1024;
    private const long CopyStep = 64L * 1024 * 1024;
    private const int WritebackStep = 8 * 1024 * 1024;

    private StagedObject(string path, SafeFileHandle handle) => (FilePath, Handle) = (path, handle);

    /// <summary>Bytes written.</summary>
    public long Length { get; private set; }

    /// <summary>Digests of the bytes.</summary>
    public StagedDigests Digests { get; private set; } = new([], null, null);

    internal string FilePath { get; }

    internal SafeFileHandle Handle { get; }

    internal static StagedObject Create(string path, long expectedLength)
    {
        var staged = new StagedObject(path, File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read));
        try
        {
            if (expectedLength >= WorthReserving)
            {
                Posix.Reserve(staged.Handle, expectedLength);
            }
            return staged;
        }
        catch
        {
            staged.Remove();
            throw;
        }
    }

    /// <summary>Writes a stream to its end, in constant memory.</summary>
    internal async Task FillAsync(Stream source, ChecksumAlgorithm? checksum, bool sha256, CancellationToken ct)
    {
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        using var sha = sha256 ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
        using var sum = checksum is { } algorithm ? RunningChecksum.Start(algorithm) : null;
        var started = 0L;
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int read;
            while ((read = await source.ReadAtLeastAsync(buffer.AsMemory(0, BufferSize), BufferSize, throwOnEndOfStream: false, ct).ConfigureAwait(false)) > 0)
            {
                if (read < WorthSharing)
                {
                    RandomAccess.Write(Handle, buffer.AsSpan(0, read), Length);
                    md5.AppendData(buffer.AsSpan(0, read));
                    Append(sha, sum, buffer, read);
                }
                else
                {
                    await WriteAndHashAsync(md5, sha, sum, buffer, read).ConfigureAwait(false);
                }
                Length += read;
                if (Length - started >= WritebackStep)
                {
                    Posix.StartWriteback(Handle, started, Length - started);
                    started = Length;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        Digests = new(md5.GetHashAndReset(), sha?.GetHashAndReset(), sum?.Finish());
    }

    /// <summary>MD5 is the slowest by far: the other digests and the write go on beside it.</summary>
    private async Task WriteAndHashAsync(IncrementalHash md5, IncrementalHash? sha, RunningChecksum? sum, byte[] buffer, int count)
    {
        var others = Task.Run(() =>
        {
            RandomAccess.Write(Handle, buffer.AsSpan(0, count), Length);
            Append(sha, sum, buffer, count);
        });
        try
        {
            md5.AppendData(buffer.AsSpan(0, count));
        }
        finally
        {
            await others.ConfigureAwait(false);
        }
    }

    private static void Append(IncrementalHash? sha, RunningChecksum? sum, byte[] buffer, int count)
    {
        sha?.AppendData(buffer.AsSpan(0, count));
        sum?.Append(buffer.AsSpan(0, count));
    }

    /// <summary>Appends a whole file, without digests.</summary>
    internal void Append(SafeFileHandle source, CancellationToken ct)
    {
        var (offset, size) = (0L, RandomAccess.GetLength(source));
        while (offset < size)
        {
            ct.ThrowIfCancellationRequested();
            var copied = Posix.CopyRange(source, offset, Handle, Length, Math.Min(CopyStep, size - offset));
            if (copied <= 0)
            {
                break;
            }
            offset += copied;
            Length += copied;
        }
        if (offset == size)
        {
            return;
        }
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int read;
            while ((read = RandomAccess.Read(source, buffer, offset)) > 0)
            {
                ct.ThrowIfCancellationRequested();
                RandomAccess.Write(Handle, buffer.AsSpan(0, read), Length);
                offset += read;
                Length += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Removes the file if it was not moved away.</summary>
    public ValueTask DisposeAsync()
    {
        Remove();
        return ValueTask.CompletedTask;
    }

    private void Remove()
    {
        Handle.Dispose();
        File.Delete(FilePath);
    }
}
