using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Hearth.Deploy.Tests.Synth;

namespace Hearth.Deploy.Tests.Moto;

/// <summary>A moto server of our own on a free port, and programs that take it for AWS.</summary>
internal sealed class MotoServer : IAsyncDisposable
{
    public const string Account = "123456789012";
    public const string Region = "us-west-2";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly int _port;

    private MotoServer(Process process, int port) => (_process, _port) = (process, port);

    /// <summary>What is missing here for such tests; null when nothing is.</summary>
    public static string? Missing => ((string[])["moto_server", "aws", "node"]).FirstOrDefault(p => !Programs.Has(p)) ?? (NodeModules.Find("aws-cdk/bin/cdk") is null ? "aws-cdk (npm install in tests/Hearth.Deploy.Tests)" : null);

    public static async Task<MotoServer> StartAsync()
    {
        var port = FreePort();
        var start = new ProcessStartInfo("moto_server", ["-H", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var server = new MotoServer(process, port);
        var clock = Stopwatch.StartNew();
        using var http = new HttpClient();
        while (true)
        {
            try
            {
                (await http.GetAsync($"http://127.0.0.1:{port}/moto-api/")).EnsureSuccessStatusCode();
                return server;
            }
            catch (HttpRequestException) when (clock.Elapsed < Patience)
            {
                await Task.Delay(100);
            }
        }
    }

    public Task<(int Code, string Output)> CdkAsync(params string[] arguments) => RunAsync("node", [NodeModules.Find("aws-cdk/bin/cdk")!, .. arguments, "--ci"]);

    public Task<(int Code, string Output)> AwsAsync(params string[] arguments) => RunAsync("aws", [.. arguments, "--output", "text"]);

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<(int Code, string Output)> RunAsync(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        // moto finds a template's bucket in its address only when the host is called localhost; for S3 itself the address must not take bucket names.
        foreach (var (name, value) in new[]
                 {
                     ("AWS_ENDPOINT_URL", $"http://localhost:{_port}"), ("AWS_ENDPOINT_URL_S3", $"http://127.0.0.1:{_port}"), ("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test"),
                     ("AWS_REGION", Region), ("AWS_DEFAULT_REGION", Region), ("CDK_DISABLE_CLI_TELEMETRY", "true"),
                 })
        {
            start.Environment[name] = value;
        }

        start.Environment.Remove("AWS_PROFILE");
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
