namespace Hearth.Deploy.Emr;

/// <summary>
/// Spark settings and monitoring of a job: what <c>configurationOverrides</c> of a job run, a template or an endpoint says. One record for all three.
/// </summary>
public sealed record SparkSettings
{
    private const int MostProperties = 100;

    /// <summary>Properties of the classification spark-defaults; at most 100, keys and values of 1 to 1,024 characters.</summary>
    public required IReadOnlyDictionary<string, string> SparkDefaults { get; init; }

    /// <summary>CloudWatch log group; empty sends no logs there.</summary>
    public string LogGroup { get; init; } = "";

    /// <summary>Beginning of the log streams' names.</summary>
    public string LogStreamPrefix { get; init; } = "";

    /// <summary>As <c>s3://bucket/logs/</c>; empty keeps none.</summary>
    public string LogUri { get; init; } = "";

    /// <summary>Keeps the Spark UI of ended jobs.</summary>
    public bool PersistentAppUi { get; init; } = true;

    internal void Check(PropsCheck check, string property) => check
        .Require(SparkDefaults.Count <= MostProperties, $"{property}.SparkDefaults", $"{SparkDefaults.Count} properties; EMR takes at most {MostProperties} in one classification")
        .Require(SparkDefaults.All(p => p.Key.Length is > 0 and <= 1024 && p.Value.Length is > 0 and <= 1024), $"{property}.SparkDefaults", "keys and values have 1 to 1,024 characters")
        .Require(LogUri.Length == 0 || LogUri.StartsWith("s3://", StringComparison.Ordinal), $"{property}.LogUri", $"'{LogUri}' does not begin with s3://");

    /// <summary>As the EMR API writes it (camelCase), ready for <c>start-job-run --configuration-overrides</c>.</summary>
    public Dictionary<string, object> ToRequest() => Document(char.ToLowerInvariant);

    /// <summary>As CloudFormation writes it (PascalCase).</summary>
    internal Dictionary<string, object> ToTemplate() => Document(char.ToUpperInvariant);

    private Dictionary<string, object> Document(Func<char, char> first)
    {
        var monitoring = Map((Case("persistentAppUI"), PersistentAppUi ? "ENABLED" : "DISABLED"));
        if (LogGroup.Length > 0)
        {
            var cloudWatch = Map((Case("logGroupName"), LogGroup));
            if (LogStreamPrefix.Length > 0)
            {
                cloudWatch[Case("logStreamNamePrefix")] = LogStreamPrefix;
            }

            monitoring[Case("cloudWatchMonitoringConfiguration")] = cloudWatch;
        }

        if (LogUri.Length > 0)
        {
            monitoring[Case("s3MonitoringConfiguration")] = Map((Case("logUri"), LogUri));
        }

        var defaults = Map((Case("classification"), "spark-defaults"), (Case("properties"), new Dictionary<string, string>(SparkDefaults, StringComparer.Ordinal)));
        return Map((Case("applicationConfiguration"), new object[] { defaults }), (Case("monitoringConfiguration"), monitoring));

        string Case(string name) => first(name[0]) + name[1..];
    }

    private static Dictionary<string, object> Map(params (string Key, object Value)[] entries) => entries.ToDictionary(e => e.Key, e => e.Value, StringComparer.Ordinal);
}
