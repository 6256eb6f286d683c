using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Hearth.Cluster.Nodes.Sandbox;

/// <summary>
/// The namespaces of a running sandbox, held open, so that they are still the same when a program enters them. The paths are good for this process's
/// children.
/// </summary>
internal sealed class Namespaces : IDisposable
{
    private const nuint GetOwner = 0xb701; // NS_GET_USERNS (include/uapi/linux/nsfs.h)
    private static readonly string[] Joined = ["mnt", "pid", "ipc", "uts", "cgroup"];

    private readonly Dictionary<string, SafeFileHandle> _handles = new(StringComparer.Ordinal);

    private Namespaces()
    {
    }

    /// <summary>The user namespace that the container's processes are in.</summary>
    public string User => Path("user");

    /// <summary>The user namespace that the container's mounts belong to: bubblewrap makes a second one, inside the first, when the user id changes.</summary>
    public string Owner => Path("owner");

    /// <summary>Whether the container's processes are in the namespace that their mounts belong to.</summary>
    public bool UserOwnsMounts { get; private set; }

    /// <summary>All but the user namespaces, as <c>nsenter</c> takes them.</summary>
    public IReadOnlyList<string> Options =>
    [
        .. Joined.Where(_handles.ContainsKey).Select(n => $"--{(n == "mnt" ? "mount" : n)}={Path(n)}"),
    ];

    /// <summary>Opens the namespaces of a process.</summary>
    /// <exception cref="SandboxEntryException">It has ended, or the kernel refuses.</exception>
    public static Namespaces Open(int pid)
    {
        var result = new Namespaces();
        try
        {
            foreach (var name in Joined.Append("user").Where(n => File.Exists(Source(pid, n))))
            {
                result._handles[name] = File.OpenHandle(Source(pid, name), share: FileShare.ReadWrite | FileShare.Delete);
            }

            var owner = Control((int)result._handles["mnt"].DangerousGetHandle(), GetOwner);
            if (owner < 0)
            {
                throw new IOException($"error {Marshal.GetLastPInvokeError().ToString(CultureInfo.InvariantCulture)}");
            }

            result._handles["owner"] = new SafeFileHandle(owner, ownsHandle: true);
            result.UserOwnsMounts = new FileInfo(result.User).LinkTarget == new FileInfo(result.Owner).LinkTarget;
            return result;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or KeyNotFoundException)
        {
            result.Dispose();
            throw new SandboxEntryException($"the container's namespaces cannot be opened; it may have just ended ({e.Message})");
        }
    }

    public void Dispose()
    {
        foreach (var handle in _handles.Values)
        {
            handle.Dispose();
        }
    }

    [DllImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Control(int file, nuint request);

    private static string Source(int pid, string name) => string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/ns/{name}");

    private string Path(string name) =>
        string.Create(CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/fd/{_handles[name].DangerousGetHandle()}");
}
