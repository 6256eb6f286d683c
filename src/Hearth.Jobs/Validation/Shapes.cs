using Hearth.Jobs.Model;

namespace Hearth.Jobs.Validation;

/// <summary>Constraints of the shapes in the EMR on EKS service model (2020-10-01).</summary>
internal static class Shapes
{
    private const string NonBlank = @"(?s).*\S.*";
    public static readonly TextRule Id = new(1, 64, "[0-9a-z]+");
    public static readonly TextRule Name = new(1, 64, @"[\.\-_/#A-Za-z0-9]+");
    public static readonly TextRule ClientToken = new(1, 64, NonBlank);
    public static readonly TextRule ReleaseLabel = new(1, 64, @"[\.\-_/A-Za-z0-9]+");
    public static readonly TextRule RoleArn = new(20, 2048, @"arn:(aws[a-zA-Z0-9-]*):iam::(\d{12})?:(role((/)|(/[\u0021-\u007F]+/))[\w+=,.@-]+)");
    public static readonly TextRule EntryPoint = new(1, 256, NonBlank, Sensitive: true);
    public static readonly TextRule Argument = new(1, 10280, NonBlank, Sensitive: true);
    public static readonly TextRule Parameters = new(1, 102400, NonBlank, Sensitive: true);
    public static readonly TextRule Classification = new(1, 1024, NonBlank);
    public static readonly TextRule Property = new(1, 1024, NonBlank, Sensitive: true);
    public static readonly TextRule LogGroup = new(1, 512, @"[\.\-_/#A-Za-z0-9]+");
    public static readonly TextRule StreamPrefix = new(1, 256, NonBlank);
    public static readonly TextRule Uri = new(1, 10280, @"[\u0020-\uD7FF\uE000-\uFFFD\r\n\t]*");
    public static readonly TextRule RotationSize = new(3, 12, @"\d+(\.\d+)?[KMG][Bb]?");
    public static readonly TextRule ClusterId = new(1, 100, @"[0-9A-Za-z][A-Za-z0-9\-_]*");
    public static readonly TextRule Namespace = new(1, 63, "[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    public static readonly TextRule TagKey = new(1, 128, NonBlank);
    public static readonly TextRule TagValue = new(0, 256, "(?s).*");
    public static readonly TextRule NextToken = new(1, 1024, NonBlank);
    private const int MaxConfigurations = 100;
    private const int MaxTags = 50;

    /// <summary>A map of tags.</summary>
    public static void Tags(Constraints check, string field, IReadOnlyDictionary<string, string>? tags)
    {
        check.Count(field, tags?.Count, MaxTags);
        foreach (var (key, value) in tags ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            check.Text(field, key, TagKey);
            check.Text($"{field}.{key}", value, TagValue);
        }
    }

    /// <summary>Program, arguments and options.</summary>
    public static void Driver(Constraints check, string field, JobDriver? driver)
    {
        if (driver?.SparkSubmitJobDriver is { } submit)
        {
            var path = $"{field}.sparkSubmitJobDriver";
            check.Required($"{path}.entryPoint", submit.EntryPoint);
            check.Text($"{path}.entryPoint", submit.EntryPoint, EntryPoint);
            check.Text($"{path}.sparkSubmitParameters", submit.SparkSubmitParameters, Parameters);
            Each(submit.EntryPointArguments, (i, argument) => check.Text($"{path}.entryPointArguments.{i}.member", argument, Argument));
        }

        if (driver?.SparkSqlJobDriver is { } sql)
        {
            check.Text($"{field}.sparkSqlJobDriver.entryPoint", sql.EntryPoint, EntryPoint);
            check.Text($"{field}.sparkSqlJobDriver.sparkSqlParameters", sql.SparkSqlParameters, Parameters);
        }
    }

    /// <summary>Application and monitoring configuration.</summary>
    public static void Overrides(Constraints check, string field, ConfigurationOverrides? overrides)
    {
        Configurations(check, $"{field}.applicationConfiguration", overrides?.ApplicationConfiguration);
        if (overrides?.MonitoringConfiguration is { } monitoring)
        {
            Monitoring(check, $"{field}.monitoringConfiguration", monitoring);
        }
    }

    /// <summary>Where virtual clusters live.</summary>
    public static void Provider(Constraints check, string field, ContainerProvider? provider)
    {
        if (!check.Required(field, provider))
        {
            return;
        }

        check.Required($"{field}.type", provider!.Type);
        check.Word($"{field}.type", provider.Type, "EKS");
        check.Required($"{field}.id", provider.Id);
        check.Text($"{field}.id", provider.Id, ClusterId);
        check.Text($"{field}.info.eksInfo.namespace", provider.Info?.EksInfo?.Namespace, Namespace);
        check.Text($"{field}.info.eksInfo.nodeLabel", provider.Info?.EksInfo?.NodeLabel, Name);
    }

    private static void Configurations(Constraints check, string field, IReadOnlyList<Configuration>? configurations)
    {
        check.Count(field, configurations?.Count, MaxConfigurations);
        Each(configurations, (i, configuration) =>
        {
            var path = $"{field}.{i}.member";
            check.Required($"{path}.classification", configuration.Classification);
            check.Text($"{path}.classification", configuration.Classification, Classification);
            check.Count($"{path}.properties", configuration.Properties?.Count, MaxConfigurations);
            foreach (var (key, value) in configuration.Properties ?? new Dictionary<string, string>(StringComparer.Ordinal))
            {
                check.Text($"{path}.properties", key, Property);
                check.Text($"{path}.properties.{key}", value, Property);
            }

            Configurations(check, $"{path}.configurations", configuration.Configurations);
        });
    }

    private static void Monitoring(Constraints check, string field, MonitoringConfiguration monitoring)
    {
        check.Word($"{field}.persistentAppUI", monitoring.PersistentAppUI, "ENABLED", "DISABLED");
        check.Word($"{field}.managedLogs.allowAWSToRetainLogs", monitoring.ManagedLogs?.AllowAwsToRetainLogs, "ENABLED", "DISABLED");
        if (monitoring.CloudWatchMonitoringConfiguration is { } cloudWatch)
        {
            var path = $"{field}.cloudWatchMonitoringConfiguration";
            check.Required($"{path}.logGroupName", cloudWatch.LogGroupName);
            check.Text($"{path}.logGroupName", cloudWatch.LogGroupName, LogGroup);
            check.Text($"{path}.logStreamNamePrefix", cloudWatch.LogStreamNamePrefix, StreamPrefix);
        }

        if (monitoring.S3MonitoringConfiguration is { } s3)
        {
            check.Required($"{field}.s3MonitoringConfiguration.logUri", s3.LogUri);
            check.Text($"{field}.s3MonitoringConfiguration.logUri", s3.LogUri, Uri);
        }

        if (monitoring.ContainerLogRotationConfiguration is { } rotation)
        {
            var path = $"{field}.containerLogRotationConfiguration";
            check.Required($"{path}.rotationSize", rotation.RotationSize);
            check.Text($"{path}.rotationSize", rotation.RotationSize, RotationSize);
            check.Required($"{path}.maxFilesToKeep", rotation.MaxFilesToKeep);
            check.Number($"{path}.maxFilesToKeep", rotation.MaxFilesToKeep, 1, 50);
        }
    }

    private static void Each<T>(IReadOnlyList<T>? items, Action<int, T> check)
    {
        for (var i = 0; i < (items?.Count ?? 0); i++)
        {
            check(i + 1, items![i]);
        }
    }
}
