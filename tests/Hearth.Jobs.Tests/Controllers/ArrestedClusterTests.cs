using System.Text.Json.Nodes;
using Hearth.Jobs.Controllers;
using Hearth.Jobs.Emr;
using Hearth.Jobs.Logs;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Jobs.Service;
using Hearth.Jobs.Storage;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.Jobs.Tests.Controllers;

/// <summary>A termination that the cluster does not permit.</summary>
public sealed class ArrestedClusterTests : IObjectReader
{
    private static CancellationToken None => CancellationToken.None;

    public Task<Stream> OpenAsync(Uri uri, string? roleArn, CancellationToken ct) => throw new ObjectAccessException(ObjectAccessError.NotFound, "none");

    [Fact]
    public async Task It_leaves_the_virtual_cluster_arrested_until_it_is_deleted_again()
    {
        var cluster = new FakeCluster(TimeProvider.System);
        var guarded = new Guarded(cluster) { Forbids = true };
        using var service = new JobService(cluster, new JobServiceOptions { Region = "us-west-2", AccountId = "123456789012", ClusterName = "c1" }, TimeProvider.System);
        using var stop = new CancellationTokenSource();
        using var controller = new VirtualClusterController(
            guarded, new JobControllerOptions { Submission = new SubmissionOptions { AccountId = "123456789012" }, Objects = this, Logs = new LogShipping { SpoolDirectory = Path.GetTempPath() } });
        var work = controller.RunAsync(stop.Token);
        await cluster.CreateAsync(new Namespace { Metadata = new ObjectMeta { Name = "ns" } }, None);
        var id = (await service.CreateVirtualClusterAsync(
            new() { Name = "vc", ClientToken = "t", ContainerProvider = new() { Type = "EKS", Id = "c1", Info = new() { EksInfo = new() { Namespace = "ns" } } } }, new JobCaller("a"), None)).Id;

        await service.DeleteVirtualClusterAsync(id, None);
        await StateAsync(service, id, VirtualClusterState.Arrested);
        (await cluster.GetAsync<VirtualCluster>(null, id, None)).Status!.StateDetails!.ShouldContain("Restore the access and delete the virtual cluster again.");

        guarded.Forbids = false;
        (await service.DeleteVirtualClusterAsync(id, None)).ShouldBe(id);
        await StateAsync(service, id, VirtualClusterState.Terminated);
        await stop.CancelAsync();
        await work;
    }

    private static async Task StateAsync(JobService service, string id, VirtualClusterState state)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await service.DescribeVirtualClusterAsync(id, None)).State != state)
        {
            await Task.Delay(20, deadline.Token);
        }
    }

    /// <summary>A cluster that does not let its caller see job runs.</summary>
    private sealed class Guarded(IKubeClient inner) : IKubeClient
    {
        public bool Forbids { get; set; }

        public Task<JsonObject> GetAsync(ObjectRef target, CancellationToken ct) => inner.GetAsync(target, ct);

        public Task<KubeList> ListAsync(ResourceType type, string? ns, ListOptions options, CancellationToken ct) =>
            Forbids && type == JobRun.Type ? throw new KubeException(403, "Forbidden", "jobruns is forbidden: User \"emr-containers\" cannot list.") : inner.ListAsync(type, ns, options, ct);

        public Task<JsonObject> CreateAsync(ResourceType type, string? ns, JsonObject body, CancellationToken ct) => inner.CreateAsync(type, ns, body, ct);

        public Task<JsonObject> ReplaceAsync(ObjectRef target, JsonObject body, string? subresource, CancellationToken ct) => inner.ReplaceAsync(target, body, subresource, ct);

        public Task<JsonObject> PatchAsync(ObjectRef target, KubePatch patch, CancellationToken ct) => inner.PatchAsync(target, patch, ct);

        public Task DeleteAsync(ObjectRef target, DeleteOptions options, CancellationToken ct) => inner.DeleteAsync(target, options, ct);

        public Task<JsonObject> PostAsync(ObjectRef target, string subresource, JsonObject body, CancellationToken ct) => inner.PostAsync(target, subresource, body, ct);

        public IAsyncEnumerable<WatchEvent> WatchAsync(ResourceType type, string? ns, WatchOptions options, CancellationToken ct) => inner.WatchAsync(type, ns, options, ct);

        public Task<Stream> LogAsync(string ns, string pod, LogOptions options, CancellationToken ct) => inner.LogAsync(ns, pod, options, ct);
    }
}
