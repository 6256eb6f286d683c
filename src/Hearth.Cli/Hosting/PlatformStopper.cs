using Hearth.Cli.CommandLine;

namespace Hearth.Cli.Hosting;

/// <summary>Stops the platform of a data directory from another process: asks, waits, and insists only after a deadline.</summary>
internal static class PlatformStopper
{
    private static readonly TimeSpan PoliteDeadline = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan ForcedDeadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(25);

    /// <summary>True when something ran and was stopped. The lock proves that the process is ours: a reused pid cannot hold it.</summary>
    public static async Task<bool> StopAsync(CliContext context, DataDirectory data, CancellationToken cancellation)
    {
        if (!DataDirectoryLock.IsHeld(data))
        {
            data.RemoveEndpoints();
            return false;
        }

        var pid = DataDirectoryLock.HolderPid(data)
            ?? throw new CliException($"{data.Path} is in use, but {data.In("hearth.pid")} does not say by which process");
        if (!Signals.Send(pid, Signals.Terminate))
        {
            throw new CliException($"process {pid} runs the platform of {data.Path} but cannot be signalled", "Does it belong to another user?");
        }

        if (await ReleasedAsync(context, data, PoliteDeadline, cancellation))
        {
            return true;
        }

        context.Say($"hearth: process {pid} did not stop within {PoliteDeadline.TotalSeconds:0} s; ending it");
        Signals.Send(pid, Signals.Kill);
        if (!await ReleasedAsync(context, data, ForcedDeadline, cancellation))
        {
            throw new CliException($"process {pid} cannot be ended", $"The lock {data.In("hearth.lock")} is still held.");
        }

        data.RemoveEndpoints();
        return true;
    }

    private static async Task<bool> ReleasedAsync(CliContext context, DataDirectory data, TimeSpan deadline, CancellationToken cancellation)
    {
        var started = context.Clock.GetTimestamp();
        using var poll = new PeriodicTimer(PollInterval, context.Clock);
        while (DataDirectoryLock.IsHeld(data))
        {
            if (context.Clock.GetElapsedTime(started) > deadline)
            {
                return false;
            }

            await poll.WaitForNextTickAsync(cancellation);
        }

        return true;
    }
}
