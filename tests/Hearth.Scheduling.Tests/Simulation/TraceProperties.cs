using FsCheck;
using FsCheck.Fluent;
using Hearth.Scheduling.Disruption;
using Hearth.Scheduling.Simulation;

namespace Hearth.Scheduling.Tests.Simulation;

public sealed class TraceProperties
{
    [Fact]
    public void Every_job_is_done_never_faster_than_alone_and_no_node_outlives_its_use()
    {
        var job = Gen.Choose(0, 120).SelectMany(at => Gen.Choose(1, 60).SelectMany(minutes => Gen.Choose(0, 12).Select(executors => (at, minutes, executors))));
        Prop.ForAll(Gen.ListOf(job).ToArbitrary(), Check).Check(Config.QuickThrowOnFailure.WithMaxTest(40));
    }

    private static void Check(IReadOnlyList<(int At, int Minutes, int Executors)> jobs)
    {
        var result = TraceSimulator.Run(new SimulationRequest
        {
            Submissions =
            [
                .. jobs.Select((j, i) => new Submission
                {
                    Name = $"j{i}", Arrival = TimeSpan.FromMinutes(j.At), Duration = TimeSpan.FromMinutes(j.Minutes), Executors = j.Executors,
                    Driver = Build.Pod("d", "cpu=1,memory=2Gi"), Executor = Build.Pod("e", "cpu=2,memory=8Gi"),
                }),
            ],
            Pools = [Build.State(Build.Pool("spark", "@instance-family In m5; @instance-cpu In 4,8,16; karpenter.sh/capacity-type In on-demand"))],
            Disruption = new Dictionary<string, PoolDisruption>(StringComparer.Ordinal) { ["spark"] = new("spark", PoolDisruption.WhenEmpty, TimeSpan.FromMinutes(5), []) },
        });
        result.Jobs.ShouldAllBe(j => j.Finished != null && j.Slowdown >= 1 - 1e-9 && j.Restarts == 0);
        result.Nodes.ShouldAllBe(n => n.Ended > n.Launched && n.Ended <= result.End + TimeSpan.FromMinutes(6));
        result.Jobs.Sum(j => j.CoreHours).ShouldBeGreaterThanOrEqualTo(jobs.Sum(j => j.Minutes / 60.0 * 2 * j.Executors) - 1e-6);
        result.CpuUse.ShouldBe(result.CpuUse is null ? null : Math.Clamp(result.CpuUse.Value, 0, 1));
    }
}
