using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Hearth.Aws.Client;
using Hearth.Aws.Signing;

namespace Hearth.Bench.Platform;

/// <summary><c>moto_server</c>, a mock of AWS in Python that keeps what it is told in memory.</summary>
internal sealed class MotoServer : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly Child _child;
    private readonly Uri _address;

    private MotoServer(Child child, Uri address) => (_child, _address) = (child, address);

    /// <summary>Starts it; null when it is not installed.</summary>
    public static async Task<MotoServer?> StartAsync()
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(d => File.Exists(Path.Combine(d, "moto_server"))))
        {
            return null;
        }

        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var server = new MotoServer(Child.Start("moto_server", ["-p", FormattableString.Invariant($"{port}")]), new Uri($"http://127.0.0.1:{port}"));
        using var http = new HttpClient();
        using var deadline = new CancellationTokenSource(Deadline);
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(server._address, "/moto-api/"), deadline.Token);
                return server;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), deadline.Token);
            }
        }
    }

    public AwsClient Client() => new(_address, new AwsCredential { AccessKeyId = "AKIAIOSFODNN7EXAMPLE", SecretAccessKey = "secret", PrincipalArn = "arn:aws:iam::123456789012:user/bench", UserId = "bench", AccountId = "123456789012" }, "us-west-2", TimeProvider.System);

    public async Task<string> ClusterAsync(AwsClient aws) => (await aws.JsonAsync("emr-containers", HttpMethod.Post, "/virtualclusters", new JsonObject
    {
        ["name"] = "bench",
        ["clientToken"] = "bench",
        ["containerProvider"] = new JsonObject { ["type"] = "EKS", ["id"] = "bench", ["info"] = new JsonObject { ["eksInfo"] = new JsonObject { ["namespace"] = "bench" } } },
    }, CancellationToken.None))["id"]!.GetValue<string>();

    public static JsonObject Request() => new()
    {
        ["name"] = "empty",
        ["clientToken"] = Guid.NewGuid().ToString("N"),
        ["executionRoleArn"] = "arn:aws:iam::123456789012:role/bench",
        ["releaseLabel"] = "emr-6.15.0-latest",
        ["jobDriver"] = new JsonObject { ["sparkSubmitJobDriver"] = new JsonObject { ["entryPoint"] = "s3://bench/empty.py" } },
        ["configurationOverrides"] = new JsonObject(),
    };

    public ValueTask DisposeAsync() => _child.DisposeAsync();
}
