using System.Diagnostics;
using System.Text;

namespace Hearth.Cli.Commands.Test;

/// <summary>How a process ended and what it printed.</summary>
internal sealed record ProcessOutcome(int ExitCode, string Output, double Seconds, bool TimedOut);

/// <summary>Runs a program to its end with its output captured, a deadline, and no standard input.</summary>
internal static class ProcessRunner
{
    public static async Task<ProcessOutcome> RunAsync(
        string program, IReadOnlyList<string> arguments, string directory, TimeSpan deadline, CancellationToken cancellation)
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

        var output = new StringBuilder();
        var began = Stopwatch.GetTimestamp();
        using var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(output, line.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var timedOut = await WaitAsync(process, deadline, cancellation);
        lock (output)
        {
            return new ProcessOutcome(timedOut ? -1 : process.ExitCode, output.ToString(), Stopwatch.GetElapsedTime(began).TotalSeconds, timedOut);
        }
    }

    private static async Task<bool> WaitAsync(Process process, TimeSpan deadline, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(deadline);
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return false;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellation.ThrowIfCancellationRequested();
            return true;
        }
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
