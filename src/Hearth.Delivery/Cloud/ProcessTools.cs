using System.Diagnostics;
using System.Text;

namespace Hearth.Delivery.Cloud;

/// <summary>Runs real programs.</summary>
/// <param name="environment">Reads an environment variable.</param>
/// <param name="settings">Variables that the programs get besides.</param>
public sealed class ProcessTools(Func<string, string?> environment, IReadOnlyDictionary<string, string>? settings = null) : ITools
{
    public bool Has(string program) =>
        (environment("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Any(d => File.Exists(Path.Combine(d, program)));

    public async Task<ToolResult> RunAsync(ToolCall call, Action<string>? line, CancellationToken cancellation)
    {
        using var process = new Process { StartInfo = Start(call) };
        var (output, error) = (new StringBuilder(), new StringBuilder());
        process.OutputDataReceived += (_, e) => Append(output, e.Data, null);
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
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new ToolResult(process.ExitCode, output.ToString(), error.ToString());
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
