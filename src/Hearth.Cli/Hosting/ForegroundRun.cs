using Hearth.Cli.CommandLine;

namespace Hearth.Cli.Hosting;

/// <summary>A platform from lock to unlock: prepare the directory, start, announce, wait for the end, stop.</summary>
internal static class ForegroundRun
{
    /// <summary>A stop that takes longer than this is given up; the store needs no goodbye to be consistent.</summary>
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Runs until <paramref name="body"/> ends. <paramref name="body"/> gets the endpoints once everything answers.
    /// Whatever happens, what was started is stopped.
    /// </summary>
    public static async Task<T> RunAsync<T>(
        CliContext context, DataDirectory data, PlatformOptions options, Func<PlatformEndpoints, CancellationToken, Task<T>> body, CancellationToken cancellation)
    {
        data.Prepare();
        using var held = DataDirectoryLock.Take(data);
        data.RemoveEndpoints();
        PortProbe.Check(options);
        await using var host = context.Hosts.Create();
        try
        {
            var endpoints = await host.StartAsync(options, cancellation);
            endpoints = endpoints with { Pid = Environment.ProcessId, StartedAt = context.Clock.GetUtcNow() };
            data.WriteEndpoints(endpoints);
            return await body(endpoints, cancellation);
        }
        finally
        {
            data.RemoveEndpoints();
            await StopAsync(host, context);
        }
    }

    private static async Task StopAsync(IPlatformHost host, CliContext context)
    {
        using var deadline = new CancellationTokenSource(StopDeadline, context.Clock);
        try
        {
            await host.StopAsync(deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            context.Say($"hearth: not everything stopped within {StopDeadline.TotalSeconds:0} s; leaving it");
        }
    }
}
