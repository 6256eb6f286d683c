using System.Runtime.InteropServices;

namespace Hearth.Jobs.Driver;

/// <summary>
/// What runs in an executor container of the embedded engine: it holds the pod's capacity, says so, and ends when it is told to.
/// It becomes a shell that waits, so that forty executors cost forty shells and not forty runtimes.
/// </summary>
public static class ExecutorProgram
{
    private const string Waiter = """
        trap 'echo "$(date +"%y/%m/%d %H:%M:%S") INFO CoarseGrainedExecutorBackend: Driver commanded a shutdown" >&2; exit 0' TERM INT
        sleep infinity &
        wait $!
        """;

    /// <summary>Announces the executor and waits for its end. Returns only when it cannot become the waiting shell.</summary>
    /// <returns>Exit code.</returns>
    public static int Run(TextWriter error, TimeProvider time)
    {
        var log = new DriverLog(error, time);
        var id = Environment.GetEnvironmentVariable("SPARK_EXECUTOR_ID") ?? "?";
        var cores = Environment.GetEnvironmentVariable("SPARK_EXECUTOR_CORES") ?? "?";
        var memory = Environment.GetEnvironmentVariable("SPARK_EXECUTOR_MEMORY") ?? "?";
        log.Info("CoarseGrainedExecutorBackend", $"Successfully registered with driver {Environment.GetEnvironmentVariable("SPARK_DRIVER_URL")}");
        log.Info("Executor", $"Starting executor ID {id} on host {Environment.MachineName} with {cores} cores and {memory} of memory");
        log.Info("Executor", "The embedded engine does the data work in the driver; this executor holds cores, memory and local disks");
        _ = Execute("/bin/sh", ["/bin/sh", "-c", Waiter, null]);
        log.Error("CoarseGrainedExecutorBackend", $"/bin/sh cannot be run (error {Marshal.GetLastPInvokeError()})");
        return 127;
    }

    [DllImport("libc", EntryPoint = "execv", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Execute(string path, string?[] arguments);
}
