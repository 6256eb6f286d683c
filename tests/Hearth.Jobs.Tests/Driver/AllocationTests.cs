using Hearth.Jobs.Driver.Scaling;
using Hearth.Jobs.Spark;

namespace Hearth.Jobs.Tests.Driver;

public sealed class AllocationTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddHours(1);

    // Executors are written as "id:phase", "-" for a pod that nobody has seen, "-old" for one asked for long ago.
    [Theory]
    [InlineData(2, "", 2, "")]
    [InlineData(12, "", 5, "")]
    [InlineData(12, "1:Pending 2:Pending 3:Pending 4:Pending 5:Pending", 5, "")]
    [InlineData(12, "1:Pending 2:Pending 3:Pending 4:Pending 5:-", 0, "")]
    [InlineData(12, "1:Running 2:-old", 5, "2")]
    [InlineData(2, "1:Running 2:Failed", 1, "2")]
    [InlineData(2, "1:Running 2:Succeeded", 1, "2")]
    [InlineData(1, "1:Running 2:Pending 3:Pending", 0, "2,3")]
    [InlineData(1, "1:Running 2:Running 3:Pending", 0, "3")]
    [InlineData(0, "", 0, "")]
    public void Batches_are_asked_for_when_the_last_one_was_seen(int target, string executors, int create, string remove)
    {
        var seen = executors.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(e => e.Split(':')).Select(e => new ExecutorSeen(
            int.Parse(e[0]), e[1] == "-old" ? Now.AddHours(-1) : Now, e[1].StartsWith('-') ? null : e[1])).ToArray();
        var step = AllocationStep.Next(target, seen, [], AllocationSettings.Of(SparkConf.Empty), Now);
        step.Create.ShouldBe(create);
        string.Join(',', step.Remove).ShouldBe(remove);
    }

    [Fact]
    public void Those_that_were_idle_for_too_long_go_although_they_run()
    {
        ExecutorSeen[] seen = [new(1, Now, "Running"), new(2, Now, "Running"), new(3, Now, "Running")];
        var step = AllocationStep.Next(2, seen, [2], AllocationSettings.Of(SparkConf.Empty), Now);
        (step.Create, string.Join(',', step.Remove)).ShouldBe((0, "2"));
    }

    [Theory]
    [InlineData(10, 0, 8)]
    [InlineData(2, 0, 2)]
    [InlineData(1, 0, 1)]
    [InlineData(10, 31, 1)]
    [InlineData(0, 0, 0)]
    public void Work_starts_when_enough_executors_run_and_never_without_any(int target, int waitedSeconds, int enough) =>
        AllocationSettings.Of(SparkConf.Empty).Enough(target, TimeSpan.FromSeconds(waitedSeconds)).ShouldBe(enough);

    [Theory]
    [InlineData("", 2)]
    [InlineData("spark.executor.instances=7", 7)]
    [InlineData("spark.dynamicAllocation.enabled=true", 0)]
    [InlineData("spark.dynamicAllocation.enabled=true spark.dynamicAllocation.minExecutors=8", 8)]
    [InlineData("spark.dynamicAllocation.enabled=true spark.dynamicAllocation.minExecutors=8 spark.executor.instances=9", 9)]
    public void The_first_number_of_executors(string settings, int instances)
    {
        var conf = SparkConf.Of(settings.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(s => s.Split('=')).Select(s => KeyValuePair.Create(s[0], s[1])));
        AllocationSettings.Of(conf).Instances.ShouldBe(instances);
    }
}
