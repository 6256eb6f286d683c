using System.Text.Json.Nodes;
using Hearth.Cli.CommandLine;
using Hearth.Cli.Hosting.Simulation;
using Hearth.Platform;
using Hearth.Scheduling.Cloud;

namespace Hearth.Cli.Tests.Plan;

/// <summary><c>spec.simulation</c> as the planner and the running platform read it.</summary>
public sealed class PlanSimulationTests
{
    private const string Job = """{"at":"0s","name":"etl","minutes":10,"executors":4,"executor":{"cpu":"2","memory":"8Gi"},"nodeSelector":{"NodeGroupType":"SparkMemoryOptimized"}}""";

    private static async Task<CliOutcome> PlanAsync(SimulationSettings simulation, params string[] more)
    {
        using var directory = new TemporaryDirectory();
        var (trace, platform) = (directory.In("trace.jsonl"), directory.In("platform.yaml"));
        await File.WriteAllTextAsync(trace, Job);
        await File.WriteAllTextAsync(platform, PlatformYaml.ToYaml(PlatformLoader.Load(PlatformLoader.DefaultBlueprint, p => p with { Simulation = simulation })));
        return await CliHarness.Run(["plan", "--trace", trace, "--platform", platform, "-o", "json", .. more]);
    }

    private static JsonNode Chosen(CliOutcome outcome)
    {
        outcome.Error.ShouldBe("");
        return JsonNode.Parse(outcome.Out)!["offers"]![0]!;
    }

    [Fact]
    public async Task Launch_delay_missing_capacity_and_seed_are_those_of_the_declaration()
    {
        var slow = Chosen(await PlanAsync(new() { Seed = 3, LaunchDelay = new() { Shortest = "5m" }, InsufficientCapacity = [new() { CapacityTypes = ["spot"] }] }));
        slow["jobs"]![0]!["startedSeconds"]!.GetValue<double>().ShouldBeInRange(300, 310);
        slow["nodes"]!.AsArray().ShouldAllBe(n => n!["capacityType"]!.ToString() == "on-demand");
        slow["refusedLaunches"]!.GetValue<int>().ShouldBeGreaterThan(0);
        Chosen(await PlanAsync(new()))["nodes"]!.AsArray().ShouldAllBe(n => n!["capacityType"]!.ToString() == "spot");
    }

    [Fact]
    public async Task Spot_prices_of_ones_own_decide_what_nodes_cost()
    {
        using var directory = new TemporaryDirectory();
        await File.WriteAllTextAsync(directory.In("spot.csv"), "r5d.xlarge,0.01\nr5d.2xlarge,0.02\nr5d.4xlarge,0.04\nr5d.8xlarge,0.08\n");
        var chosen = Chosen(await PlanAsync(new() { Spot = new() { PriceFile = directory.In("spot.csv") } }));
        chosen["nodes"]!.AsArray().ShouldAllBe(n => n!["pricePerHour"]!.GetValue<decimal>() <= 0.08m);

        var missing = await PlanAsync(new() { Spot = new() { PriceFile = "nowhere.csv" } });
        (missing.ExitCode, missing.Error.Contains("spec.simulation.spot.priceFile: cannot read nowhere.csv", StringComparison.Ordinal)).ShouldBe((ExitCodes.BadInput, true), missing.Error);
    }

    [Fact]
    public void The_running_platform_gets_faults_that_come_as_often_as_declared()
    {
        var platform = PlatformLoader.Load(PlatformLoader.DefaultBlueprint, p => p with
        {
            Simulation = new() { Seed = 9, Spot = new() { InterruptionsPerHour = 0.5 }, InsufficientCapacity = [new() { InstanceTypes = ["c5d.*"], Probability = 0.2 }] },
        });

        var faults = DeclaredSimulation.Faults(platform).ToDictionary(f => f.Metadata.Name!);

        faults["declared-capacity-1"].Spec.ShouldNotBeNull();
        (faults["declared-capacity-1"].Spec!.Type, faults["declared-capacity-1"].Spec!.Probability, faults["declared-capacity-1"].Spec!.Seed).ShouldBe((CloudFaultSpec.InsufficientCapacity, 0.2, 9));
        var interruptions = faults["declared-interruptions"].Spec!;
        (1 - Math.Pow(1 - interruptions.Probability!.Value, 60)).ShouldBe(1 - Math.Exp(-0.5), 1e-9, "drawn every minute, over an hour it comes to the rate");
        DeclaredSimulation.Faults(PlatformLoader.Load(PlatformLoader.DefaultBlueprint)).ShouldBeEmpty();
    }
}
