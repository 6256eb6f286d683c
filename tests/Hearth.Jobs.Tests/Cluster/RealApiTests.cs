using System.Diagnostics;
using System.Text.Json.Nodes;
using Hearth.Cluster.ApiServer;
using Hearth.Cluster.ApiServer.Auth;
using Hearth.Cluster.Controllers;
using Hearth.Cluster.Controllers.Jobs;
using Hearth.Cluster.Store;
using Hearth.Jobs.Controllers;
using Hearth.Jobs.Driver;
using Hearth.Jobs.Emr;
using Hearth.Jobs.Logs;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Jobs.Service;
using Hearth.Jobs.Storage;
using Hearth.Jobs.Tests.Controllers;
using Hearth.Kube.Client;
using Hearth.Kube.Config;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hearth.Jobs.Tests.Cluster;

/// <summary>Jobs over the real API server, the driver over HTTPS with nothing but its service account's rights; only the nodes are missing.</summary>
public sealed class RealApiTests : IAsyncLifetime, IEngineHost, IObjectReader
{
    private const string Ns = "team-a";
    private static readonly ResourceType Definitions = new("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", false);
    private readonly string _directory = Directory.CreateTempSubdirectory("hearth-jobs-api").FullName;
    private readonly CancellationTokenSource _stop = new();
    private ObjectStore _store = null!;
    private KubeApiServer _server = null!;
    private IKubeClient _admin = null!;
    private JobService _jobs = null!;
    private Task _work = Task.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        _store = ObjectStore.Open(new StoreOptions(Path.Combine(_directory, "store")) { FlushToDisk = false });
        _server = await KubeApiServer.StartAsync(_store, new ApiServerOptions { PkiDirectory = Path.Combine(_directory, "pki") }, new NoPodRuntime(), TimeProvider.System, CancellationToken.None);
        _admin = _server.CreateClient(UserInfo.Master("test"));
        foreach (var definition in EmrCrds.All())
        {
            await _admin.CreateAsync(Definitions, null, definition, CancellationToken.None);
        }

        foreach (var definition in EmrCrds.All())
        {
            var target = new ObjectRef(Definitions, null, definition["metadata"]!["name"]!.ToString());
            await UntilAsync(() => _admin.GetAsync(target, CancellationToken.None), d => Established(d), "definition established");
        }

        await _admin.CreateAsync(new Namespace { Metadata = new ObjectMeta { Name = Ns } }, CancellationToken.None);
        _jobs = new JobService(_admin, new JobServiceOptions { Region = "us-west-2", AccountId = "123456789012", ClusterName = "c1" }, TimeProvider.System);
        var informers = new ClusterInformers(_admin, TimeProvider.System);
        var runners = new RunnerHands(_admin, Ns, async pod => new RestKubeClient(await ConnectionAsync(pod)));
        var batch = new JobController(_admin, informers, TimeProvider.System, NullLogger.Instance);
        var controllers = new JobControllers(_admin, new JobControllerOptions
        {
            Submission = new SubmissionOptions { AccountId = "123456789012", Defaults = new Dictionary<string, string> { ["spark.hearth.s3.root"] = Path.Combine(_directory, "s3") } },
            Objects = this,
            Logs = new LogShipping { SpoolDirectory = Path.Combine(_directory, "spool") },
        });
        _work = Task.WhenAll(controllers.RunAsync(_stop.Token), runners.RunAsync(_stop.Token), informers.RunAsync(_stop.Token), batch.RunAsync(_stop.Token).ContinueWith(_ => { }, TaskScheduler.Default));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work;
        _jobs.Dispose();
        await _server.DisposeAsync();
        await _store.DisposeAsync();
        _stop.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    public Task<IEngineSession> StartAsync(EngineStart start, CancellationToken ct) => Task.FromResult<IEngineSession>(new Session());

    public Task<Stream> OpenAsync(Uri uri, string? roleArn, CancellationToken ct) => throw new ObjectAccessException(ObjectAccessError.NotFound, "none");

    [Fact]
    public async Task A_job_runs_with_its_drivers_own_rights()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "s3", "b"));
        await File.WriteAllTextAsync(Path.Combine(_directory, "s3", "b", "x.py"), "print('hi')");
        var run = await StartAsync();
        var driver = await UntilAsync(() => _admin.FindAsync<Pod>(Ns, $"spark-{run.Id}-driver", CancellationToken.None), p => p is not null, "driver pod");
        await StatusAsync(driver!.Metadata.Name!, JobWorld.Running());
        await UntilAsync(() => _jobs.DescribeJobRunAsync(run.VirtualClusterId, run.Id, CancellationToken.None), r => r.State == JobRunState.Running, "running");

        var kubelet = KubeletAsync(_stop.Token);
        (await DriveAsync(driver)).ShouldBe(0);
        await StatusAsync(driver.Metadata.Name!, JobWorld.Ended(0));
        var done = await UntilAsync(() => _jobs.DescribeJobRunAsync(run.VirtualClusterId, run.Id, CancellationToken.None), r => r.State == JobRunState.Completed, "completed");
        done.StateDetails!.ShouldStartWith("JobRun completed successfully.");
        var stored = await UntilAsync(() => _admin.GetAsync<JobRun>(Ns, run.Id, CancellationToken.None), r => r.Status?.Progress?.Phase == "finished", "progress");
        stored.Status!.Pods!.Count(p => p.Role == "executor").ShouldBe(2);
        (await KubectlAsync("get", "jobruns", "-A")).ShouldMatch($@"NAMESPACE\s+NAME\s+JOB\s+STATE\s+DRIVER\s+EXECUTORS\s+AGE\n{Ns}\s+{run.Id}\s+taxi\s+COMPLETED\s+Succeeded\s+0/2\s+\d+s\n");
        (await KubectlAsync("get", "vc")).ShouldMatch(@"NAME\s+CLUSTER\s+NAMESPACE\s+STATE\s+AGE\n[0-9a-z]{25}\s+team\s+team-a\s+RUNNING\s+\d+s\n");
        await _stop.CancelAsync();
        await kubelet.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [Fact]
    public async Task Deleting_a_job_run_with_kubectl_cancels_it()
    {
        var run = await StartAsync();
        await UntilAsync(() => _admin.FindAsync<Pod>(Ns, $"spark-{run.Id}-driver", CancellationToken.None), p => p is not null, "driver pod");
        await _admin.DeleteAsync(new ObjectRef(JobRun.Type, Ns, run.Id), DeleteOptions.Default, CancellationToken.None);
        await UntilAsync(() => _admin.FindAsync<JobRun>(Ns, run.Id, CancellationToken.None), r => r is null, "run gone");
        (await _admin.FindAsync<Pod>(Ns, $"spark-{run.Id}-driver", CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_driver_may_manage_pods_of_its_namespace_and_nothing_else()
    {
        var run = await StartAsync();
        var driver = await UntilAsync(() => _admin.FindAsync<Pod>(Ns, $"spark-{run.Id}-driver", CancellationToken.None), p => p is not null, "driver pod");
        using var client = new RestKubeClient(await ConnectionAsync(driver!));
        await client.ListAsync(Pod.Type, Ns, ListOptions.All, CancellationToken.None);
        (await Should.ThrowAsync<KubeException>(() => client.ListAsync(Pod.Type, "default", ListOptions.All, CancellationToken.None))).Code.ShouldBe(403);
        (await Should.ThrowAsync<KubeException>(() => client.ListAsync(Secret.Type, Ns, ListOptions.All, CancellationToken.None))).Code.ShouldBe(403);
        (await Should.ThrowAsync<KubeException>(() => client.GetAsync(new ObjectRef(JobRun.Type, Ns, run.Id), CancellationToken.None))).Code.ShouldBe(403);
    }

    private static bool Established(JsonObject definition) =>
        (definition["status"]?["conditions"] as JsonArray)?.Any(c => c?["type"]?.ToString() == "Established" && c["status"]?.ToString() == "True") == true;

    private async Task<JobRunDescription> StartAsync()
    {
        var cluster = await _jobs.CreateVirtualClusterAsync(
            new() { Name = "team", ClientToken = "t", ContainerProvider = new() { Type = "EKS", Id = "c1", Info = new() { EksInfo = new() { Namespace = Ns } } } }, new JobCaller("arn:aws:iam::1:user/a"), CancellationToken.None);
        return await _jobs.StartJobRunAsync(
            new()
            {
                VirtualClusterId = cluster.Id, ClientToken = "j", Name = "taxi", ExecutionRoleArn = "arn:aws:iam::123456789012:role/r", ReleaseLabel = "emr-7.9.0-latest",
                JobDriver = new() { SparkSubmitJobDriver = new() { EntryPoint = "s3://b/x.py", SparkSubmitParameters = "--conf spark.kubernetes.allocation.batch.delay=50ms" } },
            },
            new JobCaller("arn:aws:iam::1:user/a"),
            CancellationToken.None);
    }

    private async Task<int> DriveAsync(Pod driver)
    {
        var map = (await _admin.ListAsync<ConfigMap>(Ns, ListOptions.All, CancellationToken.None)).First(m => m.Data?.ContainsKey("spark.properties") == true);
        var properties = Path.Combine(_directory, "spark.properties");
        await File.WriteAllTextAsync(properties, map.Data!["spark.properties"]);
        using var client = new RestKubeClient(await ConnectionAsync(driver));
        var host = new DriverHost { Engine = this, Client = client, Output = TextWriter.Null, Error = TextWriter.Null, Variable = _ => null };
        return await new DriverProgram(host).RunAsync(["driver", "--properties-file", properties, "--class", DriverCommandLine.PythonRunner, "s3://b/x.py"], CancellationToken.None);
    }

    private async Task<KubeConnection> ConnectionAsync(Pod driver)
    {
        var account = new ObjectRef(ServiceAccount.Type, Ns, driver.Spec!.ServiceAccountName!);
        var answer = await _admin.PostAsync(account, "token", (JsonObject)JsonNode.Parse("""{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"expirationSeconds":3600}}""")!, CancellationToken.None);
        return Entry(answer["status"]!["token"]!.ToString()).Connection();
    }

    private Kubeconfig Entry(string? token) => Kubeconfig.Empty().With(new KubeconfigEntry
    {
        Name = "test", Server = new Uri($"https://127.0.0.1:{_server.Port}"), CertificateAuthority = _server.AuthorityPem, Token = token,
    });

    private async Task<string> KubectlAsync(params string[] arguments)
    {
        var token = await _admin.PostAsync(await AdminAccountAsync(), "token", (JsonObject)JsonNode.Parse("""{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{}}""")!, CancellationToken.None);
        var file = Path.Combine(_directory, "kubeconfig");
        Entry(token["status"]!["token"]!.ToString()).Write(file);
        var start = new ProcessStartInfo("kubectl", ["--kubeconfig", file, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["HOME"] = _directory;
        try
        {
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? output : throw new InvalidOperationException(await error);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("needs kubectl");
            throw;
        }
    }

    private async Task<ObjectRef> AdminAccountAsync()
    {
        var account = new ServiceAccount { Metadata = new ObjectMeta { Name = "admin", Namespace = Ns } };
        if (await _admin.FindAsync<ServiceAccount>(Ns, "admin", CancellationToken.None) is null)
        {
            await _admin.CreateAsync(account, CancellationToken.None);
            await _admin.CreateAsync(
                new ClusterRoleBinding
                {
                    Metadata = new ObjectMeta { Name = "admin" },
                    Subjects = [new Subject { Kind = "ServiceAccount", Name = "admin", Namespace = Ns }],
                    RoleRef = new RoleRef { ApiGroup = "rbac.authorization.k8s.io", Kind = "ClusterRole", Name = "cluster-admin" },
                },
                CancellationToken.None);
        }

        return account.Ref();
    }

    private async Task KubeletAsync(CancellationToken ct)
    {
        await foreach (var (type, pod) in _admin.WatchAsync<Pod>(Ns, new WatchOptions { LabelSelector = "spark-role=executor" }, ct))
        {
            if (type == WatchEventType.Added)
            {
                await StatusAsync(pod.Metadata.Name!, JobWorld.Running("spark-kubernetes-executor"));
            }
        }
    }

    private Task StatusAsync(string pod, string status) =>
        _admin.PatchAsync(new ObjectRef(Pod.Type, Ns, pod), KubePatch.Status((JsonObject)JsonNode.Parse(status)!), CancellationToken.None);

    private static async Task<T> UntilAsync<T>(Func<Task<T>> read, Func<T, bool> wanted, string what)
    {
        for (var deadline = DateTime.UtcNow.AddSeconds(60); DateTime.UtcNow < deadline;)
        {
            var value = await read();
            if (wanted(value))
            {
                return value;
            }

            await Task.Delay(10);
        }

        throw new TimeoutException(what);
    }

    private sealed class Session : IEngineSession
    {
        public EngineLoad Load => new(0, false);

        public void SetThreads(int threads)
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
