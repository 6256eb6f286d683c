using Hearth.Aws;
using Hearth.Aws.Eks;
using Hearth.Aws.S3.Storage;
using Hearth.Aws.Signing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hearth.Bench.S3;

/// <summary>The endpoint with a bucket <c>bench</c>.</summary>
internal sealed class BenchServer : IAsyncDisposable
{
    public const string Region = "us-west-2";
    private readonly AwsEndpoint endpoint;

    private BenchServer(AwsEndpoint endpoint, ObjectStorage storage, AwsCredential credential) =>
        (this.endpoint, Storage, Client) = (endpoint, storage, new BenchClient(endpoint.Address, credential));

    public ObjectStorage Storage { get; }

    public BenchClient Client { get; }

    public static async Task<BenchServer> StartAsync(string directory)
    {
        var credentials = FileCredentialStore.Open(Path.Combine(directory, "credentials.json"), "123456789012", []);
        var storage = ObjectStorage.Open(Path.Combine(directory, "s3"), Path.Combine(directory, "metadata"), TimeProvider.System);
        storage.CreateBucket("bench");
        var options = new AwsEndpointOptions
        {
            Region = Region,
            AccountId = "123456789012",
            Cluster = new EksCluster
            {
                Name = "none", Endpoint = new Uri("https://127.0.0.1:1"), CertificateAuthorityPem = "", Version = "1.33", CreatedAt = DateTimeOffset.UnixEpoch,
            },
        };
        var endpoint = await AwsEndpoint.StartAsync(options, credentials, storage, new NoJobs(), TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        return new BenchServer(endpoint, storage, credentials.All[0]);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await endpoint.DisposeAsync();
        Storage.Dispose();
    }
}
