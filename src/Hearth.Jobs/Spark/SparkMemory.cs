namespace Hearth.Jobs.Spark;

/// <summary>Memory of one container, all in MiB.</summary>
/// <param name="Heap"><c>spark.{driver,executor}.memory</c>.</param>
/// <param name="Overhead">What the process needs beside it.</param>
/// <param name="OffHeap"><c>spark.memory.offHeap.size</c> when it is enabled (executors).</param>
/// <param name="Python"><c>spark.executor.pyspark.memory</c> of a Python application (executors).</param>
public sealed record SparkMemory(long Heap, long Overhead, long OffHeap = 0, long Python = 0)
{
    /// <summary>Smallest overhead that Spark 3.5 reserves, MiB.</summary>
    public const long MinOverhead = 384;

    /// <summary>What the pod requests and is limited to, MiB.</summary>
    public long Total => Heap + Overhead + OffHeap + Python;

    /// <summary>A driver's memory. Source: Spark 3.5.3, BasicDriverFeatureStep.</summary>
    public static SparkMemory OfDriver(SparkConf conf, bool isPython)
    {
        var heap = HeapSize(conf, "spark.driver.memory");
        return new(heap, conf.Mebibytes("spark.driver.memoryOverhead") ?? Share(heap, Factor(conf, "driver", isPython)));
    }

    /// <summary>An executor's memory. Source: Spark 3.5.3, ResourceProfile and BasicExecutorFeatureStep.</summary>
    public static SparkMemory OfExecutor(SparkConf conf, bool isPython)
    {
        var heap = HeapSize(conf, "spark.executor.memory");
        return new(
            heap,
            conf.Mebibytes("spark.executor.memoryOverhead") ?? Share(heap, Factor(conf, "executor", isPython)),
            conf.Flag("spark.memory.offHeap.enabled", false) ? OffHeapSize(conf) : 0,
            isPython ? conf.Mebibytes("spark.executor.pyspark.memory") ?? 0 : 0);
    }

    /// <summary>The factor that submission hands down to the executors: 0.1, or 0.4 for Python.</summary>
    public static double DefaultFactor(SparkConf conf, bool isPython) =>
        conf.Number("spark.kubernetes.memoryOverheadFactor") ?? (isPython ? 0.4 : 0.1);

    private static double Factor(SparkConf conf, string role, bool isPython) =>
        conf.Number($"spark.{role}.memoryOverheadFactor") ?? DefaultFactor(conf, isPython);

    // Spark truncates a double product; the same arithmetic gives the same MiB.
    private static long Share(long heap, double factor) => Math.Max((long)(factor * heap), MinOverhead);

    private static long HeapSize(SparkConf conf, string key)
    {
        var heap = conf.Mebibytes(key) ?? 1024;
        return heap > 0 ? heap : throw new SparkConfException($"{key} must be positive, but was {conf.Get(key)}");
    }

    private static long OffHeapSize(SparkConf conf)
    {
        // This one is counted in bytes when it has no unit.
        var text = conf.Get("spark.memory.offHeap.size", "0").Trim();
        var size = SparkUnits.Mebibytes("spark.memory.offHeap.size", text.Length > 0 && char.IsAsciiDigit(text[^1]) ? text + "b" : text);
        return size > 0 ? size : throw new SparkConfException("spark.memory.offHeap.size must be > 0 when spark.memory.offHeap.enabled == true");
    }
}
