using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Cloud;
using Hearth.Scheduling.ClusterAutoscaler;
using Hearth.Scheduling.Disruption;
using Hearth.Scheduling.Planning;
using Hearth.Scheduling.Simulation;
using Hearth.Scheduling.YuniKorn.Configuration;
using Hearth.Scheduling.YuniKorn.Gangs;

namespace Hearth.Scheduling.Tests.Simulation;

public sealed class TraceSimulatorTests
{
    private static readonly TimeSpan Boot = TimeSpan.FromSeconds(40);

    private static Submission Job(string name, double at, double minutes, int executors, string executor = "cpu=1,memory=2Gi", string queue = "", bool gang = false, int priority = 0, string? selector = null, string? annotations = null) => new()
    {
        Name = name, Arrival = TimeSpan.FromMinutes(at), Duration = TimeSpan.FromMinutes(minutes), Executors = executors, Queue = queue, Gang = gang ? GangStyle.Soft : null,
        Driver = Annotated(Build.Pod("d", "cpu=1,memory=2Gi", selector, priority: priority), annotations), Executor = Build.Pod("e", executor, selector, priority: priority),
    };

    private static Pod Annotated(Pod pod, string? annotations) => pod with { Metadata = pod.Metadata with { Annotations = Build.Map(annotations) } };

    private static Dictionary<string, PoolDisruption> Rules(string policy, int minutes = 1) =>
        new(StringComparer.Ordinal) { ["spark"] = new PoolDisruption("spark", policy, TimeSpan.FromMinutes(minutes), []) };

    private static SimulationRequest OnNodes(int nodes, params Submission[] jobs) => new()
    {
        Submissions = jobs, Pools = [],
        Nodes = [.. Enumerable.Range(0, nodes).Select(i => new PlanNode(Build.Node($"n{i}", "cpu=4,memory=16Gi,pods=110"), "g", "m5.xlarge", "a", "on-demand", 0, null, false))],
    };

    private static SimulationRequest OnPool(params Submission[] jobs) => new()
    {
        Submissions = jobs, Pools = [Build.State(Build.Pool("spark", "@instance-family In m5; karpenter.sh/capacity-type In on-demand,spot"))],
        BootTime = (Boot, Boot), Disruption = Rules(PoolDisruption.WhenEmpty),
    };

    [Fact]
    public void A_job_alone_on_nodes_that_are_there_takes_its_time()
    {
        var result = TraceSimulator.Run(OnNodes(2, Job("a", 5, 10, 3)));
        var job = result.Jobs.Single();
        (job.Started, job.Complete, job.Finished, job.Slowdown).ShouldBe((TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), 1));
        job.CoreHours.ShouldBe(4 * 10 / 60.0, 1e-6);
        (result.Cost, result.Nodes.Count).ShouldBe((0m, 0));
    }

    [Fact]
    public void With_half_of_its_executors_it_takes_twice_as_long() =>
        TraceSimulator.Run(OnNodes(1, Job("a", 0, 10, 6))).Jobs.Single().Finished.ShouldBe(TimeSpan.FromMinutes(20));

    [Fact]
    public void The_second_waits_until_the_first_gives_its_room_back()
    {
        var result = TraceSimulator.Run(OnNodes(1, Job("a", 0, 10, 3), Job("b", 1, 10, 3)));
        (result.Jobs[1].Wait, result.Jobs[1].Finished).ShouldBe((TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(20)));
        result.WaitAt(0.5).ShouldBe(TimeSpan.Zero);
        result.WaitAt(0.95).ShouldBe(TimeSpan.FromMinutes(9));
    }

    [Fact]
    public void Higher_priority_takes_executors_away_and_they_are_asked_for_again()
    {
        var result = TraceSimulator.Run(OnNodes(1, Job("low", 0, 10, 3, priority: 1), Job("high", 1, 2, 1, priority: 10)));
        result.Jobs[1].Wait.ShouldBe(TimeSpan.Zero);
        result.Jobs[0].LostExecutors.ShouldBe(2);
        result.Jobs[0].Finished.ShouldNotBeNull().ShouldBeGreaterThan(TimeSpan.FromMinutes(10));
    }

    [Fact]
    public void Nodes_come_after_their_boot_time_are_paid_from_their_launch_and_go_when_they_have_been_empty()
    {
        var result = TraceSimulator.Run(OnPool(Job("a", 0, 10, 3)));
        var job = result.Jobs.Single();
        job.Started.ShouldBe(TimeSpan.FromSeconds(41));
        result.Nodes.ShouldAllBe(n => n.CapacityType == "spot" && n.Ended > n.Launched);
        result.Nodes[0].Launched.ShouldBe(TimeSpan.FromSeconds(1));
        result.Nodes.ShouldAllBe(n => n.Ended == job.Finished!.Value + TimeSpan.FromMinutes(1) + DisruptionValidation.ConsolidationTtl, "Karpenter looks twice");
        result.Cost.ShouldBe(result.Nodes.Sum(n => n.PricePerHour * (decimal)(n.Ended - n.Launched).TotalHours));
        result.CpuUse.ShouldNotBeNull().ShouldBeInRange(0.3, 1);
    }

    [Fact]
    public void A_node_that_is_still_there_is_used_again()
    {
        var result = TraceSimulator.Run(OnPool(Job("a", 0, 10, 2), Job("b", 11.5, 10, 2)));
        result.Nodes.Count.ShouldBe(TraceSimulator.Run(OnPool(Job("a", 0, 10, 2))).Nodes.Count);
        result.Jobs[1].Wait.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void What_fits_nowhere_says_which_constraint_refuses_it()
    {
        var result = TraceSimulator.Run(OnPool(Job("a", 0, 10, 1, selector: "zone=nowhere")));
        result.Jobs.Single().Finished.ShouldBeNull();
        result.Jobs.Single().Problem.ShouldNotBeNull().ShouldContain("zone");
    }

    [Fact]
    public void Spot_nodes_are_taken_back_as_the_seed_says_and_the_work_is_done_all_the_same()
    {
        var request = OnPool([.. Enumerable.Range(0, 10).Select(i => Job($"j{i}", i, 30, 6))]) with { SpotInterruptionsPerHour = 2, Seed = 7 };
        var result = TraceSimulator.Run(request);
        result.Nodes.ShouldContain(n => n.Interrupted);
        result.Jobs.Sum(j => j.LostExecutors + j.Restarts).ShouldBeGreaterThan(0);
        result.Jobs.ShouldAllBe(j => j.Finished != null);
        TraceSimulator.Run(request).Nodes.ShouldBe(result.Nodes, "the same seed gives the same");
        TraceSimulator.Run(request with { Seed = 8 }).Nodes.ShouldNotBe(result.Nodes);
    }

    [Fact]
    public void A_driver_that_must_not_be_disrupted_has_until_the_end_of_the_notice_and_its_executors_are_asked_for_again_at_once()
    {
        var request = OnPool([.. Enumerable.Range(0, 10).Select(i => Job($"j{i}", i, 10, 4, annotations: "karpenter.sh/do-not-disrupt=true"))]) with { SpotInterruptionsPerHour = 6, Seed = 7 };
        var patient = TraceSimulator.Run(request with { SpotNotice = TimeSpan.FromDays(1) });
        patient.Jobs.Sum(j => j.Restarts).ShouldBe(0);
        patient.Jobs.Sum(j => j.LostExecutors).ShouldBeGreaterThan(0);
        patient.Jobs.ShouldAllBe(j => j.Finished != null);
        patient.Nodes.Where(n => n.Interrupted).ShouldAllBe(n => n.Ended < TimeSpan.FromHours(2), "a node ends when its last pod has gone, not only with the notice");
        TraceSimulator.Run(request with { SpotNotice = TimeSpan.Zero }).Jobs.Sum(j => j.Restarts).ShouldBeGreaterThan(0);
    }

    [Fact]
    public void A_gang_starts_only_when_all_of_it_has_places_and_goes_on_without_after_its_time()
    {
        var request = OnNodes(2, Job("b", 0, 10, 3, gang: true)) with { Queues = PartitionConfig.Default };
        var job = TraceSimulator.Run(request).Jobs.Single();
        (job.Started, job.Finished).ShouldBe((TimeSpan.Zero, TimeSpan.FromMinutes(10)));

        var large = TraceSimulator.Run(OnNodes(1, Job("b", 0, 10, 5, gang: true)) with { Queues = PartitionConfig.Default });
        large.Jobs.Single().Started.ShouldBe(TimeSpan.FromMinutes(15), "its placeholders held the node for YuniKorn's 15 minutes");
        large.Jobs.Single().Finished.ShouldBe(TimeSpan.FromMinutes(15) + (TimeSpan.FromMinutes(10) * 5 / 3));
        large.PlaceholderCoreHours.ShouldBe(1, 0.001);
        TraceSimulator.Run(OnNodes(1, Job("b", 0, 10, 5, gang: true))).Jobs.Single().Started.ShouldBe(TimeSpan.Zero, "the default scheduler knows no gangs");
    }

    [Fact]
    public void A_hard_gang_that_is_not_complete_in_time_fails_with_upstreams_words()
    {
        var result = TraceSimulator.Run(OnNodes(1, Job("b", 0, 10, 5) with { Gang = GangStyle.Hard }, Job("c", 20, 1, 1)) with { Queues = PartitionConfig.Default });
        result.Jobs[0].Finished.ShouldBeNull();
        result.Jobs[0].Problem.ShouldBe("Scheduling has timed out due to insufficient resources");
        result.Jobs[1].Wait.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void A_gang_that_is_larger_than_its_job_pays_for_nodes_until_the_time_out()
    {
        const string Groups = """yunikorn.apache.org/task-groups=[{"name":"g"|"minMember":13|"minResource":{"cpu":1|"memory":"2Gi"}}]""";
        var honest = TraceSimulator.Run(OnPool(Job("a", 0, 2, 2, gang: true)) with { Queues = PartitionConfig.Default });
        var job = Job("a", 0, 2, 2, annotations: Groups + ",yunikorn.apache.org/task-group-name=g,yunikorn.apache.org/schedulingPolicyParameters=placeholderTimeoutSeconds=30");
        job = job with { Driver = Annotated(job.Driver, null) with { Metadata = job.Driver.Metadata with { Annotations = job.Driver.Metadata.Annotations!.ToDictionary(a => a.Key, a => a.Value.Replace('|', ',')) } } };
        var trapped = TraceSimulator.Run(OnPool(job) with { Queues = PartitionConfig.Default });
        trapped.Jobs.Single().Finished.ShouldNotBeNull();
        trapped.PlaceholderCoreHours.ShouldBeInRange(10 * 0.25, 12 * 0.26, "those that no executor took, for 15 minutes: the short spelling is no key");
        trapped.Cost.ShouldBeGreaterThan(2 * honest.Cost);
    }

    [Fact]
    public void Nodes_are_consolidated_under_executors_and_a_driver_that_does_not_forbid_it_has_to_begin_anew()
    {
        Submission[] jobs = [Job("long", 0, 60, 3, annotations: "karpenter.sh/do-not-disrupt=true"), Job("short", 0, 10, 20, annotations: "karpenter.sh/do-not-disrupt=true")];
        var request = OnPool(jobs) with
        {
            Pools = [Build.State(Build.Pool("spark", "@family In m5; karpenter.sh/capacity-type In on-demand"))], Disruption = Rules("WhenEmptyOrUnderutilized"),
        };
        var kept = TraceSimulator.Run(request);
        kept.Consolidations.ShouldBeGreaterThan(0);
        kept.Jobs.ShouldAllBe(j => j.Finished != null && j.Restarts == 0);
        kept.Cost.ShouldBeLessThan(TraceSimulator.Run(request with { Disruption = Rules(PoolDisruption.WhenEmpty) }).Cost);
        TraceSimulator.Run(request).Nodes.ShouldBe(kept.Nodes, "the same request gives the same");

        var moved = TraceSimulator.Run(request with { Submissions = [.. jobs.Select(j => j with { Driver = Annotated(j.Driver, null) })] });
        moved.Jobs.Sum(j => j.Restarts).ShouldBeGreaterThan(0);
        moved.Jobs.ShouldAllBe(j => j.Finished != null);
    }

    [Fact]
    public void What_every_node_runs_takes_room_and_does_not_keep_a_node()
    {
        var request = OnPool(Job("a", 0, 10, 3));
        var result = TraceSimulator.Run(request with { Daemons = [Build.Pod("agent", "cpu=2,memory=1Gi")] });
        result.Nodes.ShouldAllBe(n => n.Ended < result.End + TimeSpan.FromMinutes(2));
        result.Cost.ShouldBeGreaterThan(TraceSimulator.Run(request).Cost);
    }

    [Fact]
    public void Capacity_that_is_not_there_sends_jobs_elsewhere_or_says_so()
    {
        CloudFault Fault(params string[] capacityTypes) => new() { Metadata = new ObjectMeta { Name = "f" }, Spec = new CloudFaultSpec { Type = CloudFaultSpec.InsufficientCapacity, CapacityTypes = capacityTypes } };
        var request = OnPool(Job("a", 0, 10, 3)) with { Pools = [Build.State(Build.Pool("spark", "@family In m5; @cpu In 4,8; karpenter.sh/capacity-type In on-demand,spot"))] };
        var onDemand = TraceSimulator.Run(request with { Faults = [Fault("spot")] });
        onDemand.Nodes.ShouldAllBe(n => n.CapacityType == "on-demand");
        (onDemand.Nodes.Count > 0, onDemand.Refusals > 0, onDemand.Jobs.Single().Finished is null).ShouldBe((true, true, false));
        TraceSimulator.Run(request with { Faults = [Fault("spot", "on-demand")] }).Jobs.Single().Problem.ShouldNotBeNull();
    }

    [Fact]
    public void A_queue_keeps_to_its_maximum_and_a_hungry_one_does_not_starve_the_other()
    {
        var queues = QueuesYaml.Read("partitions:\n- name: default\n  queues:\n  - name: root\n    submitacl: '*'\n    queues:\n    - name: a\n      maxapplications: 1\n      resources: {max: {vcore: '4'}}\n    - name: b\n");
        Submission[] jobs = [.. Enumerable.Range(0, 4).Select(i => Job($"a{i}", 0, 10, 3, queue: "root.a")), Job("b", 1, 10, 3, queue: "root.b")];
        var free = TraceSimulator.Run(OnNodes(2, jobs));
        var ruled = TraceSimulator.Run(OnNodes(2, jobs) with { Queues = queues });
        free.Jobs[^1].Wait.ShouldNotBe(TimeSpan.Zero);
        ruled.Jobs[^1].Wait.ShouldBe(TimeSpan.Zero);
        ruled.Jobs.Take(4).ShouldAllBe(j => j.Finished != null);
        ruled.End.ShouldBeInRange(TimeSpan.FromMinutes(40), TimeSpan.FromMinutes(42));
        TraceSimulator.Run(OnNodes(2, Job("x", 0, 1, 1, queue: "root.none")) with { Queues = queues }).Jobs.Single().Problem.ShouldNotBeNull();
    }

    [Fact]
    public void A_node_group_grows_from_zero_and_shrinks_to_its_minimum()
    {
        var group = new SimulatedGroup(new GroupState("g", 1, 5, 1, 0, Build.Node("t", "cpu=4,memory=16Gi,pods=110")), "m5.xlarge", "on-demand", 0.2m);
        var result = TraceSimulator.Run(new SimulationRequest { Submissions = [Job("a", 0, 10, 7)], Pools = [], Groups = [group], BootTime = (Boot, Boot) });
        result.Nodes.Count.ShouldBe(2);
        result.Jobs.Single().Complete.ShouldBe(TimeSpan.FromSeconds(41));
        result.Nodes.Count(n => n.Ended > result.End).ShouldBeLessThanOrEqualTo(1);
        TraceSimulator.Run(new SimulationRequest { Submissions = [Job("a", 0, 10, 70)], Pools = [], Groups = [group] }).Nodes.Count.ShouldBe(5);
    }

    [Fact]
    public void Slowdowns_that_are_alike_are_fair()
    {
        var result = TraceSimulator.Run(OnNodes(2, Job("a", 0, 10, 3, queue: "a"), Job("b", 0, 10, 3, queue: "b")));
        result.Fairness().ShouldBe(1);
        TraceSimulator.Run(OnNodes(1, Job("a", 0, 10, 3, queue: "a"), Job("b", 0, 10, 3, queue: "b"))).Fairness().ShouldNotBeNull().ShouldBe(16 / 17.0, 1e-6); // both drivers start, then slowdowns of 1.5 and 2.5
        result.Fairness(new Dictionary<string, double>(StringComparer.Ordinal) { ["a"] = 1, ["b"] = 0.5 }).ShouldNotBeNull().ShouldBe(9 / 10.0, 1e-9);
    }
}
