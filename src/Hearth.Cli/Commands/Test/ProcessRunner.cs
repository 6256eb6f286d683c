using System.Diagnostics;
using System.Text;

namespace Hearth.Cli.Commands.Test;

/// <summary>How a process ended and what it printed.</summary>
internal sealed record ProcessOutcome(int ExitCode, string Output, double Seconds, bool TimedOut);

/// <summary>Runs a program to its end with its output captured, a deadline, and no standard input.</summary>
internal static class ProcessRunner
{
    /// <summary>How long output may still come after the process itself has ended.</summary>
    private static readonly TimeSpan DrainDeadline = TimeSpan.FromSeconds(5);

    public static Task<ProcessOutcome> RunAsync(
        string program, IReadOnlyList<string> arguments, string directory, TimeSpan deadline, CancellationToken cancellation) =>
        RunAsync(program, arguments, directory, [], deadline, cancellation);

    /// <summary>With variables beside the inherited ones.</summary>
    public static async Task<ProcessOutcome> RunAsync(
        string program, IReadOnlyList<string> arguments, string directory, IEnumerable<KeyValuePair<string, string>> variables, TimeSpan deadline, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        var output = new StringBuilder();
        var began = Stopwatch.GetTimestamp();
        using var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(output, line.Data);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => ended.TrySetResult();
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var timedOut = await WaitAsync(process, ended.Task, deadline, cancellation);
        lock (output)
        {
            return new ProcessOutcome(timedOut ? -1 : process.ExitCode, output.ToString(), Stopwatch.GetElapsedTime(began).TotalSeconds, timedOut);
        }
    }

    /// <summary>True when the deadline passed first.</summary>
    private static async Task<bool> WaitAsync(Process process, Task ended, TimeSpan deadline, CancellationToken cancellation)
    {
        try
        {
            await ended.WaitAsync(deadline, cancellation);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellation.ThrowIfCancellationRequested();
            return true;
        }

        try
        {
            await process.WaitForExitAsync(cancellation).WaitAsync(DrainDeadline, cancellation);
        }
        catch (TimeoutException)
        {
            // Something that it started still has its output open; what it said itself is here.
        }

        return false;
    }

    private static void Append(StringBuilder output, string? line)
    {
        if (line is not null)
        {
            lock (output)
            {
                output.Append(line).Append('\n');
            }
        }
    }
}
