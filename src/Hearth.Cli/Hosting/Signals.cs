using System.Runtime.InteropServices;

namespace Hearth.Cli.Hosting;

/// <summary>The few POSIX calls that .NET has no name for.</summary>
internal static class Signals
{
    public const int Terminate = 15;
    public const int Kill = 9;

    /// <summary>False when there is no such process, or it is not ours.</summary>
    public static bool Send(int pid, int signal) => pid > 1 && KillProcess(pid, signal) == 0;

    /// <summary>Leaves the terminal's session: closing it no longer ends this process.</summary>
    public static void LeaveTerminal() => _ = SetSid();

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int KillProcess(int pid, int signal);

    [DllImport("libc", EntryPoint = "setsid", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetSid();
}
