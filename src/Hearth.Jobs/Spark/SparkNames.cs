using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Hearth.Jobs.Spark;

/// <summary>Names that Spark 3.5.3 gives to things on Kubernetes. Source: KubernetesConf, KubernetesUtils, BasicExecutorFeatureStep.</summary>
public static partial class SparkNames
{
    /// <summary>Container of a driver pod.</summary>
    public const string DriverContainer = "spark-kubernetes-driver";

    /// <summary>Container of an executor pod.</summary>
    public const string ExecutorContainer = "spark-kubernetes-executor";

    /// <summary>Longest label value and DNS label, characters.</summary>
    private const int LabelLength = 63;

    /// <summary>Longest executor prefix: room is left for <c>-exec-</c> and a ten-digit id.</summary>
    private const int MaxExecutorPrefix = 237;

    /// <summary>Sixteen hexadecimal digits: six random ones, ten from the clock.</summary>
    public static string UniqueId(TimeProvider time)
    {
        var clock = time.GetUtcNow().ToUnixTimeMilliseconds() & 0xFF_FFFF_FFFF;
        return RandomNumberGenerator.GetHexString(6, lowercase: true) + clock.ToString("x10", CultureInfo.InvariantCulture);
    }

    /// <summary>Prefix of the names of an application's objects.</summary>
    public static string ResourcePrefix(string applicationName, string uniqueId)
    {
        var name = Clean($"{applicationName}-{uniqueId}");
        name = name.StartsWith('-') ? name[1..] : name;
        return char.IsAsciiDigit(name[0]) ? "x" + name[1..] : name;
    }

    /// <summary>Value of the label <c>spark-app-name</c>.</summary>
    public static string AppNameLabel(string applicationName)
    {
        var name = Clean(applicationName);
        return (name.Length > LabelLength ? name[..LabelLength] : name).Trim('-');
    }

    /// <summary>Prefix of executor names: the configured one, else a new one.</summary>
    /// <exception cref="SparkConfException">The configured one cannot be part of a pod name.</exception>
    public static string ExecutorPrefix(SparkConf conf, string applicationName, TimeProvider time)
    {
        const string key = "spark.kubernetes.executor.podNamePrefix";
        if (conf.Get(key) is not { } prefix)
        {
            return ResourcePrefix(applicationName, UniqueId(time));
        }

        return prefix.Length <= MaxExecutorPrefix && Subdomain().IsMatch(prefix)
            ? prefix
            : throw new SparkConfException(
                $"'{prefix}' in {key} is invalid. must conform https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names and the value length <= {MaxExecutorPrefix}");
    }

    /// <summary>Name of an executor pod; ids count from 1.</summary>
    public static string ExecutorPod(string prefix, int id) => string.Create(CultureInfo.InvariantCulture, $"{prefix}-exec-{id}");

    /// <summary>Hostname of an executor: the end of its pod's name.</summary>
    public static string ExecutorHostname(string podName)
    {
        var tail = podName.Length > LabelLength ? podName[^LabelLength..] : podName;
        tail = NotWordAtStart().Replace(tail, "");
        return NotInHostname().Replace(tail, "_");
    }

    /// <summary>Name of the driver's headless service.</summary>
    public static string DriverService(string prefix, string uniqueId)
    {
        var name = $"{prefix}-driver-svc";
        return name.Length <= LabelLength ? name : $"spark-{uniqueId}-driver-svc";
    }

    /// <summary>Name of the config map with the driver's settings.</summary>
    public static string DriverConfigMap(string uniqueId) => $"spark-drv-{uniqueId}-conf-map";

    /// <summary>Name of the config map with the executors' settings.</summary>
    public static string ExecutorConfigMap(string uniqueId) => $"spark-exec-{uniqueId}-conf-map";

    /// <summary>Name of the config map with the executors' pod template.</summary>
    public static string TemplateConfigMap(string prefix) => $"{prefix}-driver-podspec-conf-map";

    private static string Clean(string name) => Runs().Replace(NotAllowed().Replace(name.Trim().ToLowerInvariant(), "-"), "-");

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$", RegexOptions.None, 1000)]
    private static partial Regex Subdomain();

    [GeneratedRegex("[^a-z0-9-]", RegexOptions.None, 1000)]
    private static partial Regex NotAllowed();

    [GeneratedRegex("-+", RegexOptions.None, 1000)]
    private static partial Regex Runs();

    [GeneratedRegex("^[^A-Za-z0-9]+", RegexOptions.None, 1000)]
    private static partial Regex NotWordAtStart();

    [GeneratedRegex("[^A-Za-z0-9-]", RegexOptions.None, 1000)]
    private static partial Regex NotInHostname();
}
