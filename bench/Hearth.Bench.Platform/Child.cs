using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Hearth.Bench.Platform;

/// <summary>A process as a user would start it. It never outlives this object.</summary>
internal sealed class Child : IAsyncDisposable
{
    private const int Terminate = 15;
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(30);
    private readonly Process _process;
    private readonly string _name;
    private readonly StringBuilder _error = new();

    private Child(Process process, string name) => (_process, _name) = (process, name);

    public int Id => _process.Id;

    public static Child Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start) ?? throw new BenchException($"{program} could not be started");
        var child = new Child(process, $"{Path.GetFileName(program)} {string.Join(' ', start.ArgumentList)}");
        process.ErrorDataReceived += (_, line) => child.Remember(line.Data);
        process.BeginErrorReadLine();
        process.StandardInput.Close();
        return child;
    }

    /// <summary>Runs a program to its end; seconds and standard output. Any exit code but 0 is a failure.</summary>
    public static async Task<(double Seconds, string Output)> RunAsync(
        string program, IEnumerable<string> arguments, TimeSpan deadline, IReadOnlyDictionary<string, string>? environment = null)
    {
        var started = Stopwatch.GetTimestamp();
        await using var child = Start(program, arguments, environment);
        var output = await child.WithinAsync(deadline, ct => child._process.StandardOutput.ReadToEndAsync(ct));
        await child.WithinAsync(deadline, async ct =>
        {
            await child._process.WaitForExitAsync(ct);
            return true;
        });
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return child._process.ExitCode == 0 ? (seconds, output) : throw new BenchException($"{child._name}: exit code {child._process.ExitCode}\n{output}{child.Errors()}");
    }

    /// <summary>Reads standard output up to the first line that contains a text.</summary>
    public Task<string> LineAsync(string text, TimeSpan deadline) => WithinAsync(deadline, async ct =>
    {
        while (await _process.StandardOutput.ReadLineAsync(ct) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new BenchException($"{_name} ended before it said \"{text}\"\n{Errors()}");
    });

    /// <summary>Asks the process to end, and insists after a deadline.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _ = Kill(_process.Id, Terminate);
            using var patience = new CancellationTokenSource(StopDeadline);
            await _process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_process.HasExited)
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        _process.Dispose();
    }

    private async Task<T> WithinAsync<T>(TimeSpan deadline, Func<CancellationToken, Task<T>> work)
    {
        using var patience = new CancellationTokenSource(deadline);
        try
        {
            return await work(patience.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            throw new BenchException($"{_name} did not come that far within {deadline.TotalSeconds:0} s\n{Errors()}");
        }
    }

    private void Remember(string? line)
    {
        lock (_error)
        {
            _error.AppendLine(line);
        }
    }

    private string Errors()
    {
        lock (_error)
        {
            return _error.ToString().Trim();
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int pid, int signal);
}

/// <summary>Something could not be measured; the message says why.</summary>
internal sealed class BenchException(string message) : Exception(message);
