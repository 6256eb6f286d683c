using System.Collections.Immutable;
using System.Globalization;
using Hearth.Jobs.Spark;

namespace Hearth.Jobs.Driver.Scaling;

/// <summary>Bounds and times of dynamic allocation. Source: Spark 3.5.3, ExecutorAllocationManager and ExecutorMonitor.</summary>
/// <param name="Min">Fewest executors wanted.</param>
/// <param name="Max">Most executors wanted.</param>
/// <param name="Ratio">Share of full parallelism that is asked for, above 0 and at most 1.</param>
/// <param name="TasksPerExecutor">Tasks that an executor runs at a time.</param>
/// <param name="Backlog">Tasks must wait so long before the first executor is added.</param>
/// <param name="Sustained">Time between further additions.</param>
/// <param name="Idle">An executor without work is removed after this time.</param>
/// <param name="CachedIdle">The same while the application keeps cached data; null is never.</param>
public sealed record DynamicAllocationSettings(int Min, int Max, double Ratio, int TasksPerExecutor, TimeSpan Backlog, TimeSpan Sustained, TimeSpan Idle, TimeSpan? CachedIdle)
{
    private const string Prefix = "spark.dynamicAllocation.";

    /// <summary>Reads settings; null when dynamic allocation is off.</summary>
    /// <exception cref="SparkConfException">A value that Spark refuses too.</exception>
    public static DynamicAllocationSettings? Of(SparkConf conf)
    {
        if (!conf.Flag(Prefix + "enabled", false))
        {
            return null;
        }

        var backlog = conf.Time(Prefix + "schedulerBacklogTimeout", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        var settings = new DynamicAllocationSettings(
            conf.Int(Prefix + "minExecutors", 0),
            conf.Get(Prefix + "maxExecutors") is "infinity" ? int.MaxValue : conf.Int(Prefix + "maxExecutors", int.MaxValue),
            conf.Number(Prefix + "executorAllocationRatio") ?? 1,
            Math.Max(1, conf.Int("spark.executor.cores", 1) / Math.Max(1, conf.Int("spark.task.cpus", 1))),
            backlog,
            conf.Time(Prefix + "sustainedSchedulerBacklogTimeout", backlog, TimeSpan.FromSeconds(1)),
            conf.Time(Prefix + "executorIdleTimeout", TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(1)),
            conf.Get(Prefix + "cachedExecutorIdleTimeout") is null or "infinity" ? null : conf.Time(Prefix + "cachedExecutorIdleTimeout", TimeSpan.Zero, TimeSpan.FromSeconds(1)));
        settings.Check(conf);
        return settings;
    }

    private void Check(SparkConf conf)
    {
        var problem = this switch
        {
            { Min: < 0 } or { Max: < 0 } => $"{Prefix}minExecutors and {Prefix}maxExecutors must be positive!",
            { Max: 0 } => $"{Prefix}maxExecutors cannot be 0!",
            _ when Min > Max => string.Create(CultureInfo.InvariantCulture, $"{Prefix}minExecutors ({Min}) must be less than or equal to {Prefix}maxExecutors ({Max})!"),
            _ when Backlog <= TimeSpan.Zero => $"{Prefix}schedulerBacklogTimeout must be > 0!",
            _ when Sustained <= TimeSpan.Zero => $"{Prefix}sustainedSchedulerBacklogTimeout must be > 0!",
            _ when Ratio is <= 0 or > 1 => $"{Prefix}executorAllocationRatio must be > 0 and <= 1.0",
            _ when KeepsNoShuffle(conf) =>
                "Dynamic allocation of executors requires a way to keep shuffle data: enable spark.dynamicAllocation.shuffleTracking.enabled, or spark.decommission.enabled with spark.storage.decommission.shuffleBlocks.enabled",
            _ => null,
        };
        if (problem is not null)
        {
            throw new SparkConfException(problem);
        }
    }

    private static bool KeepsNoShuffle(SparkConf conf) =>
        !conf.Flag(Prefix + "shuffleTracking.enabled", true)
        && !conf.Flag("spark.shuffle.service.enabled", false)
        && conf.Get("spark.shuffle.sort.io.plugin.class") is null
        && !(conf.Flag("spark.decommission.enabled", false) && conf.Flag("spark.storage.decommission.shuffleBlocks.enabled", false));
}

/// <summary>What an application has to do.</summary>
/// <param name="Tasks">Tasks that run or wait.</param>
/// <param name="HasCache">Whether it keeps cached data.</param>
public sealed record DynamicLoad(int Tasks, bool HasCache)
{
    /// <summary>Nothing.</summary>
    public static DynamicLoad None { get; } = new(0, false);
}

/// <summary>What dynamic allocation remembers.</summary>
/// <param name="Target">How many executors are wanted.</param>
public sealed record DynamicState(int Target)
{
    /// <summary>How many the next addition brings: 1, 2, 4, 8 …</summary>
    public int ToAdd { get; init; } = 1;

    /// <summary>When the next addition is due; null while nothing waits.</summary>
    public DateTimeOffset? AddAt { get; init; }

    /// <summary>True until there was work for the first time: the first executors are kept until then.</summary>
    public bool Initializing { get; init; } = true;

    /// <summary>Since when executors have nothing to do.</summary>
    public ImmutableDictionary<int, DateTimeOffset> IdleSince { get; init; } = ImmutableDictionary<int, DateTimeOffset>.Empty;
}

/// <summary>What to do now.</summary>
/// <param name="State">The next memory.</param>
/// <param name="Remove">Ids of executors that have been idle for too long.</param>
public sealed record DynamicStep(DynamicState State, IReadOnlyList<int> Remove)
{
    /// <summary>
    /// The next step: the target grows exponentially while tasks wait, falls to what is needed at once, and executors go when they were idle long enough.
    /// Source: Spark 3.5.3, ExecutorAllocationManager.schedule.
    /// </summary>
    /// <param name="state">What is remembered.</param>
    /// <param name="load">What there is to do.</param>
    /// <param name="running">Ids of executors that run.</param>
    /// <param name="settings">Bounds and times.</param>
    /// <param name="now">The moment.</param>
    public static DynamicStep Next(DynamicState state, DynamicLoad load, IReadOnlyCollection<int> running, DynamicAllocationSettings settings, DateTimeOffset now)
    {
        var isBacklogged = load.Tasks > (long)running.Count * settings.TasksPerExecutor;
        var idle = Idle(state, load, running, settings, now);
        var timeout = load.HasCache ? settings.CachedIdle : settings.Idle;
        var tired = idle.Where(i => timeout is { } limit && now - i.Value >= limit).OrderBy(i => i.Value).ThenByDescending(i => i.Key).Select(i => i.Key).ToArray();
        var next = state with
        {
            IdleSince = idle,
            Initializing = state.Initializing && load.Tasks == 0 && tired.Length == 0,
            AddAt = isBacklogged ? state.AddAt ?? now + settings.Backlog : null,
            ToAdd = isBacklogged ? state.ToAdd : 1,
        };
        next = next.Initializing ? next : Aim(next, load, running.Count, settings, now);
        return new DynamicStep(next, Removable(tired, next.Target, running.Count, settings));
    }

    // Tasks go to the executors with the lowest ids, so that the same ones stay busy and the others can go.
    private static ImmutableDictionary<int, DateTimeOffset> Idle(DynamicState state, DynamicLoad load, IReadOnlyCollection<int> running, DynamicAllocationSettings settings, DateTimeOffset now)
    {
        var busy = (int)Math.Min(running.Count, (load.Tasks + (long)settings.TasksPerExecutor - 1) / settings.TasksPerExecutor);
        return running.Order().Skip(busy).ToImmutableDictionary(id => id, id => state.IdleSince.GetValueOrDefault(id, now));
    }

    private static DynamicState Aim(DynamicState state, DynamicLoad load, int running, DynamicAllocationSettings settings, DateTimeOffset now)
    {
        var needed = (int)Math.Min(int.MaxValue, Math.Ceiling(load.Tasks * settings.Ratio / settings.TasksPerExecutor));
        if (needed < state.Target)
        {
            return state with { Target = Math.Min(state.Target, Math.Max(needed, settings.Min)), ToAdd = 1 };
        }

        if (state.AddAt is not { } due || now < due)
        {
            return state;
        }

        var target = state.Target >= settings.Max
            ? state.Target
            : Math.Clamp((int)Math.Min(needed, (long)Math.Max(state.Target, running) + state.ToAdd), settings.Min, settings.Max);
        return state with
        {
            Target = target,
            ToAdd = target - state.Target == state.ToAdd ? (int)Math.Min(int.MaxValue / 2, 2L * state.ToAdd) : 1,
            AddAt = now + settings.Sustained,
        };
    }

    private static IReadOnlyList<int> Removable(int[] tired, int target, int running, DynamicAllocationSettings settings) =>
        [.. tired.Take(Math.Max(0, running - Math.Max(target, settings.Min)))];
}
