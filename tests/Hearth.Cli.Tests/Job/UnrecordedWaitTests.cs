using System.Text;
using System.Text.Json.Nodes;
using Hearth.Jobs.Emr;
using Hearth.Jobs.Model;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Karpenter;

namespace Hearth.Cli.Tests.Job;

/// <summary>Drivers without a node about which no event was written: what <c>hearth job explain</c> works out itself.</summary>
public sealed class UnrecordedWaitTests
{
    private const string Id = "0000000eav9pe5tozjh";
    private const string TimedOut = """{"state":"FAILED","failureReason":"USER_ERROR","failureMessage":"JobRun timed out before spark driver pod started running due to lack of cluster resources."}""";

    private const string Tainted =
        """
        spec:
          nodeSelector: {role: critical}
          tolerations: [{key: role, operator: Equal, value: critcal, effect: NoSchedule}]
          containers: [{name: spark-kubernetes-driver}]
        """;

    [Theory]
    [InlineData("--conf spark.kubernetes.driver.podTemplateFile=s3://bucket-a/driver.yaml", "taint", "critical: the pod does not tolerate its taint role=critical:NoSchedule")]
    [InlineData("--conf spark.kubernetes.driver.node.selector.pool=tiny", "limit", "cpu 0 of 1")]
    [InlineData("--conf spark.kubernetes.driver.node.selector.pool=tyni", "selector", "pool")]
    [InlineData("--conf spark.kubernetes.driver.node.selector.pool=plain --driver-memory 9000g", "size", "memory")]
    [InlineData("--conf spark.kubernetes.driver.node.selector.pool=plain", "start-timeout", "pool plain can launch a node for it now")]
    public async Task Pools_are_asked_about_a_driver_that_timed_out_unseen(string parameters, string kind, string words)
    {
        var platform = await PlatformAsync();
        platform.Objects["bucket-a/driver.yaml"] = Encoding.UTF8.GetBytes(Tainted);
        await platform.RunAsync(Id, TimedOut, driver: Pi(parameters));

        var cause = await CauseAsync(platform);

        cause["kind"]!.GetValue<string>().ShouldBe(kind, cause.ToJsonString());
        string.Join('\n', cause["evidence"]!.AsArray()).ShouldContain(words);
        string.Join('\n', cause["evidence"]!.AsArray()).ShouldContain("job-start-timeout", Case.Sensitive);
        cause["waysOut"]!.AsArray().Count.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("{}", "", "size", "Insufficient")]
    [InlineData("""{"role":"core"}""", "role=core:NoSchedule", "taint", "role=core")]
    [InlineData("""{"role":"other"}""", "", "selector", "didn't match Pod's node affinity/selector")]
    public async Task Nodes_are_asked_where_there_are_no_pools(string selector, string taint, string kind, string words)
    {
        var platform = await FakeJobPlatform.StartAsync();
        await NodeAsync(platform, taint);
        var conf = string.Join(' ', JsonNode.Parse(selector)!.AsObject().Select(s => $"--conf spark.kubernetes.driver.node.selector.{s.Key}={s.Value}"));
        await platform.RunAsync(Id, TimedOut, driver: Pi(conf + " --driver-memory 64g"));

        var cause = await CauseAsync(platform);

        cause["kind"]!.GetValue<string>().ShouldBe(kind, cause.ToJsonString());
        (cause["sentence"] + string.Join('\n', cause["evidence"]!.AsArray())).ShouldContain(words);
    }

    [Fact]
    public async Task A_driver_that_scheduler_and_provisioner_have_not_looked_at_yet_is_explained_too()
    {
        var platform = await PlatformAsync();
        await platform.RunAsync(Id, $$$"""{"state":"SUBMITTED","driver":{"podName":"spark-{{{Id}}}-driver"}}""", driver: Pi(""));
        var pod = JsonNode.Parse("""{"spec":{"nodeSelector":{"role":"critical"},"containers":[{"name":"c","resources":{"requests":{"cpu":"1","memory":"1Gi"}}}]}}""")!.AsObject();
        pod["metadata"] = new JsonObject { ["name"] = $"spark-{Id}-driver", ["labels"] = new JsonObject { [EmrNames.JobIdLabel] = Id, [EmrNames.ComponentLabel] = "driver" } };
        await platform.Cluster.CreateAsync(Pod.Type, "emr-a", pod, default);

        (await CauseAsync(platform))["kind"]!.GetValue<string>().ShouldBe("taint");
    }

    private static JobDriver Pi(string parameters) => new()
    {
        SparkSubmitJobDriver = new SparkSubmitJobDriver { EntryPoint = "local:///usr/lib/spark/examples/src/main/python/pi.py", SparkSubmitParameters = parameters.Length == 0 ? null : parameters },
    };

    private static async Task<JsonNode> CauseAsync(FakeJobPlatform platform) =>
        JsonNode.Parse((await platform.HearthAsync("explain", Id, "-o", "json")).Out)!["cause"]!;

    private static async Task<FakeJobPlatform> PlatformAsync()
    {
        var platform = await FakeJobPlatform.StartAsync();
        await NodeAsync(platform, "none=other:NoSchedule");
        await platform.Cluster.CreateAsync(Ec2NodeClass.Type, null, JsonNode.Parse("""{"metadata":{"name":"class"},"spec":{"amiFamily":"AL2023"}}""")!.AsObject(), default);
        await PoolAsync(platform, "plain", """{"pool":"plain"}""", "[]", "{}");
        await PoolAsync(platform, "critical", """{"role":"critical"}""", """[{"key":"role","value":"critical","effect":"NoSchedule"}]""", "{}");
        await PoolAsync(platform, "tiny", """{"pool":"tiny"}""", "[]", """{"cpu":"1"}""");
        return platform;
    }

    private static Task PoolAsync(FakeJobPlatform platform, string name, string labels, string taints, string limits) => platform.Cluster.CreateAsync(
        NodePool.Type, null,
        JsonNode.Parse($$$$$"""
            {"metadata":{"name":"{{{{{name}}}}}"},"spec":{"limits":{{{{{limits}}}}},"template":{"metadata":{"labels":{{{{{labels}}}}}},"spec":{"taints":{{{{{taints}}}}},
             "nodeClassRef":{"group":"karpenter.k8s.aws","kind":"EC2NodeClass","name":"class"},
             "requirements":[{"key":"karpenter.k8s.aws/instance-family","operator":"In","values":["c5d"]},{"key":"karpenter.sh/capacity-type","operator":"In","values":["on-demand"]}]}}}}
            """)!.AsObject(), default);

    private static async Task NodeAsync(FakeJobPlatform platform, string taint)
    {
        var node = JsonNode.Parse("""{"metadata":{"name":"n1","labels":{"role":"core","topology.kubernetes.io/zone":"us-west-2a"}},"spec":{}}""")!.AsObject();
        if (taint.Split('=', ':') is [var key, var value, var effect])
        {
            node["spec"]!["taints"] = new JsonArray(new JsonObject { ["key"] = key, ["value"] = value, ["effect"] = effect });
        }

        await platform.Cluster.CreateAsync(Node.Type, null, node, default);
        await platform.Cluster.PatchAsync(new ObjectRef(Node.Type, null, "n1"), KubePatch.Status(JsonNode.Parse("""{"allocatable":{"cpu":"4","memory":"8Gi","pods":"50"}}""")!.AsObject()), default);
    }
}
