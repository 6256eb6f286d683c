using System.Globalization;
using Hearth.Jobs.Spark;

namespace Hearth.Jobs.Driver.Scaling;

/// <summary>How executors are asked for.</summary>
/// <param name="Instances">How many at the start.</param>
/// <param name="BatchSize">Most pods a batch.</param>
/// <param name="BatchDelay">Time between batches.</param>
/// <param name="PodTimeout">After this time a created pod that nobody has seen is given up.</param>
/// <param name="MaxFailures">More failed executors than this end the application.</param>
/// <param name="CoresEach">Cores of an executor, for the engine's threads.</param>
/// <param name="RegisteredRatio">Share of the executors that must run before work starts.</param>
/// <param name="RegisteredWait">After this time fewer will do, but never none.</param>
/// <param name="IsLocal">The application runs in the driver alone (<c>spark.kubernetes.driver.master=local[*]</c>).</param>
public sealed record AllocationSettings(
    int Instances, int BatchSize, TimeSpan BatchDelay, TimeSpan PodTimeout, int MaxFailures, int CoresEach, double RegisteredRatio, TimeSpan RegisteredWait, bool IsLocal)
{
    /// <summary>Reads settings. Source: Spark 3.5.3, Config.scala and SchedulerBackendUtils.</summary>
    /// <exception cref="SparkConfException">A value is wrong.</exception>
    public static AllocationSettings Of(SparkConf conf)
    {
        var instances = conf.Int("spark.executor.instances", 2);
        var most = instances;
        if (conf.Flag("spark.dynamicAllocation.enabled", false))
        {
            var least = conf.Int("spark.dynamicAllocation.minExecutors", 0);
            instances = Math.Max(Math.Max(least, conf.Int("spark.dynamicAllocation.initialExecutors", least)), conf.Int("spark.executor.instances", 0));
            most = DynamicAllocationSettings.Of(conf)!.Max;
        }

        if (instances < 0)
        {
            throw new SparkConfException($"spark.executor.instances must not be negative, but was {instances.ToString(CultureInfo.InvariantCulture)}");
        }

        var delay = conf.Time("spark.kubernetes.allocation.batch.delay", TimeSpan.FromSeconds(1));
        var timeout = conf.Time("spark.kubernetes.allocation.executor.timeout", TimeSpan.FromSeconds(600));
        return new AllocationSettings(
            instances,
            Math.Max(1, conf.Int("spark.kubernetes.allocation.batch.size", 5)),
            delay,
            timeout > delay * 5 ? timeout : delay * 5,
            conf.Int("spark.executor.maxNumFailures", (int)Math.Min(int.MaxValue, Math.Max(3, 2L * most))),
            Math.Max(1, conf.Int("spark.executor.cores", 1)),
            conf.Number("spark.scheduler.minRegisteredResourcesRatio") ?? 0.8,
            conf.Time("spark.scheduler.maxRegisteredResourcesWaitingTime", TimeSpan.FromSeconds(30)),
            conf.Get("spark.kubernetes.driver.master", "").StartsWith("local", StringComparison.Ordinal));
    }

    /// <summary>How many running executors let work start.</summary>
    /// <param name="target">How many are wanted.</param>
    /// <param name="waited">Time since they were asked for.</param>
    public int Enough(int target, TimeSpan waited) => target == 0 ? 0 : waited >= RegisteredWait ? 1 : Math.Max(1, (int)Math.Ceiling(target * RegisteredRatio));
}

/// <summary>An executor that was asked for.</summary>
/// <param name="Id">Counts from 1.</param>
/// <param name="AskedAt">When.</param>
/// <param name="Phase">Phase of its pod: <c>Pending</c>, <c>Running</c>, <c>Succeeded</c>, <c>Failed</c>; null while nobody has seen the pod; <c>Gone</c> once it was deleted.</param>
public sealed record ExecutorSeen(int Id, DateTimeOffset AskedAt, string? Phase);

/// <summary>What to do about executors.</summary>
/// <param name="Create">How many to ask for now.</param>
/// <param name="Remove">Ids to delete: ended, given up, or more than wanted.</param>
public sealed record AllocationStep(int Create, IReadOnlyList<int> Remove)
{
    /// <summary>
    /// The next step: a batch only when every pod asked for before has been seen; the youngest waiting ones go first when there are too many.
    /// Source: Spark 3.5.3, ExecutorPodsAllocator.
    /// </summary>
    /// <param name="target">How many are wanted.</param>
    /// <param name="executors">Those that were asked for.</param>
    /// <param name="retired">Those that have been idle for too long.</param>
    /// <param name="settings">How executors are asked for.</param>
    /// <param name="now">The moment.</param>
    public static AllocationStep Next(int target, IReadOnlyList<ExecutorSeen> executors, IReadOnlyCollection<int> retired, AllocationSettings settings, DateTimeOffset now)
    {
        var lost = executors.Where(e => e.Phase is null && now - e.AskedAt > settings.PodTimeout).Select(e => e.Id);
        var ended = executors.Where(e => e.Phase is "Succeeded" or "Failed").Select(e => e.Id);
        var remove = lost.Concat(ended).Concat(executors.Where(e => retired.Contains(e.Id)).Select(e => e.Id)).ToHashSet();
        var alive = executors.Where(e => e.Phase != "Gone" && !remove.Contains(e.Id)).ToArray();
        if (alive.Length > target)
        {
            remove.UnionWith(alive.Where(e => e.Phase != "Running").OrderByDescending(e => e.Id).Take(alive.Length - target).Select(e => e.Id));
        }

        var unseen = alive.Any(e => e.Phase is null);
        return new AllocationStep(unseen ? 0 : Math.Clamp(target - alive.Length, 0, settings.BatchSize), [.. remove.Order()]);
    }
}
