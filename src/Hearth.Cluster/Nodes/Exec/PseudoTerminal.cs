using System.ComponentModel;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Hearth.Cluster.Nodes.Exec;

/// <summary>A terminal without a screen: what is written to this side is typed, what is read was printed.</summary>
internal sealed class PseudoTerminal : IDisposable
{
    private const int ReadWrite = 0x2;
    private const int NoControl = 0x100; // O_NOCTTY
    private const int CloseOnExec = 0x80000;
    private const nuint SetSize = 0x5414; // TIOCSWINSZ

    private const byte EndOfInput = 4; // what Ctrl-D types
    private const int BufferBytes = 16 * 1024;
    private const short Readable = 1; // POLLIN
    private const int QuietMilliseconds = 100;

    private readonly SafeFileHandle _handle;
    private readonly Pipe _printed = new(new PipeOptions(useSynchronizationContext: false));
    private readonly Pipe _typed = new(new PipeOptions(useSynchronizationContext: false));

    private volatile bool _ended;

    private PseudoTerminal(SafeFileHandle handle, string name)
    {
        (_handle, Name) = (handle, name);
        _ = PrintAsync();
        _ = TypeAsync();
    }

    /// <summary>The device for the process, for example <c>/dev/pts/3</c>.</summary>
    public string Name { get; }

    /// <summary>What is printed; ends when no process has the device open any more.</summary>
    public Stream Output => _printed.Reader.AsStream();

    /// <summary>What is typed; disposing types the end of input.</summary>
    public Stream Input => _typed.Writer.AsStream();

    /// <exception cref="Win32Exception">No terminal is to be had.</exception>
    public static PseudoTerminal Open()
    {
        var file = OpenMaster(ReadWrite | NoControl | CloseOnExec);
        if (file < 0)
        {
            throw new Win32Exception();
        }

        var handle = new SafeFileHandle(file, ownsHandle: true);
        var name = new byte[64];
        if (Grant(file) != 0 || Unlock(file) != 0 || NameOf(file, name, (nuint)name.Length) != 0)
        {
            handle.Dispose();
            throw new Win32Exception();
        }

        return new PseudoTerminal(handle, Encoding.ASCII.GetString(name, 0, Array.IndexOf(name, (byte)0)));
    }

    public void Resize(int columns, int rows)
    {
        var size = new WindowSize { Rows = (ushort)rows, Columns = (ushort)columns };
        _ = Control((int)_handle.DangerousGetHandle(), SetSize, ref size);
    }

    /// <summary>Gives the device back; whoever still has it open reads its end.</summary>
    public void Dispose()
    {
        _printed.Reader.Complete();
        _typed.Writer.Complete();
        _handle.Dispose();
    }

    /// <summary>The process has ended: the output ends when nothing more is printed, even if something it left behind still has the device open.</summary>
    public void EndWhenQuiet() => _ended = true;

    // Linux ends the output with an error (EIO) once the last process has closed the device.
    private async Task PrintAsync()
    {
        try
        {
            var device = new FileStream(_handle, FileAccess.Read, bufferSize: 0);
            var open = true;
            while (open && !_handle.IsClosed)
            {
                if (!await Task.Run(WaitForOutput).ConfigureAwait(false))
                {
                    open = !_ended;
                    continue;
                }

                var read = await device.ReadAsync(_printed.Writer.GetMemory(BufferBytes)).ConfigureAwait(false);
                _printed.Writer.Advance(read);
                open = read > 0 && !(await _printed.Writer.FlushAsync().ConfigureAwait(false)).IsCompleted;
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The end.
        }

        await _printed.Writer.CompleteAsync().ConfigureAwait(false);
    }

    /// <summary>Whether something can be read; false after a while without. A read would wait for ever, and keep the device from being closed.</summary>
    private bool WaitForOutput()
    {
        var wait = new PollEntry { File = (int)_handle.DangerousGetHandle(), Events = Readable };
        return Poll(ref wait, 1, QuietMilliseconds) != 0;
    }

    private async Task TypeAsync()
    {
        try
        {
            var device = new FileStream(_handle, FileAccess.Write, bufferSize: 0);
            ReadResult result;
            do
            {
                result = await _typed.Reader.ReadAsync().ConfigureAwait(false);
                foreach (var part in result.Buffer)
                {
                    await device.WriteAsync(part).ConfigureAwait(false);
                }

                _typed.Reader.AdvanceTo(result.Buffer.End);
            }
            while (!result.IsCompleted);
            await device.WriteAsync((byte[])[EndOfInput]).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Nobody reads any more.
        }

        await _typed.Reader.CompleteAsync().ConfigureAwait(false);
    }

    [DllImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int OpenMaster(int flags);

    [DllImport("libc", EntryPoint = "grantpt", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Grant(int file);

    [DllImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Unlock(int file);

    [DllImport("libc", EntryPoint = "ptsname_r", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NameOf(int file, byte[] name, nuint length);

    [DllImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Control(int file, nuint request, ref WindowSize size);

    [DllImport("libc", EntryPoint = "poll", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Poll(ref PollEntry entry, nuint count, int milliseconds);

    private struct PollEntry
    {
        public int File;
        public short Events;
        public short Happened;
    }

    private struct WindowSize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort Width;
        public ushort Height;
    }
}
