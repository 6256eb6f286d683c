using System.Globalization;
using Hearth.Jobs.Driver.Scaling;
using Hearth.Jobs.Spark;

namespace Hearth.Jobs.Tests.Driver;

public sealed class DynamicAllocationTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddHours(1);

    public static IEnumerable<TheoryDataRow<string, string>> Stories() =>
        CaseFile.Read("dynamic-allocation.txt").Select(c => new TheoryDataRow<string, string>(c.Head, string.Join('\n', c.Body)));

    /// <summary>Every line: the second, tasks, whether something is cached; then the target and who goes. Executors run as soon as they are wanted.</summary>
    [Theory]
    [MemberData(nameof(Stories))]
    public void The_number_of_executors_follows_the_work(string settings, string story)
    {
        var conf = Conf(settings);
        var plan = DynamicAllocationSettings.Of(conf)!;
        var state = new DynamicState(AllocationSettings.Of(conf).Instances);
        var running = Enumerable.Range(1, state.Target).ToList();
        var last = running.Count;
        foreach (var line in story.Split('\n').Select(l => l.Split("->", StringSplitOptions.TrimEntries)))
        {
            var words = line[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var now = Start.AddSeconds(double.Parse(words[0], CultureInfo.InvariantCulture));
            var step = DynamicStep.Next(state, new DynamicLoad(int.Parse(words[1], CultureInfo.InvariantCulture), words.Contains("cached")), running, plan, now);
            state = step.State;
            running.RemoveAll(step.Remove.Contains);
            while (running.Count < state.Target)
            {
                running.Add(++last);
            }

            (state.Target.ToString(CultureInfo.InvariantCulture) + (step.Remove.Count == 0 ? "" : " -" + string.Join(',', step.Remove))).ShouldBe(line[1], line[0]);
        }
    }

    [Theory]
    [InlineData("spark.dynamicAllocation.minExecutors=5 spark.dynamicAllocation.maxExecutors=4", "spark.dynamicAllocation.minExecutors (5) must be less than or equal to spark.dynamicAllocation.maxExecutors (4)!")]
    [InlineData("spark.dynamicAllocation.maxExecutors=0", "spark.dynamicAllocation.maxExecutors cannot be 0!")]
    [InlineData("spark.dynamicAllocation.executorAllocationRatio=1.5", "spark.dynamicAllocation.executorAllocationRatio must be > 0 and <= 1.0")]
    [InlineData("spark.dynamicAllocation.schedulerBacklogTimeout=0", "spark.dynamicAllocation.schedulerBacklogTimeout must be > 0!")]
    [InlineData("spark.dynamicAllocation.shuffleTracking.enabled=false", "Dynamic allocation of executors requires a way to keep shuffle data")]
    public void What_Spark_refuses_is_refused(string settings, string message) =>
        Should.Throw<SparkConfException>(() => DynamicAllocationSettings.Of(Conf(settings))).Message.ShouldStartWith(message);

    [Fact]
    public void Without_it_the_number_is_fixed() => DynamicAllocationSettings.Of(SparkConf.Empty).ShouldBeNull();

    private static SparkConf Conf(string settings) => SparkConf.Of(
        settings.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(s => s.Split('=')).Select(s => KeyValuePair.Create(s[0].StartsWith("spark", StringComparison.Ordinal) ? s[0] : "spark.dynamicAllocation." + s[0], s[1])))
        .With("spark.dynamicAllocation.enabled", "true");
}
