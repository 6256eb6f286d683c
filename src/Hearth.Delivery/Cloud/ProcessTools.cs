using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Hearth.Delivery.Cloud;

/// <summary>Runs real programs.</summary>
/// <param name="environment">Reads an environment variable.</param>
/// <param name="settings">Variables that the programs get besides.</param>
public sealed class ProcessTools(Func<string, string?> environment, IReadOnlyDictionary<string, string>? settings = null) : ITools
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);

    public bool Has(string program) =>
        (environment("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Any(d => File.Exists(Path.Combine(d, program)));

    public async Task<ToolResult> RunAsync(ToolCall call, Action<string>? line, CancellationToken cancellation)
    {
        using var process = new Process { StartInfo = Start(call) };
        var (output, error) = (new StringBuilder(), new StringBuilder());
        process.OutputDataReceived += (_, e) => Append(output, e.Data, call.OutputIsProgress ? line : null);
        process.ErrorDataReceived += (_, e) => Append(error, e.Data, line);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await FeedAsync(process, call.Input, cancellation).ConfigureAwait(false);
            await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await StopAsync(process).ConfigureAwait(false);
            throw;
        }

        return new ToolResult(process.ExitCode, output.ToString(), error.ToString());
    }

    /// <summary>
    /// As Ctrl-C would: Helm takes a broken-off release back, the CDK ends its waiting. What has not ended then is killed with all that it started.
    /// </summary>
    private static async Task StopAsync(Process process)
    {
        using var patience = new CancellationTokenSource(Grace);
        try
        {
            // On a terminal Ctrl-C has reached it already; then there is nobody to signal, which is no news.
            using var interrupt = Process.Start(new ProcessStartInfo("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardError = true });
            await process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (Exception still) when (still is OperationCanceledException or Win32Exception)
        {
            process.Kill(entireProcessTree: true);
        }
    }

    private ProcessStartInfo Start(ToolCall call)
    {
        var start = new ProcessStartInfo(call.Program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in call.Arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in settings ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static async Task FeedAsync(Process process, string? input, CancellationToken cancellation)
    {
        try
        {
            if (input is not null)
            {
                await process.StandardInput.WriteAsync(input.AsMemory(), cancellation).ConfigureAwait(false);
            }

            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading its input; its exit code says why.
        }
    }

    private static void Append(StringBuilder text, string? data, Action<string>? line)
    {
        if (data is null)
        {
            return;
        }

        lock (text)
        {
            text.Append(data).Append('\n');
        }

        line?.Invoke(data);
    }
}
