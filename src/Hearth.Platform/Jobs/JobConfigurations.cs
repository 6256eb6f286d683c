namespace Hearth.Platform.Jobs;

/// <summary>
/// The job configurations that the default nodes are cut for: executor requests fill a node of their group but for what its daemons take. Values are
/// those of the reference library's last release.
/// </summary>
public sealed class JobConfigurations
{
    private const string Spark = "spark.kubernetes.";
    private readonly Func<string, string> _templates;
    private readonly string _logGroups;

    /// <param name="podTemplates">Where a pod template is, by its file name. As <c>critical-driver.yaml</c>; see <see cref="PodTemplates.Names"/>.</param>
    /// <param name="logGroups">What the log groups' names begin with.</param>
    public JobConfigurations(Func<string, string> podTemplates, string logGroups = "/aws/emr-containers/") => (_templates, _logGroups) = (podTemplates, logGroups);

    /// <summary>On-demand nodes with local disks; for jobs with a deadline.</summary>
    public SparkSettings Critical => Settings("critical", "8", "40", "8", executor: ("7.7", "20800m"), driver: ("2.5", "6800m"));

    /// <summary>Drivers on demand, executors on spot nodes.</summary>
    public SparkSettings Shared => Settings("shared", "8", "40", "8", executor: ("3.8", "10400m"), driver: ("1.7", "4900m"));

    /// <summary>Kernels that shrink to nothing while nobody works.</summary>
    public SparkSettings Notebook => Settings("notebook", "0", "20", "2", executor: ("3.7", "10200m"), driver: ("1.6", "4700m"));

    /// <summary>A configuration by its name. Throws <see cref="ArgumentOutOfRangeException"/> when there is none such.</summary>
    /// <param name="name">One of <see cref="DefaultJobs.Names"/>.</param>
    public SparkSettings this[string name] => name switch
    {
        "critical" => Critical,
        "shared" => Shared,
        "notebook" => Notebook,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no default job configuration"),
    };

    private SparkSettings Settings(
        string name, string least, string most, string batch, (string Cores, string Memory) executor, (string Cores, string Memory) driver) => new()
    {
        SparkDefaults = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["spark.hadoop.hive.metastore.client.factory.class"] = "com.amazonaws.glue.catalog.metastore.AWSGlueDataCatalogHiveClientFactory",
            ["spark.sql.catalogImplementation"] = "hive",
            ["spark.dynamicAllocation.enabled"] = "true",
            ["spark.dynamicAllocation.executorAllocationRatio"] = "1",
            ["spark.dynamicAllocation.shuffleTracking.enabled"] = "true",
            ["spark.dynamicAllocation.shuffleTracking.timeout"] = "300s",
            ["spark.dynamicAllocation.minExecutors"] = least,
            ["spark.dynamicAllocation.maxExecutors"] = most,
            [$"{Spark}allocation.batch.size"] = batch,
            [$"{Spark}executor.request.cores"] = executor.Cores,
            ["spark.executor.memory"] = executor.Memory,
            [$"{Spark}driver.request.cores"] = driver.Cores,
            ["spark.driver.memory"] = driver.Memory,
            [$"{Spark}driver.podTemplateFile"] = _templates($"{name}-driver.yaml"),
            [$"{Spark}executor.podTemplateFile"] = _templates($"{name}-executor.yaml"),
        },
        LogGroup = $"{_logGroups}{name}",
        LogStreamPrefix = "default",
    };
}
