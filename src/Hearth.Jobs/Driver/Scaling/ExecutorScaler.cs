using System.Globalization;

namespace Hearth.Jobs.Driver.Scaling;

/// <summary>Lets the number of executors follow the work: looks ten times a second, as Spark's ExecutorAllocationManager does.</summary>
/// <param name="pool">The executors.</param>
/// <param name="settings">Bounds and times.</param>
/// <param name="load">What there is to do now.</param>
/// <param name="targetChanged">Hears how many executors are wanted.</param>
/// <param name="log">The driver's log.</param>
/// <param name="time">Clock.</param>
internal sealed class ExecutorScaler(ExecutorPool pool, DynamicAllocationSettings settings, Func<DynamicLoad> load, Action<int> targetChanged, DriverLog log, TimeProvider time)
{
    private const string Name = "ExecutorAllocationManager";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var state = new DynamicState(pool.Target);
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(ct).ConfigureAwait(false))
        {
            var step = DynamicStep.Next(state, load(), pool.RunningIds, settings, time.GetUtcNow());
            Tell(state.Target, step);
            if (step.State.Target != state.Target || step.Remove.Count > 0)
            {
                pool.SetTarget(step.State.Target, step.Remove);
            }

            state = step.State;
        }
    }

    private void Tell(int before, DynamicStep step)
    {
        var after = step.State.Target;
        if (after > before)
        {
            log.Info(Name, string.Create(CultureInfo.InvariantCulture, $"Requesting {after - before} new executor{(after - before == 1 ? "" : "s")} because tasks are backlogged (new desired total will be {after} for resource profile id: 0)"));
        }

        if (after != before)
        {
            targetChanged(after);
        }

        if (step.Remove.Count > 0)
        {
            log.Info(Name, $"Executors {string.Join(',', step.Remove)} removed due to idle timeout.");
        }
    }
}
