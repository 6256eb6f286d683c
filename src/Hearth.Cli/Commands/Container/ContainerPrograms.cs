using System.Runtime.InteropServices;
using Hearth.Jobs.Driver;
using Hearth.Kube.Client;
using Hearth.Kube.Config;

namespace Hearth.Cli.Commands.Container;

/// <summary>
/// What this program is inside Spark containers: <c>hearth driver ...</c> and <c>hearth executor</c>, with the arguments that Spark's image gets.
/// They are not commands for people, so the command tree (and its start-up cost) stays out of their way.
/// </summary>
internal static class ContainerPrograms
{
    /// <summary>Runs the container's program; null when the arguments are a person's.</summary>
    public static async Task<int?> TryRunAsync(string[] args) => args switch
    {
        ["driver", ..] => await DriverAsync(args).ConfigureAwait(false),
        ["executor", ..] => ExecutorProgram.Run(System.Console.Error, TimeProvider.System),
        _ => null,
    };

    private static async Task<int> DriverAsync(string[] args)
    {
        using var stop = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, stop));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, stop));
        using var client = InClusterConfig.IsPresent ? new RestKubeClient(InClusterConfig.Read(TimeProvider.System), "hearth-driver") : null;
        var host = new DriverHost { Engine = new EngineHost(), Client = client, Home = Environment.GetEnvironmentVariable("HEARTH_HOME") };
        return await new DriverProgram(host).RunAsync(args, stop.Token).ConfigureAwait(false);
    }

    private static void Stop(PosixSignalContext context, CancellationTokenSource stop)
    {
        context.Cancel = true;
        stop.Cancel();
    }
}
