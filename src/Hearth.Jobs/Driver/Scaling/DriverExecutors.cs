using Hearth.Jobs.Driver.Events;
using Hearth.Jobs.Spark;

namespace Hearth.Jobs.Driver.Scaling;

/// <summary>How an application wants its executors.</summary>
/// <param name="Allocation">How they are asked for.</param>
/// <param name="Dynamic">How their number follows the work; null when it is fixed.</param>
internal sealed record ExecutorPlan(AllocationSettings Allocation, DynamicAllocationSettings? Dynamic)
{
    /// <summary>Reads settings; null when the application wants none: it runs in the driver alone, or asks for zero.</summary>
    /// <exception cref="SparkConfException">A value is wrong.</exception>
    public static ExecutorPlan? Of(SparkConf conf)
    {
        var allocation = AllocationSettings.Of(conf);
        var dynamic = DynamicAllocationSettings.Of(conf);
        return allocation.IsLocal || (allocation.Instances == 0 && dynamic is null) ? null : new ExecutorPlan(allocation, dynamic);
    }
}

/// <summary>The executors of a running application: the pool, what scales it, and the engine's threads that follow their cores.</summary>
internal sealed class DriverExecutors : IAsyncDisposable
{
    private readonly ExecutorPlan _plan;
    private readonly ExecutorPool _pool;
    private readonly DriverLog _log;
    private readonly ProgressReporter _progress;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private Task _scaling = Task.CompletedTask;

    private DriverExecutors(ExecutorPlan plan, ExecutorPool pool, DriverLog log, ProgressReporter progress, TimeProvider time) =>
        (_plan, _pool, _log, _progress, _time) = (plan, pool, log, progress, time);

    /// <summary>Fails when too many executors did.</summary>
    public Task Failed => _pool.Failed;

    /// <summary>Threads for a number of cores: at least one, no more than the machine has.</summary>
    public static int Threads(int cores) => Math.Clamp(cores, 1, Environment.ProcessorCount);

    /// <summary>Begins to ask for executors.</summary>
    public static async Task<DriverExecutors> StartAsync(
        SparkApplication app, ExecutorPlan plan, DriverHost host, EventLog events, DriverLog log, ProgressReporter progress, CancellationToken ct)
    {
        var request = await DriverApplication.ExecutorsAsync(app, host.Client!, host, ct).ConfigureAwait(false);
        var pool = new ExecutorPool(host.Client!, request, plan.Allocation, log, host.Time);
        events.Follow(pool);
        pool.Start();
        return new DriverExecutors(plan, pool, log, progress, host.Time);
    }

    /// <summary>Completes when enough executors run for work to start; from then on the engine's threads, and with dynamic allocation the executors, follow.</summary>
    public async Task ReadyAsync(IEngineSession engine, CancellationToken ct)
    {
        _progress.Update(p => p with { Phase = "waiting for executors" });
        _pool.RunningChanged += running => Resize(engine, running);
        await Task.WhenAny(_pool.EnoughAsync(ct), _pool.Failed).Unwrap().ConfigureAwait(false);
        Resize(engine, _pool.Running);
        if (_plan.Dynamic is { } settings)
        {
            DynamicLoad Load() => engine.Load is { } load ? new DynamicLoad(load.Tasks, load.HasCache) : DynamicLoad.None;
            var scaler = new ExecutorScaler(_pool, settings, Load, target => _progress.Update(p => p with { ExecutorsRequested = target }), _log, _time);
            _scaling = scaler.RunAsync(_stop.Token);
        }
    }

    /// <summary>Stops scaling, then deletes every executor.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _scaling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _pool.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private void Resize(IEngineSession engine, int running)
    {
        var threads = Threads(running * _plan.Allocation.CoresEach);
        engine.SetThreads(threads);
        _progress.Update(p => p with { Threads = threads });
    }
}
