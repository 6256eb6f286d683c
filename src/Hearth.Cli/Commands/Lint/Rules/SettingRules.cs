using Hearth.Platform.Text;

namespace Hearth.Cli.Commands.Lint.Rules;

/// <summary>Settings that do not do what they look like.</summary>
internal static class SettingRules
{
    private const string Ignored = " is set by the service; the job's value is ignored";

    /// <summary>Settings that EMR on EKS decides alone.</summary>
    public static LintRule OwnedByService { get; } = new(
        "setting-owned-by-emr",
        Severity.Warning,
        "A setting that EMR on EKS decides alone: namespace, master, driver pod name, pull policy, service accounts.",
        "Its value has no effect, or the service refuses it.",
        "Leave it out: the virtual cluster has the namespace, the execution role the service accounts.",
        subject => (subject.Settings.Submission?.Warnings ?? [])
            .Where(w => w.EndsWith(Ignored, StringComparison.Ordinal))
            .Select(w => w[..^Ignored.Length])
            .Select(key => new Fault(subject.Setting(key), $"{key} is decided by EMR on EKS; the request's value has no effect")));

    /// <summary>Keys that Spark does not know and that look like one that it does.</summary>
    public static LintRule Misspelt { get; } = new(
        "setting-misspelt",
        Severity.Warning,
        "A key that Spark does not know, and that is nearly one that it knows.",
        "Spark ignores keys that it does not know, without a word.",
        "Correct the key.",
        subject => subject.Settings.User.Values.Keys
            .Select(key => (Key: key, Near: SparkKeys.Misspelt(key)))
            .Where(k => k.Near is not null)
            .Select(k => new Fault(subject.Setting(k.Key), $"Spark has no setting {k.Key}; did you mean {k.Near}?")));

    /// <summary>Keys of spark-defaults that are none of Spark's.</summary>
    public static LintRule NotSpark { get; } = new(
        "setting-not-of-spark",
        Severity.Warning,
        "A property of spark-defaults whose key does not start with `spark.`, or one that belongs to another classification.",
        "Spark drops it (`Ignoring non-Spark config property`).",
        "Put it where it belongs: emr-containers-defaults has job-start-timeout, spark-env the environment.",
        NotOfSpark);

    private static IEnumerable<Fault> NotOfSpark(LintSubject subject)
    {
        var configurations = subject.Model.ConfigurationOverrides?.ApplicationConfiguration ?? [];
        for (var i = 0; i < configurations.Count; i++)
        {
            foreach (var key in configurations[i].Properties?.Keys.Where(k => configurations[i].Classification == "spark-defaults" && !k.StartsWith("spark.", StringComparison.Ordinal)) ?? [])
            {
                var near = Nearest.Find($"spark.{key}", SparkKeys.All) is { } found ? $"; did you mean {found}?" : "";
                yield return new Fault(subject.Request.At("configurationOverrides", "applicationConfiguration", i, "properties", key), $"{key} is no setting of Spark{near}");
            }
        }
    }
}
