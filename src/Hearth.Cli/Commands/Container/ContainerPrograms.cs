using System.Runtime.InteropServices;
using Hearth.Cluster.Nodes.Sandbox;
using Hearth.Jobs.Driver;
using Hearth.Jobs.Runner;
using Hearth.Kube.Client;
using Hearth.Kube.Config;

namespace Hearth.Cli.Commands.Container;

/// <summary>
/// What this program is inside Spark containers: <c>hearth driver ...</c> and <c>hearth executor</c>, with the arguments that Spark's image gets, and
/// <c>hearth job-runner ...</c>, which submits.
/// They are not commands for people, so the command tree (and its start-up cost) stays out of their way.
/// </summary>
internal static class ContainerPrograms
{
    /// <summary>Runs the container's program; null when the arguments are a person's.</summary>
    public static async Task<int?> TryRunAsync(string[] args) => args switch
    {
        ["driver", ..] => await DriverAsync(args).ConfigureAwait(false),
        ["job-runner", ..] => await JobRunnerAsync(args).ConfigureAwait(false),
        ["executor", ..] => ExecutorProgram.Run(System.Console.Error, TimeProvider.System),
        _ => null,
    };

    private static async Task<int> DriverAsync(string[] args)
    {
        using var stop = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, stop));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, stop));
        var account = LocalPath(InClusterConfig.Directory);
        using var client = File.Exists(Path.Combine(account, "token")) ? new RestKubeClient(InClusterConfig.Read(TimeProvider.System, account), "hearth-driver") : null;
        var host = new DriverHost { Engine = new EngineHost(), Client = client, Home = Environment.GetEnvironmentVariable("HEARTH_HOME"), LocalPath = LocalPath };
        return await new DriverProgram(host).RunAsync(args, stop.Token).ConfigureAwait(false);
    }

    private static async Task<int> JobRunnerAsync(string[] args)
    {
        using var stop = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, stop));
        var account = LocalPath(InClusterConfig.Directory);
        using var client = new RestKubeClient(InClusterConfig.Read(TimeProvider.System, account), "hearth-job-runner");
        var ns = (await File.ReadAllTextAsync(Path.Combine(account, "namespace"), stop.Token).ConfigureAwait(false)).Trim();
        return await new RunnerProgram(new RunnerHost { Client = client, Namespace = ns, LocalPath = LocalPath }).RunAsync(args, stop.Token).ConfigureAwait(false);
    }

    /// <summary>Without a sandbox a container's paths lie elsewhere; it is told where.</summary>
    private static string LocalPath(string path)
    {
        foreach (var mount in (Environment.GetEnvironmentVariable(NoSandbox.MountsVariable) ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = mount.IndexOf('=', StringComparison.Ordinal);
            var target = mount[..at];
            if (path == target || path.StartsWith(target + "/", StringComparison.Ordinal))
            {
                return mount[(at + 1)..] + path[target.Length..];
            }
        }

        return path;
    }

    private static void Stop(PosixSignalContext context, CancellationTokenSource stop)
    {
        context.Cancel = true;
        stop.Cancel();
    }
}
