using Hearth.Cluster.Nodes.Images;

namespace Hearth.Cluster.Nodes.Sandbox;

/// <summary>
/// Runs containers as plain processes of this machine, for people who asked for <c>--sandbox none</c>. Volumes cannot appear at
/// their mount paths; a path of the command, its arguments, environment or working directory that lies in a mount is rewritten to the
/// directory behind it, and the process is told of them in <see cref="MountsVariable"/>: enough for the Spark bundle and simple commands.
/// </summary>
public sealed class NoSandbox : ISandbox
{
    /// <summary>Variable that tells the process where its mounts really are: <c>/target=/source;...</c>, the deepest first.</summary>
    public const string MountsVariable = "HEARTH_MOUNTS";

    /// <inheritdoc/>
    public string Name => "none";

    /// <inheritdoc/>
    public HostCommand Wrap(ContainerCommand command)
    {
        var mounts = command.Mounts.OrderByDescending(m => m.Target.Length).ToArray();
        var arguments = command.Arguments.Select(a => Rewrite(a, mounts)).ToArray();
        var directory = Rewrite(command.WorkingDirectory, mounts);
        var environment = command.Environment.ToDictionary(e => e.Key, e => Rewrite(e.Value, mounts), StringComparer.Ordinal);
        environment[MountsVariable] = string.Join(';', mounts.Select(m => $"{m.Target}={m.Source}"));
        return new HostCommand("/usr/bin/setsid", ["/usr/bin/env", .. arguments], Directory.Exists(directory) ? directory : "/") { Environment = environment };
    }

    /// <inheritdoc/>
    public SandboxEntry Enter(ContainerCommand command, int pid, string directory) => new(Wrap(command), null);

    private static string Rewrite(string text, HostMount[] mounts)
    {
        foreach (var mount in mounts)
        {
            if (text == mount.Target || text.StartsWith(mount.Target.TrimEnd('/') + "/", StringComparison.Ordinal))
            {
                return mount.Source + text[mount.Target.TrimEnd('/').Length..];
            }
        }

        return text;
    }
}
