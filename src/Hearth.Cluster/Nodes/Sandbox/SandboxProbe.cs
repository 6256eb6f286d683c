using System.Diagnostics;

namespace Hearth.Cluster.Nodes.Sandbox;

/// <summary>Finds out whether this machine can sandbox processes.</summary>
public static class SandboxProbe
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    /// <summary>The path of a bubblewrap that works, or the reason why there is none together with the way on.</summary>
    public static async Task<(string? Bwrap, string? Problem)> FindAsync(CancellationToken ct)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin").Split(':')
            .Select(d => Path.Combine(d, "bwrap")).FirstOrDefault(File.Exists);
        if (path is null)
        {
            return (null, "bubblewrap is not installed, and without it Hearth does not run job code; install it (Debian/Ubuntu: apt-get install bubblewrap) or accept the risk with --sandbox none");
        }

        var start = new ProcessStartInfo(path, ["--unshare-user", "--unshare-pid", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "--", "true"])
        {
            RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true,
        };
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(Deadline);
        using var process = Process.Start(start)!;
        var error = await process.StandardError.ReadToEndAsync(deadline.Token).ConfigureAwait(false);
        await process.WaitForExitAsync(deadline.Token).ConfigureAwait(false);
        return process.ExitCode == 0
            ? (path, null)
            : (null, $"bubblewrap cannot create namespaces here ({error.Trim()}); allow unprivileged user namespaces, or accept the risk with --sandbox none");
    }
}
