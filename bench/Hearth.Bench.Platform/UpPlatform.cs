using System.Diagnostics;
using System.Text.Json.Nodes;
using Hearth.Aws.Client;
using Hearth.Aws.Signing;
using Hearth.Kube.Client;
using Hearth.Kube.Config;
using Hearth.Platform;

namespace Hearth.Bench.Platform;

/// <summary>A platform that <c>hearth up</c> runs in a directory of its own, on free ports.</summary>
internal sealed class UpPlatform : IAsyncDisposable
{
    private static readonly TimeSpan ReadyDeadline = TimeSpan.FromSeconds(60);
    private readonly Child _child;
    private readonly DirectoryInfo _directory;
    private readonly JsonNode _endpoints;

    private UpPlatform(Child child, DirectoryInfo directory, long started, double ready)
    {
        (_child, _directory, Started, SecondsToReady) = (child, directory, started, ready);
        _endpoints = JsonNode.Parse(File.ReadAllText(Path.Combine(directory.FullName, "endpoints.json")))!;
        Declaration = PlatformLoader.Load(PlatformLoader.DefaultBlueprint);
    }

    public int Pid => _child.Id;

    /// <summary>Stopwatch's time at which the process was started.</summary>
    public long Started { get; }

    /// <summary>From the start of the process to its ready line.</summary>
    public double SecondsToReady { get; }

    public PlatformDeclaration Declaration { get; }

    public string Kubeconfig => Text("kubeconfig");

    public string AccountId => Text("accountId");

    public static async Task<UpPlatform> StartAsync(BenchOptions options)
    {
        var directory = Directory.CreateTempSubdirectory("hearth-bench-");
        var started = Stopwatch.GetTimestamp();
        var child = Child.Start(options.Hearth, ["up", "--data-dir", directory.FullName, "--kubernetes-port", "0", "--aws-port", "0", "--console-port", "0"]);
        try
        {
            await child.LineAsync(" is ready", ReadyDeadline);
            return new UpPlatform(child, directory, started, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
        catch
        {
            await child.DisposeAsync();
            directory.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>A client of the AWS endpoint with the administrator's key.</summary>
    public AwsClient Administrator() => new(new Uri(Text("aws")), FileCredentialStore.Load(Path.Combine(_directory.FullName, "credentials.json")).All.First(c => c.IsAdmin), Text("region"), TimeProvider.System);

    /// <summary>A client of the AWS endpoint with a team's key.</summary>
    public AwsClient Aws(Team team)
    {
        var credentials = FileCredentialStore.Open(Path.Combine(_directory.FullName, "credentials.json"), AccountId, Declaration.Teams.Select(t => t.Name));
        return new AwsClient(new Uri(Text("aws")), credentials.All.First(c => c.Team == team.Name), Text("region"), TimeProvider.System);
    }

    /// <summary>A client of the Kubernetes API as its administrator.</summary>
    public RestKubeClient Kube() => new(Hearth.Kube.Config.Kubeconfig.Read(Kubeconfig).Connection());

    public async ValueTask DisposeAsync()
    {
        await _child.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private string Text(string name) => _endpoints[name]!.GetValue<string>();
}
