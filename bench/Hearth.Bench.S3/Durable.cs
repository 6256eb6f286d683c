using System.Runtime.InteropServices;

namespace Hearth.Bench.S3;

/// <summary>What it takes to make a renamed file last.</summary>
internal static class Durable
{
    private const int ReadOnly = 0;

    /// <summary>Syncs a directory.</summary>
    public static void SyncDirectory(string path)
    {
        var file = Native.open(path, ReadOnly);
        if (file < 0 || Native.fsync(file) != 0)
        {
            throw new IOException($"Cannot sync {path}.");
        }
        _ = Native.close(file);
    }

    private static class Native
    {
        [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
        public static extern int open(string path, int flags);

        [DllImport("libc", SetLastError = true)]
        public static extern int fsync(int file);

        [DllImport("libc", SetLastError = true)]
        public static extern int close(int file);
    }
}
