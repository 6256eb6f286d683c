using System.Text.Json.Nodes;
using Hearth.Jobs.Emr;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Scheduling.YuniKorn;

namespace Hearth.Cli.Tests.Job;

/// <summary>What <c>hearth job explain</c> says of jobs that YuniKorn holds back or has ended, and of the annotations that did it.</summary>
public sealed class YuniKornCauseTests
{
    private const string Id = "0000000eav9pe5tozjh";
    private const string Groups = """[{"name":"spark-driver","minMember":1,"minResource":{"cpu":"1"}},{"name":"spark-executor","minMember":20,"minResource":{"cpu":"1"}}]""";

    [Fact]
    public async Task A_gang_that_is_not_complete_says_how_far_it_is_and_that_the_misspelt_time_out_is_none()
    {
        var platform = await WithDriverAsync("applicationId=x");
        await PodAsync(platform, "tg-1", Placeholder(), node: "n1");
        await PodAsync(platform, "tg-2", Placeholder());

        var cause = await CauseAsync(platform);

        cause["kind"]!.GetValue<string>().ShouldBe("gang");
        cause["sentence"]!.GetValue<string>().ShouldBe("The driver waits until its whole gang has places: 1 of 21 have one.");
        var evidence = string.Join('\n', cause["evidence"]!.AsArray());
        evidence.ShouldContain("900 s after its first place it fails (Hard)");
        evidence.ShouldContain("did you mean placeholderTimeoutInSeconds?");
    }

    [Fact]
    public async Task A_constant_application_id_is_told_with_the_run_that_has_it_too()
    {
        var platform = await WithDriverAsync("applicationId=x");
        await PodAsync(platform, "other-driver", new() { ["applicationId"] = "x", [EmrNames.JobIdLabel] = "another" }, node: "n1");

        var cause = await CauseAsync(platform);

        cause["kind"]!.GetValue<string>().ShouldBe("gang");
        string.Join('\n', cause["evidence"]!.AsArray()).ShouldContain("application id x is also that of other-driver");
    }

    [Fact]
    public async Task A_queue_without_room_is_the_cause_and_no_node_is()
    {
        var platform = await WithDriverAsync("", """{"conditions":[{"type":"PodScheduled","status":"False","reason":"SchedulingSkipped","message":"does not fit in queue 'root.a'"}]}""");

        var cause = await CauseAsync(platform);

        (cause["kind"]!.GetValue<string>(), cause["evidence"]![0]!.GetValue<string>()).ShouldBe(("queue-share", "does not fit in queue 'root.a'"));
    }

    [Theory]
    [InlineData("ResourceReservationTimeout: Scheduling has timed out due to insufficient resources", "gang")]
    [InlineData("ApplicationRejected: application rejected: no placement rule matched", "application-rejected")]
    public async Task A_driver_that_YuniKorn_ended_says_so(string text, string kind)
    {
        var platform = await FakeJobPlatform.StartAsync();
        await platform.RunAsync(Id, new JsonObject { ["state"] = "FAILED", ["failureMessage"] = text }.ToJsonString());

        (await CauseAsync(platform))["kind"]!.GetValue<string>().ShouldBe(kind);
    }

    private static async Task<FakeJobPlatform> WithDriverAsync(string label, string? status = null)
    {
        var platform = await FakeJobPlatform.StartAsync();
        await platform.RunAsync(Id, """{"state":"PENDING","driver":{"podName":"driver"}}""");
        var labels = new Dictionary<string, string>(StringComparer.Ordinal) { [EmrNames.JobIdLabel] = Id, [EmrNames.ComponentLabel] = "driver" };
        if (label.Length > 0)
        {
            labels[label.Split('=')[0]] = label.Split('=')[1];
        }

        var notes = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [YuniKornNames.TaskGroups] = Groups, [YuniKornNames.PolicyParameters] = "placeholderTimeoutSeconds=30 gangSchedulingStyle=Hard",
        };
        await PodAsync(platform, "driver", labels, notes);
        if (status is not null)
        {
            await platform.Cluster.StatusAsync<Pod>("emr-a", "driver", status);
        }

        return platform;
    }

    private static Dictionary<string, string> Placeholder() => new(StringComparer.Ordinal) { ["placeholder-of"] = "driver" };

    private static async Task PodAsync(FakeJobPlatform platform, string name, Dictionary<string, string> labels, Dictionary<string, string>? notes = null, string? node = null)
    {
        var owner = labels.ContainsKey("placeholder-of") ? (await platform.Cluster.GetAsync<Pod>("emr-a", "driver", default)).Metadata.Uid : null;
        await platform.Cluster.CreateAsync(
            new Pod
            {
                Metadata = new ObjectMeta
                {
                    Name = name, Namespace = "emr-a", Labels = labels,
                    Annotations = owner is null ? notes : new Dictionary<string, string>(StringComparer.Ordinal) { [YuniKornNames.Placeholder] = "true" },
                    OwnerReferences = owner is null ? null : [new OwnerReference { ApiVersion = "v1", Kind = "Pod", Name = "driver", Uid = owner }],
                },
                Spec = new PodSpec { SchedulerName = YuniKornNames.Scheduler, NodeName = node, Containers = [new Container { Name = "c" }] },
            },
            default);
    }

    private static async Task<JsonNode> CauseAsync(FakeJobPlatform platform) =>
        JsonNode.Parse((await platform.HearthAsync("explain", Id, "-o", "json")).Out)!["cause"]!;
}
