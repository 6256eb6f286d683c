using Hearth.Jobs.Storage;

namespace Hearth.Jobs.Logs;

/// <summary>
/// One log on its way to S3: text gathers in a file of its own and is written whole, compressed, again and again as it grows. With a rotation, closed files
/// move one number up at each upload; that overwrites objects and removes none, because execution roles that may write logs seldom may delete.
/// </summary>
/// <param name="spool">Where text gathers; closed files lie beside it.</param>
/// <param name="target">The object's URI without its ending <c>.gz</c>.</param>
/// <param name="rotation">When files are closed; null for never.</param>
/// <param name="roleArn">Who writes.</param>
/// <param name="writer">S3.</param>
internal sealed class LogFile(string spool, string target, LogRotation? rotation, string? roleArn, IObjectWriter writer) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);

    // Newest first. A number is never used twice: equal number and length are equal bytes.
    private readonly List<Part> _closed = [];
    private readonly Dictionary<int, Part> _uploaded = [];
    private Part? _current;
    private bool _atLineStart = true;

    /// <summary>Adds bytes.</summary>
    public async Task AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        await _gate.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            while (!bytes.IsEmpty)
            {
                var (close, count) = LogRotation.Next(rotation, _current?.Length ?? 0, _atLineStart, bytes.Span);
                if (close)
                {
                    Close();
                }

                await WriteAsync(bytes[..count], ct).ConfigureAwait(false);
                _atLineStart = bytes.Span[count - 1] == '\n';
                bytes = bytes[count..];
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Writes the objects that do not yet hold what they should, the oldest first. An empty log becomes an empty object.</summary>
    public async Task UploadAsync(CancellationToken ct)
    {
        await _gate.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            for (var age = _closed.Count; age > 0; age--)
            {
                await UploadAsync(age, _closed[age - 1], ct).ConfigureAwait(false);
            }

            await UploadAsync(0, _current ?? new Part(0, 0), ct).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Removes the files.</summary>
    public void Dispose()
    {
        _gate.Dispose();
        foreach (var part in _closed)
        {
            File.Delete(PathOf(part));
        }

        if (_current is not null)
        {
            File.Delete(PathOf(_current));
        }
    }

    private void Close()
    {
        _closed.Insert(0, _current!);
        if (_closed.Count > rotation!.Value.Keep)
        {
            File.Delete(PathOf(_closed[^1]));
            _closed.RemoveAt(_closed.Count - 1);
        }

        _current = new Part(_current!.Number + 1, 0);
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        var part = _current ?? new Part(0, 0);
        Directory.CreateDirectory(Path.GetDirectoryName(spool)!);

        // What a killed platform left is begun anew: the log is read from its start.
        var file = new FileStream(PathOf(part), part.Length == 0 ? FileMode.Create : FileMode.Append, FileAccess.Write, FileShare.Read);
        await using (file.ConfigureAwait(false))
        {
            await file.WriteAsync(bytes, ct).ConfigureAwait(false);
            _current = part with { Length = part.Length + bytes.Length };
        }
    }

    private async Task UploadAsync(int age, Part part, CancellationToken ct)
    {
        if (_uploaded.GetValueOrDefault(age) == part)
        {
            return;
        }

        var compressed = await CompressedAsync(part, ct).ConfigureAwait(false);
        await using (compressed.ConfigureAwait(false))
        {
            await writer.PutAsync(new Uri(LogRotation.Name(target, age)), compressed, "application/x-gzip", roleArn, ct).ConfigureAwait(false);
            _uploaded[age] = part;
        }
    }

    private async Task<MemoryStream> CompressedAsync(Part part, CancellationToken ct)
    {
        Stream source = part.Length > 0 ? new FileStream(PathOf(part), FileMode.Open, FileAccess.Read, FileShare.ReadWrite) : new MemoryStream();
        await using (source.ConfigureAwait(false))
        {
            return await Gzip.CompressAsync(source, ct).ConfigureAwait(false);
        }
    }

    private string PathOf(Part part) => part.Number == 0 ? spool : $"{spool}.{part.Number}";

    private sealed record Part(int Number, long Length);
}
