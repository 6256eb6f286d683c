using System.Globalization;
using System.Text.Json.Nodes;
using Hearth.Cli.Commands.Job;
using Hearth.Cli.Commands.Lint.Reading;
using Hearth.Cli.Commands.Plan;
using Hearth.Delivery.Manifests;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Platform;
using Hearth.Scheduling.YuniKorn;

namespace Hearth.Cli.Tests.Plan;

/// <summary>The two gang samples, one that fits its job and one with the published traps, on a live cluster with YuniKorn.</summary>
public sealed class GangSampleTests
{
    private static readonly PlatformDeclaration Platform = PlatformLoader.Load(PlatformLoader.DefaultBlueprint, p => p with
    {
        NodeGroups = [], Addons = p.Addons.Append(new("yunikorn", new AddonSwitch { Enabled = true })).DistinctBy(a => a.Key).ToDictionary(a => a.Key, a => a.Key == "yunikorn" ? new AddonSwitch { Enabled = true } : a.Value, StringComparer.Ordinal),
    });

    [Fact]
    public async Task A_gang_that_fits_its_job_comes_whole_and_leaves_no_place_behind()
    {
        var job = Read("yunikorn-gang");
        await using var live = await StartAsync(job);
        await live.UntilAsync(all => all.Any(p => p.Metadata.Name == "driver" && p.Spec?.NodeName is not null), "the driver takes its place when the gang is complete");

        await live.CreateAsync(Enumerable.Range(1, job.Executors).Select(i => LiveJob.Object(job.Executor, string.Create(CultureInfo.InvariantCulture, $"executor-{i}"), Yuni)));

        await live.UntilAsync(
            all => all.Count(p => p.Metadata.Name!.StartsWith("executor-", StringComparison.Ordinal) && p.Spec?.NodeName is not null) == job.Executors && !all.Any(IsPlaceholder), "the executors have their places, and none is left");
    }

    [Fact]
    public async Task The_published_traps_hold_twenty_one_places_on_nodes_that_the_driver_itself_refuses()
    {
        await using var live = await StartAsync(Read("yunikorn-gang-trapped"));

        var pods = await live.UntilAsync(all => all.Count(p => IsPlaceholder(p) && p.Spec?.NodeName is not null) == 21, "all placeholders hold nodes");

        // Its group does not ask for on-demand nodes, the driver does; and while a place is held for it, no other node is called for.
        var driver = pods.Single(p => p.Metadata.Name == "driver");
        (driver.Spec!.NodeName, driver.Status?.Conditions?.Any(c => c.Reason == "Unschedulable") ?? false).ShouldBe((null, false));
    }

    [Theory]
    [InlineData("yunikorn-gang", 600)]
    [InlineData("yunikorn-gang-trapped", 900)]
    public async Task A_plan_of_the_sample_says_what_its_gang_needs_and_how_long_it_is_held(string sample, int seconds)
    {
        using var directory = new TemporaryDirectory();
        var platform = directory.In("gang.yaml");
        await File.WriteAllTextAsync(platform, PlatformYaml.ToYaml(Platform));

        var plan = JsonNode.Parse((await CliHarness.Run("plan", Path.Combine(Repository(), "samples", sample, "job-request.json"), "--platform", platform, "-o", "json")).Out)!;

        plan["gang"]!["placeholderTimeoutSeconds"]!.GetValue<double>().ShouldBe(seconds);
        plan["notes"]!.AsArray().Any(n => n!.ToString().Contains("18 places more than the job has pods are held for 900 s", StringComparison.Ordinal)).ShouldBe(seconds == 900);
    }

    private static PlanJob Read(string sample) =>
        PlanJob.Of(LintReader.Read(JobRequestFile.Read(Path.Combine(Repository(), "samples", sample, "job-request.json")), Platform, null), null);

    private static async Task<LiveJob> StartAsync(PlanJob job)
    {
        var live = await LiveJob.StartAsync(Platform, waves: 1, QueueText.Of(Platform));
        live.Provision();
        await live.CreateAsync([LiveJob.Object(job.Driver, "driver", Yuni)]);
        return live;
    }

    private static bool IsPlaceholder(Pod pod) => PodIdentity.Of(pod.Metadata).IsPlaceholder;

    private static void Yuni(JsonObject pod) => pod["spec"]!["schedulerName"] = YuniKornNames.Scheduler;

    private static string Repository()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Hearth.slnx")))
        {
            directory = Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("not inside the repository");
        }

        return directory;
    }
}
