using System.Diagnostics;
using Hearth.Cluster.Nodes.Images;

namespace Hearth.Cluster.Nodes.Sandbox;

/// <summary>A process that shall run as a container.</summary>
/// <param name="Arguments">Program and its arguments; the program is looked up on the container's PATH.</param>
/// <param name="Environment">All variables; nothing is inherited.</param>
/// <param name="WorkingDirectory">Absolute, inside the container.</param>
/// <param name="Mounts">Volumes and bundle directories, outermost first.</param>
/// <param name="Hostname">Host name inside.</param>
/// <param name="User">User id inside.</param>
/// <param name="Group">Group id inside.</param>
public sealed record ContainerCommand(
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string> Environment,
    string WorkingDirectory,
    IReadOnlyList<HostMount> Mounts,
    string Hostname,
    long User,
    long Group);

/// <summary>A program of this machine with its arguments, ready to start.</summary>
public sealed record HostCommand(string Program, IReadOnlyList<string> Arguments, string WorkingDirectory)
{
    /// <summary>
    /// Variables of the program on this machine; nothing is inherited. A sandbox leaves this empty: a container's variables (LD_PRELOAD, ENV)
    /// must not reach what runs outside of it.
    /// </summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>What the program reads from its standard input.</summary>
    public string Input { get; init; } = "";

    /// <summary>How to start it, with all three of its streams in hand.</summary>
    public ProcessStartInfo ToStartInfo()
    {
        var info = new ProcessStartInfo(Program, Arguments)
        {
            WorkingDirectory = WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment.Clear();
        foreach (var (name, value) in Environment)
        {
            info.Environment[name] = value;
        }

        return info;
    }
}

/// <summary>Turns a container's process into one of this machine.</summary>
public interface ISandbox
{
    /// <summary>Name for status output: <c>bubblewrap</c> or <c>none</c>.</summary>
    string Name { get; }

    /// <summary>The command line that runs the container; pure.</summary>
    HostCommand Wrap(ContainerCommand command);

    /// <summary>The command line that starts a further process in a running container.</summary>
    /// <param name="command">The container's own command with other arguments.</param>
    /// <param name="pid">Process of this machine that <see cref="Wrap"/>'s command became.</param>
    /// <param name="directory">An existing directory for a file that the command line removes when it starts.</param>
    /// <exception cref="SandboxEntryException">The container has ended or must not be entered.</exception>
    SandboxEntry Enter(ContainerCommand command, int pid, string directory);
}
