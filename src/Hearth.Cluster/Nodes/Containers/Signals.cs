using System.Globalization;
using System.Runtime.InteropServices;

namespace Hearth.Cluster.Nodes.Containers;

/// <summary>POSIX signals to the processes of a container.</summary>
internal static class Signals
{
    public const int Terminate = 15;
    public const int Kill = 9;

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int pid, int signal);

    /// <summary>Sends a signal; false when there is no such process.</summary>
    public static bool Send(int pid, int signal) => SendSignal(pid, signal) == 0;

    /// <summary>
    /// The processes that a container's command became. bubblewrap is a parent outside and a reaper (pid 1) inside; signals for the
    /// command must go to the reaper's children, as a reaper passes none on.
    /// </summary>
    public static IReadOnlyList<int> CommandProcesses(int sandboxPid) =>
        [.. Children(sandboxPid).SelectMany(Children)];

    /// <summary>Process 1 of a sandbox as this machine numbers it, or null when it has ended.</summary>
    public static int? Reaper(int sandboxPid) => Children(sandboxPid) is [var reaper, ..] ? reaper : null;

    private static IReadOnlyList<int> Children(int pid)
    {
        try
        {
            var text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/task/{pid}/children"));
            return [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(p => int.Parse(p, CultureInfo.InvariantCulture))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
