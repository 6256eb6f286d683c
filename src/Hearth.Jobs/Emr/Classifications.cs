using Hearth.Jobs.Model;
using Hearth.Jobs.Spark;

namespace Hearth.Jobs.Emr;

/// <summary>What the application configuration of a request says.</summary>
/// <param name="Conf">Spark settings.</param>
/// <param name="StartTimeout">How long a driver may take to start; <c>job-start-timeout</c>.</param>
/// <param name="Warnings">What has no effect, one sentence each.</param>
internal sealed record AppliedConfiguration(SparkConf Conf, TimeSpan StartTimeout, IReadOnlyList<string> Warnings);

/// <summary>Reads classifications. Source: EMR on EKS release pages.</summary>
internal static class Classifications
{
    private const string EventLogDir = "logging.eventLog.dir";
    private static readonly TimeSpan DefaultStartTimeout = TimeSpan.FromSeconds(900);

    private static readonly HashSet<string> WithoutEffect = new(StringComparer.Ordinal)
    {
        "spark-log4j", "spark-log4j2", "spark-metrics", "spark-hive-site", "core-site", "emrfs-site",
    };

    /// <summary>Reads all, later ones over earlier ones.</summary>
    /// <exception cref="SubmissionException">A classification is unknown, or a value is wrong.</exception>
    public static AppliedConfiguration Read(IReadOnlyList<Configuration>? configurations)
    {
        var conf = SparkConf.Empty;
        var timeout = DefaultStartTimeout;
        var warnings = new List<string>();
        foreach (var configuration in configurations ?? [])
        {
            var properties = configuration.Properties ?? new Dictionary<string, string>(StringComparer.Ordinal);
            switch (configuration.Classification)
            {
                case "spark-defaults":
                    conf = conf.With(properties.Where(p => p.Key.StartsWith("spark.", StringComparison.Ordinal)));
                    warnings.AddRange(properties.Keys.Where(k => !k.StartsWith("spark.", StringComparison.Ordinal)).Select(k => $"Ignoring non-Spark config property: {k}"));
                    break;
                case "spark-env":
                    conf = conf.With(Environment(configuration));
                    break;
                case "emr-containers-defaults":
                    timeout = StartTimeout(properties, timeout);
                    conf = EventLog(conf, properties);
                    warnings.AddRange(properties.Keys.Where(k => k is not ("job-start-timeout" or EventLogDir)).Select(k => $"emr-containers-defaults: {k} has no effect on this platform: logs are collected without a sidecar"));
                    break;
                case SubmitterSettings.Classification:
                    break;
                case { } known when WithoutEffect.Contains(known):
                    warnings.Add($"The classification {known} has no effect with the embedded engine");
                    break;
                default:
                    throw SubmissionException.Failed(FailureReason.ValidationError, $"Classification {configuration.Classification} not supported.");
            }
        }

        warnings.AddRange(SubmitterSettings.Read(configurations).Warnings);
        return new AppliedConfiguration(conf, timeout, warnings);
    }

    // The log stays where the service wants it, and a copy goes to the user's bucket.
    private static SparkConf EventLog(SparkConf conf, IReadOnlyDictionary<string, string> properties)
    {
        if (!properties.TryGetValue(EventLogDir, out var directory))
        {
            return conf;
        }

        return directory.StartsWith("s3://", StringComparison.Ordinal)
            ? conf.With(Hearth.Jobs.Driver.Events.EventLogFile.CopyKey, directory)
            : throw SubmissionException.Failed(FailureReason.ValidationError, $"emr-containers-defaults: {EventLogDir} must be an S3 URI (s3://bucket/prefix), but is '{directory}'.");
    }

    private static IEnumerable<KeyValuePair<string, string>> Environment(Configuration configuration) =>
        from export in configuration.Configurations ?? []
        where export.Classification == "export"
        from variable in export.Properties ?? new Dictionary<string, string>(StringComparer.Ordinal)
        from prefix in (string[])["spark.kubernetes.driverEnv.", "spark.executorEnv."]
        select KeyValuePair.Create(prefix + variable.Key, variable.Value);

    private static TimeSpan StartTimeout(IReadOnlyDictionary<string, string> properties, TimeSpan byDefault)
    {
        if (!properties.TryGetValue("job-start-timeout", out var text))
        {
            return byDefault;
        }

        return int.TryParse(text, out var seconds) && seconds > 0
            ? TimeSpan.FromSeconds(seconds)
            : throw SubmissionException.Failed(FailureReason.ValidationError, $"emr-containers-defaults: job-start-timeout must be a number of seconds, but is '{text}'.");
    }
}
