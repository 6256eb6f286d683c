using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Hearth.Aws.Signing;

namespace Hearth.Bench.S3;

/// <summary>moto_server, where it is installed: what tests use that want S3 on the machine. It keeps everything in memory.</summary>
internal sealed class MotoServer : IDisposable
{
    private readonly Process process;

    private MotoServer(Process process, BenchClient client) => (this.process, Client) = (process, client);

    public BenchClient Client { get; }

    /// <summary>Starts one; null when it is not installed or does not come up within half a minute.</summary>
    public static async Task<MotoServer?> TryStartAsync()
    {
        var port = FreePort();
        var start = new ProcessStartInfo("moto_server", ["-H", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardError = true, RedirectStandardOutput = true };
        try
        {
            var process = Process.Start(start)!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            var credential = new AwsCredential { AccessKeyId = "AKIABENCH", SecretAccessKey = "bench", PrincipalArn = "", UserId = "", AccountId = "" };
            var server = new MotoServer(process, new BenchClient(new Uri($"http://127.0.0.1:{port}"), credential));
            if (await server.IsUpAsync())
            {
                return server;
            }
            server.Dispose();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // Not installed.
        }
        return null;
    }

    public void Dispose()
    {
        process.Kill(entireProcessTree: true);
        process.Dispose();
        Client.Dispose();
    }

    private async Task<bool> IsUpAsync()
    {
        for (var i = 0; i < 300 && !process.HasExited; i++)
        {
            try
            {
                await Client.CreateBucketAsync();
                return true;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(100);
            }
        }
        return false;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
