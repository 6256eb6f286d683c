using System.Globalization;
using Hearth.Cluster.Nodes.Images;

namespace Hearth.Cluster.Nodes.Sandbox;

/// <summary>
/// Runs containers under bubblewrap: own mount, pid, user, ipc and uts namespaces, no capabilities, a root of this machine's
/// <c>/usr</c> (read-only), an own <c>/tmp</c>, <c>/etc</c> and <c>/home</c>, and the pod's volumes. The network is this machine's.
/// The sandbox dies with Hearth.
/// </summary>
/// <param name="bwrap">Path of the bubblewrap program.</param>
/// <param name="etc">Directory with what <see cref="ContainerEtc"/> and <see cref="OwnershipFilter"/> write.</param>
public sealed class BubblewrapSandbox(string bwrap, string etc) : ISandbox
{
    // What programs under /usr need of /etc: the loader's cache, alternatives, certificates, time zone, name resolution.
    private static readonly string[] HostEtc =
        ["ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "ssl", "pki", "ca-certificates", "localtime", "timezone", "resolv.conf", "hosts", "mime.types", "python3", "python3.11", "dotnet", "java-17-openjdk"];

    // bubblewrap wants the filter as an open file; the shell opens it and then becomes bubblewrap.
    private const string WithFilter = "exec 9<\"$1\"; shift; exec \"$@\"";

    private static readonly string[] TopLevel = ["bin", "sbin", "lib", "lib64", "lib32"];

    /// <inheritdoc/>
    public string Name => "bubblewrap";

    /// <inheritdoc/>
    public HostCommand Wrap(ContainerCommand command)
    {
        var args = new List<string>
        {
            "--seccomp", "9", "--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try",
            "--uid", command.User.ToString(CultureInfo.InvariantCulture), "--gid", command.Group.ToString(CultureInfo.InvariantCulture),
            "--hostname", command.Hostname, "--die-with-parent", "--new-session", "--cap-drop", "ALL",
        };
        AddRoot(args);
        foreach (var mount in command.Mounts)
        {
            args.AddRange([mount.Writable ? "--bind" : "--ro-bind", mount.Source, mount.Target]);
        }

        args.AddRange(["--chdir", command.WorkingDirectory, "--"]);
        args.AddRange(command.Arguments);
        return new HostCommand("/bin/sh", ["-c", WithFilter, "hearth-sandbox", Path.Combine(etc, OwnershipFilter.FileName), bwrap, .. args], "/");
    }

    private void AddRoot(List<string> args)
    {
        args.AddRange(["--tmpfs", "/", "--ro-bind", "/usr", "/usr"]);
        foreach (var name in TopLevel)
        {
            AddTopLevel(args, "/" + name);
        }

        foreach (var name in HostEtc.Where(n => Path.Exists("/etc/" + n)))
        {
            args.AddRange(["--ro-bind", "/etc/" + name, "/etc/" + name]);
        }

        foreach (var file in ContainerEtc.Files)
        {
            args.AddRange(["--ro-bind", Path.Combine(etc, file), "/etc/" + file]);
        }

        args.AddRange(["--proc", "/proc", "--dev", "/dev", "--perms", "1777", "--tmpfs", "/tmp", "--perms", "1777", "--tmpfs", "/var/tmp", "--perms", "1777", "--tmpfs", "/home", "--dir", "/home/hadoop", "--dir", "/run"]);
    }

    private static void AddTopLevel(List<string> args, string path)
    {
        if (new DirectoryInfo(path).LinkTarget is { } target)
        {
            args.AddRange(["--symlink", target, path]);
        }
        else if (Directory.Exists(path))
        {
            args.AddRange(["--ro-bind", path, path]);
        }
    }
}
