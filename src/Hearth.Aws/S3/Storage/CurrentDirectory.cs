using Microsoft.Win32.SafeHandles;

namespace Hearth.Aws.S3.Storage;

/// <summary>
/// Looks at one file after the other, keeping their directory open while they come from the same one. Links, pipes and devices, which jobs
/// may leave in a bucket, are looked at but never opened or followed.
/// </summary>
internal sealed class CurrentDirectory(ObjectTree tree) : IDisposable
{
    private string path = "";
    private SafeFileHandle? handle;

    /// <summary>What a file is; null when it is gone.</summary>
    /// <param name="file">Path relative to the root.</param>
    public FileFacts? Stat(string file)
    {
        var slash = file.LastIndexOf('/');
        if (handle is null || !file.AsSpan(0, slash).SequenceEqual(path))
        {
            handle?.Dispose();
            path = file[..slash];
            handle = tree.OpenDirectory(path);
        }
        return handle is not null && Posix.Stat(handle, file[(slash + 1)..], out var facts) == 0 ? facts : null;
    }

    /// <inheritdoc/>
    public void Dispose() => handle?.Dispose();
}
