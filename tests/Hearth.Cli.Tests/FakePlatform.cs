using Hearth.Cli.Hosting;

namespace Hearth.Cli.Tests;

/// <summary>A host that only remembers what it was asked; what is around it is what these tests are about.</summary>
internal sealed class FakePlatform : IPlatformHostFactory, IPlatformHost
{
    private readonly TaskCompletionSource<PlatformOptions> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the platform was started.</summary>
    public Task<PlatformOptions> Started => _started.Task;

    public bool Stopped { get; private set; }

    /// <summary>Thrown by the start, when given.</summary>
    public Exception? Failure { get; init; }

    public IPlatformHost Create() => this;

    public Task<PlatformEndpoints> StartAsync(PlatformOptions options, CancellationToken cancellation)
    {
        if (Failure is not null)
        {
            throw Failure;
        }

        _started.TrySetResult(options);
        return Task.FromResult(Endpoints(options.DataDirectory));
    }

    public Task StopAsync(CancellationToken cancellation)
    {
        Stopped = true;
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public static PlatformEndpoints Endpoints(string directory) => new()
    {
        Platform = "p",
        Blueprint = "emr-eks-karpenter",
        Region = "us-west-2",
        AccountId = "000000000000",
        Kubernetes = "https://127.0.0.1:6443",
        Aws = "http://127.0.0.1:4566",
        Console = "http://127.0.0.1:8080",
        Kubeconfig = Path.Combine(directory, "kubeconfig"),
        AwsConfigFile = Path.Combine(directory, "aws", "config"),
        AwsCredentialsFile = Path.Combine(directory, "aws", "credentials"),
        AwsProfile = "hearth",
    };
}
