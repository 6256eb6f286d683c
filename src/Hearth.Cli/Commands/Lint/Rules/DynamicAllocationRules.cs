using System.Globalization;
using Hearth.Jobs.Spark;

namespace Hearth.Cli.Commands.Lint.Rules;

/// <summary>Numbers of executors that contradict each other.</summary>
internal static class DynamicAllocationRules
{
    private const string Least = "spark.dynamicAllocation.minExecutors";
    private const string First = "spark.dynamicAllocation.initialExecutors";
    private const string Most = "spark.dynamicAllocation.maxExecutors";
    private const string Instances = "spark.executor.instances";

    /// <summary>A lower bound above the upper one.</summary>
    public static LintRule Bounds { get; } = new(
        "dynamic-allocation-bounds",
        Severity.Error,
        "The bounds of dynamic allocation contradict each other.",
        "Spark refuses to start: the least number of executors must not be above the most.",
        "Make minExecutors <= initialExecutors <= maxExecutors.",
        Contradictions);

    /// <summary>A fixed number of executors beside dynamic allocation.</summary>
    public static LintRule WithInstances { get; } = new(
        "executor-instances-with-dynamic-allocation",
        Severity.Warning,
        "`spark.executor.instances` is given although dynamic allocation is on.",
        "It is not the number of executors then, but only the number to start with.",
        "Use spark.dynamicAllocation.initialExecutors, or switch dynamic allocation off.",
        subject => IsOn(subject) && subject.Settings.User.Get(Instances) is not null
            ? [new Fault(subject.Setting(Instances), $"with spark.dynamicAllocation.enabled=true, {Instances} is only the number of executors to start with")]
            : []);

    /// <summary>Bounds without dynamic allocation.</summary>
    public static LintRule Off { get; } = new(
        "dynamic-allocation-off",
        Severity.Warning,
        "Bounds of dynamic allocation are given, but it is off.",
        "They have no effect: EMR on EKS has dynamic allocation off by default.",
        "Set spark.dynamicAllocation.enabled=true.",
        subject => IsOn(subject) ? [] : new[] { Least, First, Most }.Where(k => subject.Settings.User.Get(k) is not null)
            .Select(k => new Fault(subject.Setting(k), $"{k} has no effect: spark.dynamicAllocation.enabled is not true")));

    private static bool IsOn(LintSubject subject) => string.Equals(subject.Settings.User.Get("spark.dynamicAllocation.enabled"), "true", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<Fault> Contradictions(LintSubject subject)
    {
        if (!IsOn(subject))
        {
            yield break;
        }

        var conf = subject.Settings.User;
        var (least, first, most) = (Number(conf, Least), Number(conf, First), Number(conf, Most));
        foreach (var (low, lowKey, high, highKey) in new[] { (least, Least, most, Most), (first, First, most, Most), (least, Least, first, First) })
        {
            if (low > high)
            {
                yield return new Fault(subject.Setting(lowKey), string.Create(CultureInfo.InvariantCulture, $"{lowKey}={low} is more than {highKey}={high}"));
            }
        }
    }

    private static int? Number(SparkConf conf, string key) => int.TryParse(conf.Get(key), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
