using System.Globalization;
using Hearth.Cluster.ApiServer.Pki;

namespace Hearth.Cluster.Nodes.Sandbox;

/// <summary>
/// The way into a running bubblewrap sandbox: util-linux's <c>nsenter</c>, since a program with several threads, as this one, cannot enter a user
/// namespace itself.
/// </summary>
internal static class SandboxDoor
{
    private const string Entering = "/usr/bin/nsenter";
    private const string Privileges = "/usr/bin/setpriv";

    // The variables' file is opened while this machine's files are still there, and is gone before anything else runs.
    private const string Outside = "exec 8<\"$1\"; rm -f \"$1\"; shift; exec \"$@\"";

    // Inside, as the container's user: its variables, its directory, its command.
    private const string Inside = ". /proc/self/fd/8; exec 8<&-; cd \"$1\" 2>/dev/null || cd /; shift; exec \"$@\"";

    /// <summary>The command line for a process of the sandbox's reaper <paramref name="reaper"/>.</summary>
    public static SandboxEntry Open(ContainerCommand command, int reaper, string directory)
    {
        foreach (var tool in (string[])[Entering, Privileges])
        {
            if (!File.Exists(tool))
            {
                throw new SandboxEntryException($"{tool} is missing, and without it nothing can enter a running container; install util-linux");
            }
        }

        var namespaces = Namespaces.Open(reaper);
        try
        {
            var (script, others) = VariablesScript.Write(command.Environment);
            string[] inside = ["/bin/sh", "-c", Inside, "hearth-exec", command.WorkingDirectory, .. others.Count == 0 ? [] : (string[])["/usr/bin/env", .. others], .. command.Arguments];
            var file = WriteFile(directory, script);
            string[] arguments = ["-c", Outside, "hearth-exec", file, Privileges, "--no-new-privs", "--", .. Entered(namespaces, command.User), .. inside];
            return new SandboxEntry(new HostCommand("/bin/sh", arguments, "/"), namespaces);
        }
        catch
        {
            namespaces.Dispose();
            throw;
        }
    }

    /// <summary>
    /// A process that enters a user namespace has every capability in it, and the first program it starts is one of the container. So root enters the
    /// inner namespace, to which no mounts belong. Everybody else must pass the outer one, with capabilities over what this user could change anyway.
    /// Starting that program ends them, unless the user is root there.
    /// </summary>
    private static IEnumerable<string> Entered(Namespaces namespaces, long user)
    {
        string[] drop = user == 0 ? [Privileges, "--bounding-set=-all", "--inh-caps=-all", "--"] : [];
        if (!Environment.IsPrivilegedProcess)
        {
            string[] inner = namespaces.UserOwnsMounts ? [] : [Entering, "--preserve-credentials", "--user=/proc/1/ns/user", "--"];
            return [Entering, "--preserve-credentials", $"--user={namespaces.Owner}", .. namespaces.Options, "--", .. inner, .. drop];
        }

        return namespaces.UserOwnsMounts
            ? throw new SandboxEntryException(
                "the container's user and group are root and so is Hearth, where entering it would give its programs rights over this machine; run Hearth as an ordinary user, or the container as another (runAsUser)")
            : [Entering, "--preserve-credentials", $"--user={namespaces.User}", .. namespaces.Options, "--", .. drop];
    }

    private static string WriteFile(string directory, string script)
    {
        var path = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $".exec-{Guid.NewGuid():N}"));
        SecretFile.Write(path, script);
        return path;
    }
}
