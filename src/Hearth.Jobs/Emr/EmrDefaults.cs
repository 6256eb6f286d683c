using Hearth.Jobs.Spark;

namespace Hearth.Jobs.Emr;

/// <summary>Settings that EMR on EKS puts under every job, and those that it alone decides. Source: a dump of a live cluster and the Development Guide.</summary>
internal static class EmrDefaults
{
    private static readonly HashSet<string> Owned = new(StringComparer.Ordinal)
    {
        "spark.master",
        "spark.submit.deployMode",
        "spark.kubernetes.namespace",
        "spark.kubernetes.driver.pod.name",
        "spark.kubernetes.container.image.pullPolicy",
        "spark.kubernetes.authenticate.driver.serviceAccountName",
        "spark.kubernetes.authenticate.executor.serviceAccountName",
        "spark.app.id",
    };

    /// <summary>The lowest layer.</summary>
    public static SparkConf Base(string releaseLabel) => SparkConf.Of(
    [
        new("spark.driver.cores", "1"),
        new("spark.driver.memory", "1G"),
        new("spark.executor.cores", "1"),
        new("spark.executor.memory", "1G"),
        new("spark.dynamicAllocation.enabled", "false"),
        new("spark.shuffle.service.enabled", "false"),
        new("spark.authenticate", "true"),
        new("spark.eventLog.enabled", "true"),
        new("spark.eventLog.dir", "file:///var/log/spark/apps"),
        new("spark.eventLog.logBlockUpdates.enabled", "true"),
        new("spark.hadoop.fs.defaultFS", "file:///"),
        new("spark.kubernetes.container.image", EmrNames.Image(releaseLabel)),
        new("spark.kubernetes.driver.podTemplateContainerName", SparkNames.DriverContainer),
        new("spark.kubernetes.executor.podTemplateContainerName", SparkNames.ExecutorContainer),
        new("spark.kubernetes.driver.podTemplateValidation.enabled", "true"),
        new("spark.kubernetes.executor.podTemplateValidation.enabled", "true"),
    ]);

    /// <summary>The highest layer.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Enforced(string ns, string podName, string driverAccount, string executorAccount) =>
    [
        new("spark.master", "k8s://https://kubernetes.default.svc:443"),
        new("spark.submit.deployMode", "cluster"),
        new("spark.kubernetes.namespace", ns),
        new("spark.kubernetes.driver.pod.name", podName),
        new("spark.kubernetes.container.image.pullPolicy", "Always"),
        new("spark.kubernetes.authenticate.driver.serviceAccountName", driverAccount),
        new("spark.kubernetes.authenticate.executor.serviceAccountName", executorAccount),
    ];

    /// <summary>One sentence for each setting of the user's that has no effect.</summary>
    public static IEnumerable<string> Ineffective(SparkConf user) =>
        user.Values.Keys.Where(Owned.Contains).Select(k => $"{k} is set by the service; the job's value is ignored");
}
