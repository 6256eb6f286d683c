namespace Hearth.Cluster.Nodes.Containers;

/// <summary>
/// The log file of one run of a container: its writers are the pumps of stdout and stderr, its readers are anybody, who may wait for more.
/// </summary>
public sealed class ContainerLog : IDisposable
{
    private readonly FileStream _file;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _complete;

    /// <summary>Creates the file, with its directory.</summary>
    public ContainerLog(string path, TimeProvider time)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        Path = path;
        _time = time;
        _file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
    }

    /// <summary>Where the file is.</summary>
    public string Path { get; }

    /// <summary>Whether the container has ended and everything is written.</summary>
    public bool IsComplete => Volatile.Read(ref _complete);

    /// <summary>Copies a stream of the container into the log until it ends, splitting it into lines.</summary>
    public async Task PumpAsync(Stream source, string stream)
    {
        var buffer = new byte[CriLog.MaxEntry];
        var held = 0;
        int read;
        while ((read = await source.ReadAsync(buffer.AsMemory(held)).ConfigureAwait(false)) > 0)
        {
            held = Consume(buffer, held + read, stream);
        }

        if (held > 0)
        {
            Append([CriLog.Format(new CriLine(_time.GetUtcNow(), stream, false, buffer.AsMemory(0, held)))]);
        }
    }

    /// <summary>Adds a line of Hearth's own, for example why a container could not start.</summary>
    public void WriteLine(string stream, string text) =>
        Append([CriLog.Format(new CriLine(_time.GetUtcNow(), stream, false, System.Text.Encoding.UTF8.GetBytes(text)))]);

    /// <summary>Says that nothing more will come; waiting readers end.</summary>
    public void Complete()
    {
        Volatile.Write(ref _complete, true);
        Signal();
    }

    /// <summary>A task that completes when something is written after this call, or the log is complete.</summary>
    public Task MoreAsync()
    {
        lock (_lock)
        {
            return _complete ? Task.CompletedTask : _more.Task;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Complete();
        _file.Dispose();
    }

    private int Consume(byte[] buffer, int length, string stream)
    {
        var now = _time.GetUtcNow();
        var entries = new List<byte[]>();
        var start = 0;
        int newline;
        while ((newline = buffer.AsSpan(start, length - start).IndexOf((byte)'\n')) >= 0)
        {
            entries.Add(CriLog.Format(new CriLine(now, stream, false, buffer.AsMemory(start, newline))));
            start += newline + 1;
        }

        if (start == 0 && length == buffer.Length)
        {
            entries.Add(CriLog.Format(new CriLine(now, stream, true, buffer.AsMemory(0, length))));
            start = length;
        }

        Append(entries);
        buffer.AsSpan(start, length - start).CopyTo(buffer);
        return length - start;
    }

    private void Append(List<byte[]> entries)
    {
        if (entries.Count == 0)
        {
            return;
        }

        lock (_lock)
        {
            foreach (var entry in entries)
            {
                _file.Write(entry);
            }

            _file.Flush();
        }

        Signal();
    }

    private void Signal()
    {
        TaskCompletionSource waiting;
        lock (_lock)
        {
            waiting = _more;
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        waiting.TrySetResult();
    }
}
