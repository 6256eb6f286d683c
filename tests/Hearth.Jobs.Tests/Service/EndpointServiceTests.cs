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

namespace Hearth.Jobs.Tests.Service;

/// <summary>Managed endpoints and their tokens; the wire side is in the contract test of the AWS room.</summary>
public sealed class EndpointServiceTests : IAsyncLifetime, IObjectReader
{
    private const string Role = "arn:aws:iam::123456789012:role/team-a";
    private static readonly JobCaller Alice = new("arn:aws:iam::123456789012:user/alice");
    private static readonly JobServiceOptions Names = new() { Region = "us-west-2", AccountId = "123456789012", ClusterName = "c1" };
    private readonly FakeCluster _cluster = new(TimeProvider.System);
    private readonly Clock _clock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly JobService _service;
    private Task _work = Task.CompletedTask;
    private string _vc = "";

    public EndpointServiceTests() => _service = new JobService(_cluster, Names, _clock);

    private static CancellationToken None => CancellationToken.None;

    public async ValueTask InitializeAsync()
    {
        await _cluster.CreateAsync(new Namespace { Metadata = new ObjectMeta { Name = "team-a" } }, None);
        _vc = (await _service.CreateVirtualClusterAsync(
            new() { Name = "vc", ClientToken = "t", ContainerProvider = new() { Type = "EKS", Id = "c1", Info = new() { EksInfo = new() { Namespace = "team-a" } } } }, Alice, None)).Id;
        _work = RunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work;
        _service.Dispose();
        _stop.Dispose();
    }

    public Task<Stream> OpenAsync(Uri uri, string? roleArn, CancellationToken ct) => throw new ObjectAccessException(ObjectAccessError.NotFound, "none");

    [Fact]
    public async Task A_token_is_believed_for_its_endpoint_and_kept_only_as_a_hash()
    {
        var endpoint = await ActiveAsync();
        var credentials = await _service.GetSessionCredentialsAsync(Wanted(endpoint.Id), Alice, None);
        var session = (await _service.FindSessionAsync(endpoint.Id, credentials.Token, None)).ShouldNotBeNull();
        session.ExecutionRoleArn.ShouldBe(Role);
        (await _service.FindSessionAsync(endpoint.Id, credentials.Token + "x", None)).ShouldBeNull();
        (await _service.FindSessionAsync("other", credentials.Token, None)).ShouldBeNull();
        var stored = await _cluster.GetAsync(new ObjectRef(EndpointSession.Type, "team-a", credentials.Id), None);
        stored.ToJsonString().ShouldNotContain(credentials.Token);
        credentials.ToString().ShouldNotContain(credentials.Token);
    }

    [Fact]
    public async Task A_token_ends_with_its_time_and_its_credentials_are_removed()
    {
        var endpoint = await ActiveAsync();
        var credentials = await _service.GetSessionCredentialsAsync(Wanted(endpoint.Id) with { DurationInSeconds = 60 }, Alice, None);
        _clock.Offset = TimeSpan.FromSeconds(61);
        (await _service.FindSessionAsync(endpoint.Id, credentials.Token, None)).ShouldBeNull();
        var short2 = await _service.GetSessionCredentialsAsync(Wanted(endpoint.Id) with { DurationInSeconds = 1 }, Alice, None);
        _clock.Offset = TimeSpan.FromSeconds(63);
        await UntilAsync(async () => await _cluster.FindAsync<EndpointSession>("team-a", short2.Id, None) is null);
    }

    [Fact]
    public async Task A_client_token_used_again_replaces_the_token_of_the_same_credentials()
    {
        var endpoint = await ActiveAsync();
        var first = await _service.GetSessionCredentialsAsync(Wanted(endpoint.Id) with { ClientToken = "s" }, Alice, None);
        var second = await _service.GetSessionCredentialsAsync(Wanted(endpoint.Id) with { ClientToken = "s" }, Alice, None);
        second.Id.ShouldBe(first.Id);
        (await _service.FindSessionAsync(endpoint.Id, first.Token, None)).ShouldBeNull();
        (await _service.FindSessionAsync(endpoint.Id, second.Token, None)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_terminated_endpoint_believes_nothing_and_has_no_network()
    {
        var endpoint = await ActiveAsync();
        var credentials = await _service.GetSessionCredentialsAsync(Wanted(endpoint.Id), Alice, None);
        var network = (await _service.ListEndpointNetworksAsync(None)).ShouldHaveSingleItem();
        network.SecurityGroupName.ShouldBe($"emr-containers-lb-{_vc}-{endpoint.Id}");
        network.LoadBalancerTags["ingress.k8s.aws/stack"].ShouldBe($"team-a/ingress-{endpoint.Id}");
        endpoint.ServerUrl.ShouldBe($"https://{network.DnsName}:18888");
        endpoint.SecurityGroup.ShouldBe(network.SecurityGroupId);
        endpoint.StateDetails!.ShouldContain("no Jupyter gateway listens");
        endpoint.StateDetails!.Length.ShouldBeLessThanOrEqualTo(256);
        await _service.DeleteManagedEndpointAsync(_vc, endpoint.Id, None);
        (await _service.FindSessionAsync(endpoint.Id, credentials.Token, None)).ShouldBeNull();
        await UntilAsync(async () => (await _service.ListEndpointNetworksAsync(None)).Count == 0);
    }

    private static GetManagedEndpointSessionCredentialsRequest Request(string vc, string id) => new()
    {
        VirtualClusterIdentifier = vc, EndpointIdentifier = id, ExecutionRoleArn = Role, CredentialType = "TOKEN",
    };

    private GetManagedEndpointSessionCredentialsRequest Wanted(string id) => Request(_vc, id);

    private async Task<EndpointDescription> ActiveAsync()
    {
        var made = await _service.CreateManagedEndpointAsync(
            new() { VirtualClusterId = _vc, Name = "e", Type = "JUPYTER_ENTERPRISE_GATEWAY", ReleaseLabel = "emr-7.9.0-latest", ExecutionRoleArn = Role, ClientToken = Guid.NewGuid().ToString() }, Alice, None);
        await UntilAsync(async () => (await _service.DescribeManagedEndpointAsync(_vc, made.Id, None)).State == EndpointState.Active);
        return await _service.DescribeManagedEndpointAsync(_vc, made.Id, None);
    }

    private async Task RunAsync()
    {
        using var controller = new ManagedEndpointController(_cluster, new JobControllerOptions
        {
            Submission = new SubmissionOptions { AccountId = "123456789012" }, Objects = this, Logs = new LogShipping { SpoolDirectory = Path.GetTempPath() }, Service = Names, Time = _clock,
        });
        await controller.RunAsync(_stop.Token);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await condition())
        {
            await Task.Delay(20, deadline.Token);
        }
    }

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Offset { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Offset;
    }
}
