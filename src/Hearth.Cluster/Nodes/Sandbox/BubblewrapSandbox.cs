using System.Globalization;
using Hearth.Cluster.Nodes.Containers;
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
        ["ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "ssl/certs", "ssl/openssl.cnf", "pki/ca-trust", "pki/tls/certs", "ca-certificates", "localtime", "timezone", "resolv.conf", "hosts", "mime.types", "python3", "python3.11", "dotnet", "java-17-openjdk"];

    // bubblewrap wants the filter and the container's variables as open files; the shell opens them and then becomes bubblewrap. Variables come
    // on standard input: as its own they would rule bubblewrap itself (LD_PRELOAD), as arguments every user of this machine could read them.
    private const string WithFiles = "exec 9<\"$1\" 8<&0 </dev/null; shift; exec \"$@\"";

    // When Hearth runs as root, a container's processes are root's to the kernel, which lets root write its settings with no capability at all
    // (kernel/core_pattern names a program that it then runs outside of every sandbox), and read its memory, keys and timers.
    private static readonly string[] ReadOnlyProc = ["bus", "fs", "irq", "sys"];
    private static readonly string[] HiddenProcFiles = ["kcore", "keys", "latency_stats", "sched_debug", "sysrq-trigger", "timer_list"];
    private static readonly string[] HiddenProcDirectories = ["acpi", "asound", "scsi"];

    private static readonly string[] TopLevel = ["bin", "sbin", "lib", "lib64", "lib32"];

    /// <inheritdoc/>
    public string Name => "bubblewrap";

    /// <inheritdoc/>
    public HostCommand Wrap(ContainerCommand command)
    {
        Refuse(command, '\0');
        var args = new List<string>
        {
            "--seccomp", "9", "--clearenv", "--args", "8", "--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try",
            "--uid", command.User.ToString(CultureInfo.InvariantCulture), "--gid", command.Group.ToString(CultureInfo.InvariantCulture),
            "--hostname", command.Hostname, "--die-with-parent", "--new-session", "--cap-drop", "ALL",
        };
        AddRoot(args);
        foreach (var mount in command.Mounts)
        {
            args.AddRange([mount.Writable ? "--bind" : "--ro-bind", mount.Source, Inside(mount.Target)]);
        }

        args.AddRange(["--chdir", command.WorkingDirectory, "--"]);
        args.AddRange(command.Arguments);
        return new HostCommand("/bin/sh", ["-c", WithFiles, "hearth-sandbox", Path.Combine(etc, OwnershipFilter.FileName), bwrap, .. args], "/")
        {
            Input = string.Concat(command.Environment.Select(e => $"--setenv\0{e.Key}\0{e.Value}\0")),
        };
    }

    /// <inheritdoc/>
    public SandboxEntry Enter(ContainerCommand command, int pid, string directory)
    {
        Refuse(command, '\0');
        return SandboxDoor.Open(command, Signals.Reaper(pid) ?? throw new SandboxEntryException("the container has just ended"), directory);
    }

    /// <summary>A path of the container's root: while the sandbox is made, <c>..</c> above its root would be this machine.</summary>
    private static string Inside(string target) => Path.GetFullPath("/" + target);

    // Variables are handed over with NUL between them, and no program takes a NUL in an argument.
    private static void Refuse(ContainerCommand command, char forbidden)
    {
        var texts = command.Arguments.Concat(command.Environment.SelectMany(e => (string[])[e.Key, e.Value])).Concat(command.Mounts.Select(m => m.Target)).Append(command.WorkingDirectory);
        if (texts.Any(t => t.Contains(forbidden, StringComparison.Ordinal)))
        {
            throw new ContainerConfigException("a command, variable or path of the container has a NUL character in it, which no program can be given");
        }
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

        args.AddRange(["--proc", "/proc"]);
        foreach (var name in ReadOnlyProc.Select(n => "/proc/" + n).Where(Directory.Exists))
        {
            args.AddRange(["--ro-bind", name, name]);
        }

        foreach (var name in HiddenProcFiles.Select(n => "/proc/" + n).Where(File.Exists))
        {
            args.AddRange(["--ro-bind", "/dev/null", name]);
        }

        foreach (var name in HiddenProcDirectories.Select(n => "/proc/" + n).Where(Directory.Exists))
        {
            args.AddRange(["--tmpfs", name]);
        }

        args.AddRange(["--dev", "/dev", "--perms", "1777", "--tmpfs", "/tmp", "--perms", "1777", "--tmpfs", "/var/tmp", "--perms", "1777", "--tmpfs", "/home", "--dir", "/home/hadoop", "--dir", "/run"]);
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
