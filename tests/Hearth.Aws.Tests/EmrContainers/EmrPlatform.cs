using Hearth.Aws.Signing;
using Hearth.Aws.Tests.Http;
using Hearth.Jobs.Controllers;
using Hearth.Jobs.Emr;
using Hearth.Jobs.Logs;
using Hearth.Jobs.Model;
using Hearth.Jobs.Service;
using Hearth.Jobs.Storage;
using Hearth.Jobs.Tests;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.Aws.Tests.EmrContainers;

/// <summary>
/// The endpoint over a cluster in memory, with the controllers of virtual clusters and managed endpoints; job runs stay PENDING. Namespaces
/// <c>team-a</c>, <c>team-b</c> and <c>ns1</c> to <c>ns9</c>; <c>team-a</c> has a virtual cluster.
/// </summary>
public class EmrPlatform : Endpoint
{
    private readonly CancellationTokenSource stop = new();
    private readonly FakeCluster cluster = new(TimeProvider.System);
    private readonly JobServiceOptions names = new() { Region = "us-west-2", AccountId = Keys.Account, ClusterName = "c1" };
    private readonly JobService jobs;
    private Task work = Task.CompletedTask;

    public EmrPlatform() => jobs = new JobService(cluster, names, TimeProvider.System);

    /// <summary>The virtual cluster of <c>team-a</c>.</summary>
    public VirtualClusterDescription Cluster { get; private set; } = null!;

    /// <summary>The virtual cluster of <c>team-b</c>.</summary>
    public VirtualClusterDescription OtherCluster { get; private set; } = null!;

    protected override IJobService Jobs => jobs;

    internal override ICredentialStore Believed { get; } = new Keys(Keys.Admin, Keys.OfTeam("team-a"), Keys.OfTeam("team-b"));

    protected override IReadOnlyDictionary<string, string> Teams { get; } = new Dictionary<string, string> { ["team-a"] = "team-a", ["team-b"] = "team-b" };

    public override async ValueTask InitializeAsync()
    {
        foreach (var ns in (string[])["team-a", "team-b", .. Enumerable.Range(1, 9).Select(i => $"ns{i}")])
        {
            await cluster.CreateAsync(new Namespace { Metadata = new ObjectMeta { Name = ns } }, CancellationToken.None);
        }

        Cluster = await RegisterAsync("team-a");
        OtherCluster = await RegisterAsync("team-b");
        var options = new JobControllerOptions
        {
            Submission = new SubmissionOptions { AccountId = Keys.Account },
            Objects = new NoObjects(),
            Logs = new LogShipping { SpoolDirectory = Path.GetTempPath() },
            Service = names,
        };
        work = Task.WhenAll(RunAsync(new VirtualClusterController(cluster, options), c => c.RunAsync(stop.Token)), RunAsync(new ManagedEndpointController(cluster, options), c => c.RunAsync(stop.Token)));
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        await stop.CancelAsync();
        await work;
        jobs.Dispose();
        stop.Dispose();
    }

    private static async Task RunAsync<T>(T controller, Func<T, Task> run)
        where T : IDisposable
    {
        using (controller)
        {
            await run(controller);
        }
    }

    private Task<VirtualClusterDescription> RegisterAsync(string ns) => jobs.CreateVirtualClusterAsync(
        new CreateVirtualClusterRequest { Name = ns, ClientToken = ns, ContainerProvider = new() { Type = "EKS", Id = "c1", Info = new() { EksInfo = new() { Namespace = ns } } } },
        new JobCaller(Keys.Admin.PrincipalArn), CancellationToken.None);

    private sealed class NoObjects : IObjectReader
    {
        public Task<Stream> OpenAsync(Uri uri, string? roleArn, CancellationToken ct) => throw new ObjectAccessException(ObjectAccessError.NotFound, "none");
    }
}
