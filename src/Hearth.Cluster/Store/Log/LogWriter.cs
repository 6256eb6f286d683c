using Hearth.Cluster.Store.Files;

namespace Hearth.Cluster.Store.Log;

/// <summary>Appends frames to the newest segment; each is durable when <see cref="Append"/> returns. One thread only.</summary>
internal sealed class LogWriter : IDisposable
{
    private readonly IStoreFiles _files;
    private IStoreFile _file;
    private FileHeader _header;
    private long _end;
    private IOException? _broken;

    /// <summary>Goes on with a segment whose valid content ends at <paramref name="end"/>.</summary>
    public LogWriter(IStoreFiles files, IStoreFile file, FileHeader header, long end)
    {
        _files = files;
        (_file, _header, _end) = (file, header, end);
    }

    public ulong Salt => _header.Salt;

    /// <summary>Bytes in the current segment.</summary>
    public long Size => _end;

    /// <summary>Makes a new, durable segment whose first record will have the given revision.</summary>
    public static LogWriter Create(IStoreFiles files, long firstRevision)
    {
        var (file, header) = NewSegment(files, firstRevision);
        return new LogWriter(files, file, header, FileHeader.Size);
    }

    /// <exception cref="IOException">Nothing was appended; after a failed flush every further call fails too, because what the disk holds is unknown.</exception>
    public void Append(ReadOnlySpan<byte> frame)
    {
        if (_broken is not null)
        {
            throw new IOException($"an earlier flush of {_files.Directory} failed ({_broken.Message}); restart after repairing the disk", _broken);
        }

        try
        {
            _file.Write(_end, frame);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            CutBack();
            throw new IOException(e.Message, e);
        }

        Flush();
        _end += frame.Length;
    }

    /// <summary>Starts a new segment; the old one is complete. On an <see cref="IOException"/> the old one stays in use.</summary>
    public void Rotate(long firstRevision)
    {
        var (file, header) = NewSegment(_files, firstRevision);
        _file.Dispose();
        (_file, _header, _end) = (file, header, FileHeader.Size);
    }

    public void Dispose() => _file.Dispose();

    private static (IStoreFile File, FileHeader Header) NewSegment(IStoreFiles files, long firstRevision)
    {
        var header = FileHeader.Create(FileKind.Segment, firstRevision);
        var name = FileNames.Segment(firstRevision);
        var file = files.Open(name + FileNames.Temporary, create: true);
        try
        {
            file.SetLength(0);
            file.Write(0, header.Encode());
            file.Flush();
            files.Rename(name + FileNames.Temporary, name);
            files.FlushDirectory();
            return (file, header);
        }
        catch
        {
            file.Dispose();
            files.Delete(name + FileNames.Temporary);
            files.Delete(name);
            throw;
        }
    }

    private void Flush()
    {
        try
        {
            _file.Flush();
        }
        catch (IOException e)
        {
            _broken = e;
            throw;
        }
    }

    /// <summary>After a partial write (disk full): removes it, so that the segment ends with a whole frame again.</summary>
    private void CutBack()
    {
        try
        {
            _file.SetLength(_end);
            _file.Flush();
        }
        catch (IOException e)
        {
            _broken = e;
        }
    }
}
