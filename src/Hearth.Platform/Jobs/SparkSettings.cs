using System.Text.Json.Nodes;

namespace Hearth.Platform.Jobs;

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

    /// <summary>What EMR would refuse. Pure.</summary>
    /// <param name="path">Of the property that holds these settings.</param>
    public IEnumerable<PlatformFault> Faults(string path)
    {
        if (SparkDefaults.Count > MostProperties)
        {
            yield return new PlatformFault($"{path}.{nameof(SparkDefaults)}", $"{SparkDefaults.Count} properties; EMR takes at most {MostProperties} in one classification");
        }

        if (!SparkDefaults.All(p => p.Key.Length is > 0 and <= 1024 && p.Value.Length is > 0 and <= 1024))
        {
            yield return new PlatformFault($"{path}.{nameof(SparkDefaults)}", "keys and values have 1 to 1,024 characters");
        }

        if (LogUri.Length > 0 && !LogUri.StartsWith("s3://", StringComparison.Ordinal))
        {
            yield return new PlatformFault($"{path}.{nameof(LogUri)}", $"'{LogUri}' does not begin with s3://");
        }
    }

    /// <summary>As the EMR API writes it, ready for <c>start-job-run --configuration-overrides</c>.</summary>
    public JsonObject ToRequest()
    {
        var monitoring = new JsonObject { ["persistentAppUI"] = PersistentAppUi ? "ENABLED" : "DISABLED" };
        if (LogGroup.Length > 0)
        {
            var cloudWatch = new JsonObject { ["logGroupName"] = LogGroup };
            if (LogStreamPrefix.Length > 0)
            {
                cloudWatch["logStreamNamePrefix"] = LogStreamPrefix;
            }

            monitoring["cloudWatchMonitoringConfiguration"] = cloudWatch;
        }

        if (LogUri.Length > 0)
        {
            monitoring["s3MonitoringConfiguration"] = new JsonObject { ["logUri"] = LogUri };
        }

        var properties = new JsonObject(SparkDefaults.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value)));
        return new JsonObject
        {
            ["applicationConfiguration"] = new JsonArray(new JsonObject { ["classification"] = "spark-defaults", ["properties"] = properties }),
            ["monitoringConfiguration"] = monitoring,
        };
    }
}
