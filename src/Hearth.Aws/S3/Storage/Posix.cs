using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Hearth.Aws.S3.Storage;

/// <summary>System calls that .NET does not offer: opening without following links, renaming without replacing, syncing directories.</summary>
internal static class Posix
{
    public const int NoEntry = 2;
    public const int Exists = 17;
    public const int NoDevice = 6;
    public const int CrossesDevice = 18;
    public const int NotDirectory = 20;
    public const int IsDirectory = 21;
    public const int NameTooLong = 36;
    public const int NotImplemented = 38;
    public const int NotEmpty = 39;
    public const int TooManyLinks = 40;
    public const int CurrentDirectory = -100;
    public const int DiskFull = 28;
    public const int QuotaExceeded = 122;

    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const ulong ResolveBeneath = 0x08;
    private const ulong ResolveNoSymlinks = 0x04;
    private const int NoReplace = 1;
    private const uint StartWrite = 2;
    private const int RemoveDirectoryFlag = 0x200;
    private const int OpenAt2Number = 437;

    private const int KeepSize = 1;
    private const int EmptyPath = 0x1000;
    private const int NoFollow = 0x100;
    private const uint TypeSizeAndTime = 0x1 | 0x40 | 0x200;
    private const int TypeMask = 0xf000;
    private const int RegularFile = 0x8000;

    private static bool Arm => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    private static int DirectoryOnly => Arm ? 0x4000 : 0x10000;

    /// <summary>Opens for reading beneath a directory, never through a symbolic link; returns the error number.</summary>
    public static int OpenBeneath(SafeFileHandle root, string path, bool directory, out SafeFileHandle? handle)
    {
        var how = new OpenHow
        {
            Flags = (ulong)(CloseOnExec | NonBlocking | (directory ? DirectoryOnly : 0)),
            Resolve = ResolveBeneath | ResolveNoSymlinks,
        };
        var fd = Native.openat2(OpenAt2Number, root.DangerousGetHandle(), path, ref how, Marshal.SizeOf<OpenHow>());
        return Take(fd, out handle);
    }

    /// <summary>Opens a directory by path.</summary>
    public static SafeFileHandle OpenDirectory(string path)
    {
        var error = Take(Native.open(path, CloseOnExec | DirectoryOnly), out var handle);
        return handle ?? throw new IOException($"Cannot open the directory {path}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    /// <summary>Makes a directory; returns the error number.</summary>
    public static int MakeDirectory(SafeFileHandle parent, string name) =>
        Error(Native.mkdirat(parent.DangerousGetHandle().ToInt32(), name, Convert.ToUInt32("777", 8)));

    /// <summary>Moves a file into a directory; returns the error number.</summary>
    public static int Rename(string from, SafeFileHandle directory, string name, bool replace) =>
        Error(Native.renameat2(Arm ? 276 : 316, CurrentDirectory, from, directory.DangerousGetHandle(), name, replace ? 0 : NoReplace));

    /// <summary>Removes a file; returns the error number.</summary>
    public static int Unlink(SafeFileHandle directory, string name) =>
        Error(Native.unlinkat(directory.DangerousGetHandle().ToInt32(), name, 0));

    /// <summary>Removes an empty directory; returns the error number.</summary>
    public static int RemoveDirectory(SafeFileHandle parent, string name) =>
        Error(Native.unlinkat(parent.DangerousGetHandle().ToInt32(), name, RemoveDirectoryFlag));

    /// <summary>Copies between files inside the kernel; returns the bytes copied, or -1 where that is not possible.</summary>
    public static long CopyRange(SafeFileHandle from, long fromOffset, SafeFileHandle to, long toOffset, long length) => Native.copy_file_range(
        from.DangerousGetHandle().ToInt32(), ref fromOffset, to.DangerousGetHandle().ToInt32(), ref toOffset, (nint)Math.Min(length, 1 << 30), 0);

    /// <summary>Starts to write a range of a file to disk, so that a later sync has less to wait for. Only a hint.</summary>
    public static void StartWriteback(SafeFileHandle file, long offset, long length) =>
        _ = Native.sync_file_range(file.DangerousGetHandle().ToInt32(), offset, length, StartWrite);

    /// <summary>Reserves room for a file, so that a full disk is found before the bytes have come.</summary>
    /// <exception cref="IOException">The disk is full.</exception>
    public static void Reserve(SafeFileHandle file, long length)
    {
        if (Native.fallocate(file.DangerousGetHandle().ToInt32(), KeepSize, 0, length) != 0 && Marshal.GetLastPInvokeError() is DiskFull or QuotaExceeded)
        {
            throw Failed("reserve room for a file", Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Type, size and time of an open file.</summary>
    public static int Stat(SafeFileHandle file, out FileFacts facts) => Stat(file, "", EmptyPath, out facts);

    /// <summary>Type, size and time of a file in a directory, without opening it; a symbolic link is looked at itself.</summary>
    /// <returns>The error number.</returns>
    public static int Stat(SafeFileHandle directory, string name, out FileFacts facts) => Stat(directory, name, NoFollow, out facts);

    private static int Stat(SafeFileHandle file, string name, int flags, out FileFacts facts)
    {
        var error = Error(Native.statx(file.DangerousGetHandle().ToInt32(), name, flags, TypeSizeAndTime, out var buffer));
        facts = error == 0
            ? new FileFacts(
                (buffer.Mode & TypeMask) == RegularFile, buffer.Size,
                new DateTime(DateTime.UnixEpoch.Ticks + (buffer.ModifiedSeconds * TimeSpan.TicksPerSecond) + (buffer.ModifiedNanoseconds / TimeSpan.NanosecondsPerTick), DateTimeKind.Utc))
            : default;
        return error;
    }

    /// <summary>Makes what happened in a directory, or to a file, last.</summary>
    public static void Sync(SafeFileHandle handle)
    {
        if (Native.fsync(handle.DangerousGetHandle().ToInt32()) != 0)
        {
            throw Failed("write a file to disk", Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>An error of the system with its number as <see cref="Exception.HResult"/>.</summary>
    public static IOException Failed(string what, int error) => new($"Cannot {what}: {Marshal.GetPInvokeErrorMessage(error)}", error);

    private static int Take(nint fd, out SafeFileHandle? handle)
    {
        handle = fd < 0 ? null : new SafeFileHandle(fd, ownsHandle: true);
        return fd < 0 ? Marshal.GetLastPInvokeError() : 0;
    }

    private static int Error(nint result) => result == 0 ? 0 : Marshal.GetLastPInvokeError();

    // The layout of struct statx is the same on all architectures (statx(2)).
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatX
    {
        [FieldOffset(0x1c)]
        public ushort Mode;

        [FieldOffset(0x28)]
        public long Size;

        [FieldOffset(0x70)]
        public long ModifiedSeconds;

        [FieldOffset(0x78)]
        public uint ModifiedNanoseconds;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }

    private static class Native
    {
        [DllImport("libc", EntryPoint = "syscall", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
        public static extern nint openat2(nint number, nint directory, string path, ref OpenHow how, nint size);

        [DllImport("libc", EntryPoint = "syscall", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
        public static extern nint renameat2(nint number, nint fromDirectory, string from, nint toDirectory, string to, nint flags);

        [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
        public static extern int open(string path, int flags);

        [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
        public static extern int mkdirat(int directory, string name, uint mode);

        [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
        public static extern int unlinkat(int directory, string name, int flags);

        [DllImport("libc", SetLastError = true)]
        public static extern nint copy_file_range(int from, ref long fromOffset, int to, ref long toOffset, nint length, uint flags);

        [DllImport("libc", SetLastError = true)]
        public static extern int sync_file_range(int file, long offset, long length, uint flags);

        [DllImport("libc", SetLastError = true)]
        public static extern int fallocate(int file, int mode, long offset, long length);

        [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
        public static extern int statx(int directory, string path, int flags, uint mask, out StatX buffer);

        [DllImport("libc", SetLastError = true)]
        public static extern int fsync(int fd);
    }
}

/// <summary>What is known of a file without its bytes.</summary>
/// <param name="IsRegular">Whether it is a plain file: no directory, link, pipe, socket or device.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Modified">Time of the last change, UTC, in steps of 100 ns.</param>
internal readonly record struct FileFacts(bool IsRegular, long Size, DateTime Modified);
