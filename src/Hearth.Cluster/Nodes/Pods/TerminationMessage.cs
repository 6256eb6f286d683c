using System.Text;
using Hearth.Cluster.Nodes.Containers;
using Hearth.Cluster.Nodes.Images;
using Hearth.Kube.Client;
using Hearth.Kube.Core;

namespace Hearth.Cluster.Nodes.Pods;

/// <summary>
/// What a container says when it ends: the first 4096 bytes of the file at <c>terminationMessagePath</c>, or, with the policy
/// <c>FallbackToLogsOnError</c>, the end of its log when it failed and wrote nothing there (at most 2048 bytes or 80 lines). Source: Kubernetes,
/// "Determine the reason for Pod failure". The file lies outside of the container and is mounted into it, so that nothing in the container can
/// make this process read another file.
/// </summary>
/// <param name="file">On this machine.</param>
/// <param name="path">In the container.</param>
/// <param name="fallsBack">Whether the log stands in for an empty file.</param>
internal sealed class TerminationMessage(string file, string path, bool fallsBack)
{
    private const int MostBytes = 4096;
    private const int MostLogBytes = 2048;
    private const int MostLogLines = 80;

    /// <summary>An empty file for one run of a container.</summary>
    public static TerminationMessage Create(PodContext context, Container container, int run)
    {
        var directory = Directory.CreateDirectory(Path.Combine(context.Options.PodDirectory(context.Pod), "termination")).FullName;
        var file = Path.Combine(directory, FormattableString.Invariant($"{container.Name}-{run}"));
        File.WriteAllBytes(file, []);
        return new TerminationMessage(file, container.TerminationMessagePath ?? "/dev/termination-log", container.TerminationMessagePolicy == "FallbackToLogsOnError");
    }

    /// <summary>The file in the container; null when it would lie in a volume, which may be read-only or somebody else's.</summary>
    /// <param name="others">The container's other mounts.</param>
    public HostMount? Mount(IEnumerable<HostMount> others) =>
        path.StartsWith('/') && !others.Any(m => path == m.Target || path.StartsWith(m.Target.TrimEnd('/') + "/", StringComparison.Ordinal)) ? new HostMount(file, path, Writable: true) : null;

    /// <summary>The message; null when there is none.</summary>
    public async Task<string?> ReadAsync(bool failed, string log, TimeProvider time)
    {
        try
        {
            var said = Head(await File.ReadAllBytesAsync(file).ConfigureAwait(false));
            return said.Length > 0 || !failed || !fallsBack ? Some(said) : Some(await TailAsync(log, time).ConfigureAwait(false));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? Some(string text) => text.Length == 0 ? null : text;

    private static string Head(byte[] bytes) => Encoding.UTF8.GetString(bytes.AsSpan(0, Math.Min(bytes.Length, MostBytes)));

    private static async Task<string> TailAsync(string log, TimeProvider time)
    {
        var stream = LogReader.Open(log, null, new LogOptions { TailLines = MostLogLines }, time, CancellationToken.None);
        await using (stream.ConfigureAwait(false))
        {
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes).ConfigureAwait(false);
            var end = bytes.GetBuffer().AsSpan(0, (int)bytes.Length);
            return Encoding.UTF8.GetString(end[^Math.Min(end.Length, MostLogBytes)..]);
        }
    }
}
