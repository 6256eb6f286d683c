using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Hearth.Cluster.Store.Files;

/// <summary>A real directory.</summary>
internal sealed class DiskFiles(string directory, bool flush) : IStoreFiles
{
    public string Directory { get; } = Create(directory).FullName;

    public IReadOnlyList<string> List() =>
        System.IO.Directory.GetFiles(Directory).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal).ToList();

    public IStoreFile Open(string name, bool create) =>
        new DiskFile(File.OpenHandle(PathOf(name), create ? FileMode.OpenOrCreate : FileMode.Open, FileAccess.ReadWrite, FileShare.Read), flush);

    public void Rename(string from, string to) => File.Move(PathOf(from), PathOf(to), overwrite: true);

    public void Delete(string name) => File.Delete(PathOf(name));

    public void FlushDirectory()
    {
        // Windows has no fsync of a directory; NTFS journals its metadata.
        if (flush && !OperatingSystem.IsWindows())
        {
            UnixDirectory.Flush(Directory);
        }
    }

    /// <summary>Secrets are among the objects: only the owner may look inside.</summary>
    private static DirectoryInfo Create(string directory) => OperatingSystem.IsWindows()
        ? System.IO.Directory.CreateDirectory(directory)
        : System.IO.Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    private string PathOf(string name) => Path.Combine(Directory, name);

    private sealed class DiskFile(SafeFileHandle handle, bool flush) : IStoreFile
    {
        public long Length => RandomAccess.GetLength(handle);

        public int Read(long offset, Span<byte> into)
        {
            var total = 0;
            while (total < into.Length && RandomAccess.Read(handle, into[total..], offset + total) is var read and > 0)
            {
                total += read;
            }

            return total;
        }

        public void Write(long offset, ReadOnlySpan<byte> data) => RandomAccess.Write(handle, data, offset);

        public void SetLength(long length) => RandomAccess.SetLength(handle, length);

        public void Flush()
        {
            if (flush)
            {
                RandomAccess.FlushToDisk(handle);
            }
        }

        public void Dispose() => handle.Dispose();
    }

    /// <summary>fsync of a directory, which the class library does not offer.</summary>
    private static class UnixDirectory
    {
        private const int CloseOnExec = 0x80000;

        public static void Flush(string path)
        {
            var descriptor = open(path, OperatingSystem.IsLinux() ? CloseOnExec : 0);
            if (descriptor < 0)
            {
                throw new IOException($"Cannot open the directory {path} to flush it: {Marshal.GetLastPInvokeErrorMessage()}");
            }

            try
            {
                if (fsync(descriptor) != 0)
                {
                    throw new IOException($"Cannot flush the directory {path}: {Marshal.GetLastPInvokeErrorMessage()}");
                }
            }
            finally
            {
                _ = close(descriptor);
            }
        }

        [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
        private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

        [DllImport("libc", SetLastError = true)]
        private static extern int fsync(int descriptor);

        [DllImport("libc", SetLastError = true)]
        private static extern int close(int descriptor);
    }
}
