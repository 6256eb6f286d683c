using System.Globalization;
using System.Text.Json.Nodes;
using Hearth.Cli.CommandLine;
using Hearth.Cli.Commands.Job;
using Hearth.Cli.Commands.Lint.Reading;
using Hearth.Cli.Commands.Plan;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Platform;
using Hearth.Scheduling.Karpenter;

namespace Hearth.Cli.Tests.Plan;

/// <summary>What <c>hearth plan</c> prints for a request is what the embedded cluster then launches for its pods, node by node.</summary>
public sealed class PlanIsWhatHappensTests
{
    private static readonly string[] Selectors =
        ["NodeGroupType=SparkComputeOptimized", "NodeGroupType=SparkMemoryOptimized", "NodeGroupType=SparkGravitonMemoryOptimized", "NodeGroupType=spark-with-ebs", "karpenter.sh/capacity-type=on-demand", "topology.kubernetes.io/zone=us-west-2b"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_nodes_of_a_plan_are_launched_and_hold_what_it_says(int seed)
    {
        using var directory = new TemporaryDirectory();
        var (platform, request) = await WriteAsync(directory, new Random(seed));
        var outcome = await CliHarness.Run("plan", directory.In("job"), "--platform", platform, "-o", "json");
        outcome.Error.ShouldBe("");
        outcome.ExitCode.ShouldBe(ExitCodes.Success, outcome.Out);
        var planned = Nodes(outcome.Out);

        var declaration = PlatformLoader.Load(platform);
        var job = PlanJob.Of(LintReader.Read(JobRequestFile.Read(request), declaration, null), null);
        await using var live = await LiveJob.StartAsync(declaration, waves: 2);
        await live.WaveAsync([LiveJob.Object(job.Driver, "driver")]);
        await live.AllBoundAsync();
        await live.WaveAsync(Enumerable.Range(1, job.Executors).Select(i => LiveJob.Object(job.Executor, string.Create(CultureInfo.InvariantCulture, $"executor-{i}"))));
        var pods = await live.AllBoundAsync();

        var nodes = (await live.Client.ListAsync<Node>(null, ListOptions.All, default)).ToDictionary(n => n.Metadata.Name!, StringComparer.Ordinal);
        var launched = nodes.Values.Select(n => Text(
            n.Metadata.Label(KarpenterLabels.NodePool)!, n.Metadata.Label(KarpenterLabels.InstanceType)!, n.Metadata.Label(KarpenterLabels.Zone)!, n.Metadata.Label(KarpenterLabels.CapacityType)!,
            pods.Where(p => p.Spec!.NodeName == n.Metadata.Name).Select(p => p.Metadata.Name!)));
        launched.Order(StringComparer.Ordinal).ShouldBe(planned);
    }

    /// <summary>Of executors only their number counts: which is which is chance.</summary>
    private static string Text(string origin, string type, string zone, string capacityType, IEnumerable<string> pods) =>
        $"{origin} {type} {zone} {capacityType}: {string.Join(", ", pods.Select(p => p.Split('-')[0]).CountBy(p => p).OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Value} {p.Key}"))}";

    private static string[] Nodes(string json) =>
    [
        .. JsonNode.Parse(json)!.AsArray().Single()!["offers"]!.AsArray().Single(o => o!["chosen"]!.GetValue<bool>())!["nodes"]!.AsArray()
            .Select(n => Text(n!["origin"]!.ToString(), n["type"]!.ToString(), n["zone"]!.ToString(), n["capacityType"]!.ToString(), n["pods"]!.AsArray().Select(p => p!.ToString())))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The blueprint without its node group, and a request of random size for random nodes.</summary>
    private static async Task<(string Platform, string Request)> WriteAsync(TemporaryDirectory directory, Random random)
    {
        var blueprint = PlatformLoader.BlueprintText(PlatformLoader.DefaultBlueprint)!;
        var file = directory.In("platform.yaml");
        await File.WriteAllTextAsync(file, PlatformYaml.ToYaml(PlatformYaml.Read(blueprint, "blueprint") with { NodeGroups = [] }));
        var properties = new JsonObject
        {
            ["spark.executor.instances"] = $"{random.Next(1, 30)}", ["spark.executor.cores"] = $"{random.Next(1, 5)}", ["spark.executor.memory"] = $"{random.Next(1, 20)}g", ["spark.driver.memory"] = $"{random.Next(1, 8)}g",
        };
        for (var i = random.Next(3); i > 0; i--)
        {
            var selector = Selectors[random.Next(Selectors.Length)].Split('=');
            properties[$"spark.kubernetes.{(random.Next(2) == 0 ? "" : "executor.")}node.selector.{selector[0]}"] = selector[1];
        }

        var request = new JsonObject
        {
            ["name"] = "job", ["virtualClusterId"] = "${VIRTUAL_CLUSTER_ID}", ["executionRoleArn"] = "${ROLE_ARN}", ["releaseLabel"] = "emr-7.9.0-latest",
            ["jobDriver"] = new JsonObject { ["sparkSubmitJobDriver"] = new JsonObject { ["entryPoint"] = "local:///usr/lib/spark/examples/src/main/python/pi.py" } },
            ["configurationOverrides"] = new JsonObject { ["applicationConfiguration"] = new JsonArray(new JsonObject { ["classification"] = "spark-defaults", ["properties"] = properties }) },
        };
        Directory.CreateDirectory(directory.In("job"));
        await File.WriteAllTextAsync(directory.In("job/job-request.json"), request.ToJsonString());
        return (file, directory.In("job/job-request.json"));
    }
}
