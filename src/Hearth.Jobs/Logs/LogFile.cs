using Hearth.Jobs.Storage;

namespace Hearth.Jobs.Logs;

/// <summary>One log on its way to S3: text gathers in a file of its own and is written whole, compressed, again and again as it grows.</summary>
internal sealed class LogFile(string spool, Uri target, string? roleArn, IObjectWriter writer) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private long _length;
    private long _uploaded = -1;

    /// <summary>Adds bytes.</summary>
    public async Task AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        await _gate.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(spool)!);
            var file = new FileStream(spool, FileMode.Append, FileAccess.Write, FileShare.Read);
            await using (file.ConfigureAwait(false))
            {
                await file.WriteAsync(bytes, ct).ConfigureAwait(false);
                _length = file.Length;
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Writes the object unless it already holds everything. An empty log becomes an empty object.</summary>
    public async Task UploadAsync(CancellationToken ct)
    {
        await _gate.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            if (_length == _uploaded)
            {
                return;
            }

            var compressed = await CompressedAsync(ct).ConfigureAwait(false);
            await using (compressed.ConfigureAwait(false))
            {
                await writer.PutAsync(target, compressed, "application/x-gzip", roleArn, ct).ConfigureAwait(false);
                _uploaded = _length;
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Removes the file.</summary>
    public void Dispose()
    {
        _gate.Dispose();
        File.Delete(spool);
    }

    private async Task<MemoryStream> CompressedAsync(CancellationToken ct)
    {
        Stream source = File.Exists(spool) ? new FileStream(spool, FileMode.Open, FileAccess.Read, FileShare.ReadWrite) : new MemoryStream();
        await using (source.ConfigureAwait(false))
        {
            return await Gzip.CompressAsync(source, ct).ConfigureAwait(false);
        }
    }
}
