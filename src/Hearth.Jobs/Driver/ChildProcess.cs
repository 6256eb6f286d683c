using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Hearth.Jobs.Driver;

/// <summary>A program that shares this container's stdout and stderr.</summary>
internal static class ChildProcess
{
    private const int SigTerm = 15;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>Runs a program to its end. When cancelled it is asked to stop, and killed if it does not.</summary>
    /// <param name="program">Program, sought on PATH.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables set over those of this process.</param>
    /// <param name="ct">Asks it to stop.</param>
    /// <returns>Exit code; 128 + n when signal n ended it.</returns>
    /// <exception cref="DriverException">It cannot be started.</exception>
    public static async Task<int> RunAsync(string program, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> environment, CancellationToken ct)
    {
        var start = new ProcessStartInfo(program) { UseShellExecute = false };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Start(start);
        try
        {
            await process.WaitForExitAsync(ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await StopAsync(process).ConfigureAwait(false);
        }

        return process.ExitCode;
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new DriverException($"{start.FileName} did not start");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new DriverException($"{start.FileName} cannot be started: {e.Message}");
        }
    }

    private static async Task StopAsync(Process process)
    {
        _ = Kill(process.Id, SigTerm);
        using var patience = new CancellationTokenSource(Grace);
        try
        {
            await process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int pid, int signal);
}
