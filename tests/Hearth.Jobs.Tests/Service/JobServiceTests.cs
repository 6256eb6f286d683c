using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Jobs.Service;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.Jobs.Tests.Service;

public sealed class JobServiceTests
{
    private static readonly JobCaller Alice = new("arn:aws:iam::123456789012:user/alice");
    private readonly FakeCluster _cluster = new(TimeProvider.System);
    private readonly JobService _service;

    public JobServiceTests() =>
        _service = new JobService(_cluster, new JobServiceOptions { Region = "us-west-2", AccountId = "123456789012", ClusterName = "c1" }, TimeProvider.System);

    private static CancellationToken None => CancellationToken.None;

    private async Task<string> ClusterAsync(string ns = "team-a", string token = "t")
    {
        if (await _cluster.FindAsync<Namespace>(null, ns, None) is null)
        {
            await _cluster.CreateAsync(new Namespace { Metadata = new ObjectMeta { Name = ns } }, None);
        }

        return (await _service.CreateVirtualClusterAsync(Wanted(ns, token), Alice, None)).Id;
    }

    private static CreateVirtualClusterRequest Wanted(string ns, string token) => new()
    {
        Name = "vc-" + ns, ClientToken = token, ContainerProvider = new() { Type = "EKS", Id = "c1", Info = new() { EksInfo = new() { Namespace = ns } } },
    };

    private static StartJobRunRequest Job(string vc, string token) => new()
    {
        VirtualClusterId = vc, ClientToken = token, Name = "taxi", ExecutionRoleArn = "arn:aws:iam::123456789012:role/team-a", ReleaseLabel = "emr-7.9.0-latest",
        JobDriver = new() { SparkSubmitJobDriver = new() { EntryPoint = "s3://b/x.py" } }, Tags = new Dictionary<string, string> { ["k"] = "v" },
    };

    [Fact]
    public async Task A_virtual_cluster_runs_at_once_and_its_token_makes_it_only_once()
    {
        var id = await ClusterAsync();
        (await ClusterAsync()).ShouldBe(id);
        var described = await _service.DescribeVirtualClusterAsync(id, None);
        described.State.ShouldBe(VirtualClusterState.Running);
        described.Arn.ShouldBe($"arn:aws:emr-containers:us-west-2:123456789012:/virtualclusters/{id}");
        (await Should.ThrowAsync<JobValidationException>(() => ClusterAsync(token: "other"))).Message.ShouldStartWith("A virtual cluster already exists in the given namespace");
    }

    [Fact]
    public async Task A_deleted_virtual_cluster_takes_no_jobs_and_frees_its_namespace_when_terminated()
    {
        var id = await ClusterAsync();
        (await _service.DeleteVirtualClusterAsync(id, None)).ShouldBe(id);
        (await _service.DescribeVirtualClusterAsync(id, None)).State.ShouldBe(VirtualClusterState.Terminating);
        (await Should.ThrowAsync<JobValidationException>(() => _service.StartJobRunAsync(Job(id, "x"), Alice, None))).Message.ShouldBe("Virtual cluster state TERMINATING is not valid to create resource JobRun.");
        await _cluster.StatusAsync<VirtualCluster>("", id, """{"state":"TERMINATED"}""");
        (await Should.ThrowAsync<JobValidationException>(() => _service.DeleteVirtualClusterAsync(id, None))).Message.ShouldContain("already terminated");
        (await ClusterAsync(token: "new")).ShouldNotBe(id);
        (await _service.ListVirtualClustersAsync(new() { States = ["TERMINATED"] }, None)).Items.ShouldHaveSingleItem().Id.ShouldBe(id);
    }

    [Fact]
    public async Task Unknown_ids_have_the_errors_of_the_service()
    {
        (await Should.ThrowAsync<JobNotFoundException>(() => _service.DescribeVirtualClusterAsync("abc", None))).Message.ShouldBe("Virtual cluster abc doesn't exist.");
        (await Should.ThrowAsync<JobValidationException>(() => _service.DeleteVirtualClusterAsync("abc", None))).Message.ShouldContain("not found");
        var id = await ClusterAsync();
        (await Should.ThrowAsync<JobNotFoundException>(() => _service.DescribeJobRunAsync(id, "0", None))).Message.ShouldBe("Job run 0 doesn't exist.");
        await Should.ThrowAsync<JobValidationException>(() => _service.CancelJobRunAsync(id, "0", None));
        (await Should.ThrowAsync<JobNotFoundException>(() => _service.StartJobRunAsync(Job(id, "x") with { ReleaseLabel = "emr-0.1.0-latest" }, Alice, None))).Message.ShouldBe("Release emr-0.1.0-latest doesn't exist.");
        await Should.ThrowAsync<JobValidationException>(() => _service.CreateVirtualClusterAsync(Wanted("nowhere", "z"), Alice, None));
    }

    [Fact]
    public async Task A_client_token_starts_one_run_also_for_many_callers_at_once_and_after_a_restart()
    {
        var vc = await ClusterAsync();
        var started = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _service.StartJobRunAsync(Job(vc, "same"), Alice, None)));
        started.Select(r => r.Id).Distinct().ShouldHaveSingleItem();
        using var again = new JobService(_cluster, new JobServiceOptions { Region = "us-west-2", AccountId = "123456789012", ClusterName = "c1" }, TimeProvider.System);
        (await again.StartJobRunAsync(Job(vc, "same"), Alice, None)).Id.ShouldBe(started[0].Id);
        (await Should.ThrowAsync<JobConflictException>(() => _service.StartJobRunAsync(Job(vc, "same") with { Name = "other" }, Alice, None))).Message.ShouldContain("use a new token");
    }

    [Fact]
    public async Task A_run_is_an_object_in_the_namespace_and_shows_its_request()
    {
        var vc = await ClusterAsync();
        var run = await _service.StartJobRunAsync(Job(vc, "1"), Alice, None);
        var stored = await _cluster.GetAsync<JobRun>("team-a", run.Id, None);
        stored.Metadata.Finalizers.ShouldBe(["emr.hearth.dev/cancel"]);
        var described = await _service.DescribeJobRunAsync(vc, run.Id, None);
        described.State.ShouldBe(JobRunState.Pending);
        described.CreatedBy.ShouldBe(Alice.Arn);
        described.JobDriver!.SparkSubmitJobDriver!.EntryPoint.ShouldBe("s3://b/x.py");
        described.Tags["k"].ShouldBe("v");
        described.RetryPolicyExecution.ShouldBeNull();
        (await _service.ListJobRunsAsync(new() { VirtualClusterId = vc }, None)).Items.ShouldHaveSingleItem().JobDriver.ShouldBeNull();
    }

    [Fact]
    public async Task Cancelling_shows_at_once_and_not_twice()
    {
        var vc = await ClusterAsync();
        var run = await _service.StartJobRunAsync(Job(vc, "1"), Alice, None);
        await _service.CancelJobRunAsync(vc, run.Id, None);
        (await _service.DescribeJobRunAsync(vc, run.Id, None)).State.ShouldBe(JobRunState.CancelPending);
        await _cluster.StatusAsync<JobRun>("team-a", run.Id, """{"state":"CANCELLED"}""");
        (await Should.ThrowAsync<JobValidationException>(() => _service.CancelJobRunAsync(vc, run.Id, None))).Message.ShouldBe($"Job run {run.Id} is not in a cancellable state");
    }

    [Fact]
    public async Task Listings_come_newest_first_in_pages_filtered()
    {
        var vc = await ClusterAsync();
        var ids = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            ids.Add((await _service.StartJobRunAsync(Job(vc, "t" + i) with { Name = i % 2 == 0 ? "even" : "odd" }, Alice, None)).Id);
        }

        var seen = new List<string>();
        string? token = null;
        do
        {
            var page = await _service.ListJobRunsAsync(new() { VirtualClusterId = vc, MaxResults = 3, NextToken = token }, None);
            page.Items.Count.ShouldBeLessThanOrEqualTo(3);
            seen.AddRange(page.Items.Select(r => r.Id));
            token = page.NextToken;
        }
        while (token is not null);

        seen.ShouldBe(Enumerable.Reverse(ids));
        (await _service.ListJobRunsAsync(new() { VirtualClusterId = vc, Name = "odd" }, None)).Items.Count.ShouldBe(3);
        (await _service.ListJobRunsAsync(new() { VirtualClusterId = vc, States = ["RUNNING"] }, None)).Items.ShouldBeEmpty();
        (await Should.ThrowAsync<JobValidationException>(() => _service.ListJobRunsAsync(new() { VirtualClusterId = vc, NextToken = "zz" }, None))).Message.ShouldContain("nextToken");
    }

    [Fact]
    public async Task What_a_caller_may_not_see_leaves_no_holes_in_pages()
    {
        for (var i = 0; i < 6; i++)
        {
            await ClusterAsync($"ns-{i}", $"t{i}");
        }

        var sizes = new List<int>();
        string? token = null;
        do
        {
            var page = await _service.ListVirtualClustersAsync(new() { MaxResults = 2, NextToken = token, Visible = c => c.Name is "vc-ns-1" or "vc-ns-3" or "vc-ns-5" }, None);
            sizes.Add(page.Items.Count);
            token = page.NextToken;
        }
        while (token is not null);

        sizes.ShouldBe([2, 1]);
    }
}
