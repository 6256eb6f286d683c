using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hearth.Kube.Config;

/// <summary>A program that gives a token (client.authentication.k8s.io), for example <c>aws eks get-token</c>. Tokens are kept until they end.</summary>
internal sealed class ExecCredential(string command, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, string apiVersion, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);
    private readonly SemaphoreSlim _gate = new(1, 1);
    private string? _token;
    private DateTimeOffset _until;

    /// <summary>The token.</summary>
    /// <exception cref="KubeConfigException">The program failed, or said something else.</exception>
    public async ValueTask<string?> ReadAsync(CancellationToken ct)
    {
        await _gate.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            if (_token is null || time.GetUtcNow() >= _until)
            {
                (_token, _until) = Parse(await RunAsync(ct).ConfigureAwait(false));
            }

            return _token;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private (string Token, DateTimeOffset Until) Parse(string output)
    {
        JsonNode? status;
        try
        {
            status = JsonNode.Parse(output)?["status"];
        }
        catch (JsonException e)
        {
            throw new KubeConfigException($"the credential program {command} did not answer with JSON: {e.Message}");
        }

        var token = status?["token"]?.ToString() ?? throw new KubeConfigException($"the credential program {command} gave no token");
        var until = status["expirationTimestamp"] is { } text
            ? DateTimeOffset.Parse(text.ToString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) - Margin
            : DateTimeOffset.MaxValue;
        return (token, until);
    }

    private async Task<string> RunAsync(CancellationToken ct)
    {
        var start = new ProcessStartInfo(command) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        start.Environment["KUBERNETES_EXEC_INFO"] = new JsonObject
        {
            ["apiVersion"] = apiVersion, ["kind"] = "ExecCredential", ["spec"] = new JsonObject { ["interactive"] = false },
        }.ToJsonString();
        using var process = StartProcess(start);
        var output = process.StandardOutput.ReadToEndAsync(ct);
        var error = process.StandardError.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct).ConfigureAwait(false);
        return process.ExitCode == 0
            ? await output.ConfigureAwait(false)
            : throw new KubeConfigException($"the credential program {command} failed with exit code {process.ExitCode}: {(await error.ConfigureAwait(false)).Trim()}");
    }

    private Process StartProcess(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new KubeConfigException($"the credential program {command} did not start");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new KubeConfigException($"the credential program {command} cannot be started: {e.Message}");
        }
    }
}
