using System.Text.Json;
using Hearth.Jobs.Driver;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Jobs.Tests.Controllers;
using Hearth.Kube.Client;
using Hearth.Kube.Core;

namespace Hearth.Jobs.Tests.Driver;

public sealed class DriverProgramTests
{
    private static async Task NeedsPythonAsync()
    {
        try
        {
            using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("python3", "-V") { RedirectStandardOutput = true })!;
            await process.WaitForExitAsync();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("needs python3");
        }
    }

    [Fact]
    public async Task A_script_runs_once_its_executors_do_and_leaves_nothing_behind()
    {
        await NeedsPythonAsync();
        using var world = new DriverWorld();
        var result = Path.Combine(world.Directory, "result");
        world.Put("lib.py", "def name(): return 'lib'");
        world.Put("x.py", "import os, sys, lib\nopen(sys.argv[1], 'w').write(lib.name() + ' ' + os.environ['HEARTH_ENGINE_SOCKET'].split('/')[-1] + ' ' + sys.argv[2])");
        var code = await world.RunAsync(DriverWorld.Python("s3://b/x.py", result, "a b"), new Dictionary<string, string> { ["spark.executor.instances"] = "3", ["spark.submit.pyFiles"] = "s3://b/lib.py" });
        world.Error.ToString().ShouldContain("Running Spark version");
        code.ShouldBe(0, world.Error.ToString());
        (await File.ReadAllTextAsync(result)).ShouldBe("lib engine.sock a b");
        world.ExecutorsSeen.ShouldBe(["x-exec-1", "x-exec-2", "x-exec-3"]);
        (await world.PodsAsync()).ShouldBe(0);
        (await world.Cluster.ListAsync<ConfigMap>("ns", ListOptions.All, CancellationToken.None)).ShouldBeEmpty();
        world.EngineEnded.ShouldBeTrue();
        world.Threads[^1].ShouldBe(Math.Min(3, Environment.ProcessorCount));
        world.EngineConf["spark.hearth.temp.dir"].ShouldStartWith(world.Directory);
        var pod = await world.Cluster.GetAsync<Pod>("ns", "drv", CancellationToken.None);
        var progress = JsonSerializer.Deserialize(pod.Metadata.Annotation(EmrGroup.ProgressAnnotation)!, JobsJson.Default.ProgressStatus)!;
        (progress.Phase, progress.ExecutorsRequested, progress.RowsRead, progress.RowsWritten).ShouldBe(("finished", 3, 10, 2));
    }

    [Fact]
    public async Task The_exit_code_is_that_of_the_script()
    {
        await NeedsPythonAsync();
        using var world = new DriverWorld();
        world.Put("x.py", "import sys\nsys.exit(7)");
        (await world.RunAsync(DriverWorld.Python("s3://b/x.py"))).ShouldBe(7);
    }

    [Fact]
    public async Task Spark_examples_are_the_samples_of_the_installation()
    {
        await NeedsPythonAsync();
        using var world = new DriverWorld();
        var samples = Directory.CreateDirectory(Path.Combine(world.Directory, "home", "samples", "pi")).FullName;
        await File.WriteAllTextAsync(Path.Combine(samples, "pi.py"), "import sys\nsys.exit(3)");
        (await world.RunAsync(DriverWorld.Python("local:///usr/lib/spark/examples/src/main/python/pi.py"), new Dictionary<string, string> { ["spark.executor.instances"] = "0" })).ShouldBe(3);
    }

    [Fact]
    public async Task Files_and_archives_are_put_where_the_script_runs()
    {
        using var world = new DriverWorld();
        world.Put("data.txt", "hello");
        var paths = new Jobs.Driver.DriverPaths(Path.Combine(world.Directory, "s3"), null, Path.Combine(world.Directory, "scratch"));
        var work = Directory.CreateDirectory(Path.Combine(world.Directory, "work")).FullName;
        var packed = Directory.CreateDirectory(Path.Combine(world.Directory, "packed")).FullName;
        await File.WriteAllTextAsync(Path.Combine(packed, "in.txt"), "packed");
        await System.IO.Compression.ZipFile.CreateFromDirectoryAsync(packed, Path.Combine(world.Directory, "s3", "b", "env.zip"));
        paths.Provide(Jobs.Spark.SparkConf.Of(new Dictionary<string, string> { ["spark.files"] = "s3://b/data.txt", ["spark.archives"] = "s3://b/env.zip#env" }), work);
        (await File.ReadAllTextAsync(Path.Combine(work, "data.txt"))).ShouldBe("hello");
        (await File.ReadAllTextAsync(Path.Combine(work, "env", "in.txt"))).ShouldBe("packed");
    }

    [Theory]
    [InlineData("s3://b/none.py", "Error: s3://b/none.py does not exist, or the execution role may not read it")]
    [InlineData("local:///nowhere/x.py", "Error: local:///nowhere/x.py does not exist")]
    [InlineData("hdfs://n/x.py", "Error: hdfs://n/x.py: a driver cannot read from hdfs: use s3://, local:// or file://")]
    [InlineData("s3://../../etc/passwd", "Error: s3://../../etc/passwd leaves the object storage")]
    public async Task A_script_that_is_not_there_is_named(string uri, string message)
    {
        using var world = new DriverWorld();
        (await world.RunAsync(DriverWorld.Python(uri))).ShouldBe(1);
        world.Error.ToString().Trim().Split('\n')[^1].ShouldBe(message);
        world.TerminationMessage.ShouldBe(message);
        world.ExecutorsSeen.ShouldBeEmpty();
    }

    [Fact]
    public async Task Being_told_to_stop_ends_script_and_executors()
    {
        await NeedsPythonAsync();
        using var world = new DriverWorld();
        var started = Path.Combine(world.Directory, "started");
        world.Put("x.py", "import sys, time\nopen(sys.argv[1], 'w').close()\ntime.sleep(600)");
        using var stop = new CancellationTokenSource();
        var running = world.RunAsync(DriverWorld.Python("s3://b/x.py", started), ct: stop.Token);
        for (var i = 0; i < 2000 && !File.Exists(started); i++)
        {
            await Task.Delay(5);
        }

        File.Exists(started).ShouldBeTrue();
        await stop.CancelAsync();
        (await running).ShouldBe(143);
        (await world.PodsAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Executors_that_keep_failing_end_the_application()
    {
        using var world = new DriverWorld(_ => JobWorld.Ended(1, container: "spark-kubernetes-executor"));
        world.Put("x.py", "");
        var code = await world.RunAsync(DriverWorld.Python("s3://b/x.py"), new Dictionary<string, string> { ["spark.executor.instances"] = "1" });
        code.ShouldBe(1);
        world.TerminationMessage.ShouldBe("Error: Max number of executor failures (3) reached");
        world.ExecutorsSeen.Count.ShouldBeGreaterThanOrEqualTo(4);
    }

    [Fact]
    public async Task Executors_are_owned_by_the_driver_and_built_from_its_settings()
    {
        await NeedsPythonAsync();
        var pods = new List<Pod>();
        using var world = new DriverWorld(pod =>
        {
            pods.Add(pod);
            return JobWorld.Running("spark-kubernetes-executor");
        });
        world.Put("x.py", "");
        await world.RunAsync(DriverWorld.Python("s3://b/x.py"), new Dictionary<string, string>
        {
            ["spark.executor.instances"] = "1", ["spark.executor.memory"] = "4g", ["spark.kubernetes.memoryOverheadFactor"] = "0.4", ["spark.kubernetes.executor.label.team"] = "a",
        });
        var pod = pods.ShouldHaveSingleItem();
        pod.Metadata.OwnerReferences![0].Name.ShouldBe("drv");
        pod.Metadata.Label("spark-version").ShouldBe("3.5.5");
        pod.Metadata.Label("team").ShouldBe("a");
        pod.Spec!.ServiceAccountName.ShouldBe("sa");
        pod.Spec.Containers![0].Resources!.Requests!["memory"].ToString().ShouldBe("5734Mi");
        pod.Spec.Containers[0].Env!.Single(e => e.Name == "SPARK_LOCAL_DIRS").Value.ShouldBe(world.Directory);
    }

    [Fact]
    public async Task Executors_come_while_there_is_work_and_go_when_there_is_none()
    {
        await NeedsPythonAsync();
        using var world = new DriverWorld();
        var finish = Path.Combine(world.Directory, "finish");
        world.Put("x.py", "import os, sys, time\nwhile not os.path.exists(sys.argv[1]): time.sleep(0.02)");
        world.Load = new EngineLoad(100, false);
        var running = world.RunAsync(DriverWorld.Python("s3://b/x.py", finish), new Dictionary<string, string>
        {
            ["spark.dynamicAllocation.enabled"] = "true", ["spark.dynamicAllocation.minExecutors"] = "1", ["spark.dynamicAllocation.maxExecutors"] = "6",
            ["spark.dynamicAllocation.schedulerBacklogTimeout"] = "100ms", ["spark.dynamicAllocation.executorIdleTimeout"] = "200ms",
        });
        await UntilAsync(async () => await world.PodsAsync() == 6);
        world.Load = new EngineLoad(0, false);
        await UntilAsync(async () => await world.PodsAsync() == 1);
        await File.WriteAllTextAsync(finish, "");
        (await running).ShouldBe(0, world.Error.ToString());
        world.Error.ToString().ShouldContain("because tasks are backlogged (new desired total will be 6 for resource profile id: 0)");
        world.Error.ToString().ShouldContain("removed due to idle timeout.");
        (await world.PodsAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task The_event_log_tells_the_applications_story_in_Sparks_words()
    {
        await NeedsPythonAsync();
        using var world = new DriverWorld();
        world.Put("x.py", "");
        await world.RunAsync(DriverWorld.Python("s3://b/x.py"), new Dictionary<string, string>
        {
            ["spark.executor.instances"] = "1", ["spark.eventLog.enabled"] = "true", ["spark.eventLog.dir"] = $"file://{world.Directory}/events", ["spark.hearth.eventLog.copy"] = "s3://b/logs",
            ["spark.some.password"] = "geheim",
        });
        var lines = await File.ReadAllLinesAsync(Path.Combine(world.Directory, "events", "spark-1"));
        (await File.ReadAllLinesAsync(Path.Combine(world.Directory, "s3", "b", "logs", "spark-1"))).ShouldBe(lines);
        var events = lines.Select(l => System.Text.Json.Nodes.JsonNode.Parse(l)!.AsObject()).ToArray();
        string[] queries = ["SparkListenerSQLExecutionStart", "SparkListenerJobStart", "SparkListenerStageSubmitted", "SparkListenerTaskStart", "SparkListenerTaskEnd", "SparkListenerStageCompleted", "SparkListenerJobEnd", "SparkListenerSQLExecutionEnd"];
        var names = events.Select(e => e["Event"]!.ToString().Split('.')[^1]).ToArray();
        names[..5].ShouldBe(["SparkListenerLogStart", "SparkListenerResourceProfileAdded", "SparkListenerBlockManagerAdded", "SparkListenerEnvironmentUpdate", "SparkListenerApplicationStart"]);
        names.Where(queries.Contains).ShouldBe(queries);
        names.ShouldContain("SparkListenerExecutorAdded");
        names[^1].ShouldBe("SparkListenerApplicationEnd");
        events[3]["Spark Properties"]!["spark.some.password"]!.ToString().ShouldBe("*********(redacted)");
        events[4]["App ID"]!.ToString().ShouldBe("spark-1");
        EventLogReader.ShouldBeReadable(events);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var deadline = DateTime.UtcNow.AddSeconds(60); DateTime.UtcNow < deadline; await Task.Delay(10))
        {
            if (await condition())
            {
                return;
            }
        }

        throw new TimeoutException();
    }
}
