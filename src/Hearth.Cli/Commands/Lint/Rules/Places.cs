using Hearth.Jobs.Spark;

namespace Hearth.Cli.Commands.Lint.Rules;

/// <summary>Where something about a pod is most likely written.</summary>
internal static class Places
{
    /// <summary><c>driver</c> or <c>executor</c>.</summary>
    public static string Word(SparkRole role) => role == SparkRole.Driver ? "driver" : "executor";

    /// <summary>The template's spec, else the program.</summary>
    public static SourcePlace OfPod(LintSubject subject, SparkRole role) =>
        subject.Template(role)?.Source is { } source ? source.At("spec") : subject.Request.At("jobDriver");

    /// <summary>A node selector: of a setting, of the template.</summary>
    public static SourcePlace OfSelector(LintSubject subject, SparkRole role, string key)
    {
        foreach (var setting in (string[])[$"spark.kubernetes.{Word(role)}.node.selector.{key}", $"spark.kubernetes.node.selector.{key}"])
        {
            if (subject.Settings.User.Get(setting) is not null)
            {
                return subject.Setting(setting);
            }
        }

        return subject.Template(role)?.Source is { } source ? source.At("spec", "nodeSelector", key) : OfPod(subject, role);
    }

    /// <summary>The setting that makes a pod large.</summary>
    public static SourcePlace OfMemory(LintSubject subject, SparkRole role)
    {
        var word = Word(role);
        foreach (var setting in (string[])[$"spark.{word}.memory", $"spark.{word}.memoryOverhead", $"spark.{word}.cores", $"spark.kubernetes.{word}.request.cores"])
        {
            if (subject.Settings.User.Get(setting) is not null)
            {
                return subject.Setting(setting);
            }
        }

        return OfPod(subject, role);
    }

    /// <summary>The number of executors.</summary>
    public static SourcePlace OfExecutors(LintSubject subject)
    {
        foreach (var setting in (string[])["spark.dynamicAllocation.maxExecutors", "spark.executor.instances"])
        {
            if (subject.Settings.User.Get(setting) is not null)
            {
                return subject.Setting(setting);
            }
        }

        return subject.Request.At("jobDriver");
    }

    /// <summary>A toleration for a taint written as <c>KEY=VALUE:EFFECT</c>.</summary>
    public static string Tolerate(string taint)
    {
        var colon = taint.LastIndexOf(':');
        var (pair, effect) = colon < 0 ? (taint, "") : (taint[..colon], taint[(colon + 1)..]);
        var equals = pair.IndexOf('=', StringComparison.Ordinal);
        var tail = effect.Length > 0 ? $", effect: {effect}" : "";
        return equals < 0 || equals == pair.Length - 1
            ? $"{{key: {pair.TrimEnd('=')}, operator: Exists{tail}}}"
            : $"{{key: {pair[..equals]}, operator: Equal, value: {pair[(equals + 1)..]}{tail}}}";
    }
}
