using System.Globalization;
using Hearth.Kube.Core;
using Hearth.Scheduling.Fit;

namespace Hearth.Scheduling.Simulation;

/// <summary>A pod of a simulation: the object, and what decides its place.</summary>
internal sealed record SimulatedPod(Pod Object, PodInfo Info)
{
    public string Key => Info.Key;

    public static SimulatedPod Of(Pod pod) => new(pod, PodInfo.From(pod));
}

/// <summary>A job while it is played: its pods, how many of them run, and how much work is left.</summary>
internal sealed class SimulatedJob
{
    private readonly HashSet<string> _running = new(StringComparer.Ordinal);
    private TimeSpan _at;
    private int _names;

    public SimulatedJob(Submission source, int number)
    {
        (Source, Id) = (source, string.Create(CultureInfo.InvariantCulture, $"job-{number:00000}"));
        Reset();
    }

    public Submission Source { get; }

    /// <summary>Of its Spark application: another one for each attempt.</summary>
    public string Id { get; private set; }

    /// <summary>Its pods, placed or waiting.</summary>
    public Dictionary<string, SimulatedPod> Pods { get; } = new(StringComparer.Ordinal);
    public string? DriverKey { get; private set; }
    public bool DriverRuns { get; private set; }
    public TimeSpan? Started { get; private set; }
    public TimeSpan? Complete { get; private set; }
    public TimeSpan? Finished { get; set; }
    public int Lost { get; set; }
    public int Restarts { get; private set; }
    public string? Problem { get; set; }
    public double CoreSeconds { get; set; }

    /// <summary>Seconds of work that are left, of one executor.</summary>
    public double Left { get; private set; }

    /// <summary>Changes with everything that moves the end of the job: an end that was foreseen before is none.</summary>
    public int Version { get; private set; }

    /// <summary>Executors at work.</summary>
    private int Rate => !DriverRuns ? 0 : Source.Executors == 0 ? 1 : _running.Count;

    public SimulatedPod NewDriver(DateTimeOffset now) => Take(Source.Driver, "driver", now, driver: true);

    public SimulatedPod NewExecutor(DateTimeOffset now) => Take(Source.Executor, "exec", now, driver: false);

    /// <summary>A pod has its place; true when it is the driver, which now asks for executors.</summary>
    public bool Placed(string key, TimeSpan now)
    {
        Advance(now);
        var driver = key == DriverKey;
        DriverRuns |= driver;
        if (!driver)
        {
            _running.Add(key);
        }

        Complete ??= DriverRuns && _running.Count == Source.Executors ? now : null;
        Started ??= DriverRuns ? now : null;
        return driver;
    }

    /// <summary>A pod is gone.</summary>
    public void Gone(string key, TimeSpan now)
    {
        Advance(now);
        _running.Remove(key);
        Pods.Remove(key);
        DriverRuns &= key != DriverKey;
    }

    /// <summary>It has lost its driver: all its work is to be done again.</summary>
    public void Restart()
    {
        Restarts++;
        Id = string.Create(CultureInfo.InvariantCulture, $"{Id.Split('.')[0]}.{Restarts}");
        Reset();
    }

    /// <summary>When it will be done as things are, or null.</summary>
    public TimeSpan? EndsAt(TimeSpan now) => Rate == 0 ? null : now + TimeSpan.FromSeconds(Left / Rate);

    private void Reset() => Left = Source.Duration.TotalSeconds * Math.Max(1, Source.Executors);

    private void Advance(TimeSpan now)
    {
        Left = Math.Max(0, Left - ((now - _at).TotalSeconds * Rate));
        _at = now;
        Version++;
    }

    private SimulatedPod Take(Pod shape, string role, DateTimeOffset now, bool driver)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{Source.Name}-{Id}-{role}-{++_names}");
        var pod = SimulatedPod.Of(shape with { Metadata = shape.Metadata with { Name = name, Uid = name, CreationTimestamp = now } });
        Pods[pod.Key] = pod;
        if (driver)
        {
            DriverKey = pod.Key;
        }

        return pod;
    }
}
