using System.Diagnostics;
using System.Text;
using Hearth.Cluster.ApiServer;
using Hearth.Cluster.Nodes.Cgroups;
using Hearth.Cluster.Nodes.Exec;
using Hearth.Cluster.Nodes.Sandbox;

namespace Hearth.Cluster.Nodes.Containers;

/// <summary>How a container ended.</summary>
/// <param name="ExitCode">128 + signal number when a signal ended it.</param>
/// <param name="OutOfMemory">Whether the kernel killed it for exceeding its memory limit.</param>
public sealed record ContainerExit(int ExitCode, bool OutOfMemory);

/// <summary>One running container: a sandboxed process, its log and its limits.</summary>
public sealed class ContainerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ISandbox _sandbox;
    private readonly ContainerCommand _command;
    private readonly IContainerLimits? _limits;

    private ContainerProcess(Process process, ISandbox sandbox, ContainerCommand command, ContainerLog log, IContainerLimits? limits)
    {
        (_process, _sandbox, _command, _limits) = (process, sandbox, command, limits);
        Log = log;
        Exited = WaitAsync();
    }

    /// <summary>The log of this run.</summary>
    public ContainerLog Log { get; }

    /// <summary>Completes when the process has ended and all its output is in the log.</summary>
    public Task<ContainerExit> Exited { get; }

    private bool IsSandboxed => _sandbox is BubblewrapSandbox;

    /// <summary>Host process id of the sandbox.</summary>
    public int Pid => _process.Id;

    /// <summary>Starts a container.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The program cannot be started.</exception>
    public static async Task<ContainerProcess> StartAsync(
        ProcessStarter starter, ISandbox sandbox, ContainerCommand command, ContainerLog log, IContainerLimits? limits)
    {
        var host = sandbox.Wrap(command);
        if (limits is not null)
        {
            host = limits.Enter(host);
        }

        var process = await starter.StartAsync(host.ToStartInfo()).ConfigureAwait(false);
        await FeedAsync(process, host.Input).ConfigureAwait(false);
        return new ContainerProcess(process, sandbox, command, log, limits);
    }

    /// <summary>A further process of this container: same variables, directory, user, limits.</summary>
    /// <param name="starter">Starts it.</param>
    /// <param name="command">What to start.</param>
    /// <param name="directory">An existing directory for a file that is gone once it runs.</param>
    /// <exception cref="SandboxEntryException">The container has ended or must not be entered.</exception>
    /// <exception cref="System.ComponentModel.Win32Exception">The process cannot be started.</exception>
    public async Task<IExecSession> ExecAsync(ProcessStarter starter, ExecCommand command, string directory)
    {
        var arguments = command.Tty ? ["/usr/bin/setsid", "--ctty", "--wait", .. command.Arguments] : command.Arguments;
        var environment = command.Tty && !_command.Environment.ContainsKey("TERM")
            ? new Dictionary<string, string>(_command.Environment, StringComparer.Ordinal) { ["TERM"] = "xterm" }
            : _command.Environment;
        var entry = _sandbox.Enter(_command with { Arguments = arguments, Environment = environment }, _process.Id, directory);
        return await ExecSession.StartAsync(starter, entry with { Command = _limits?.Enter(entry.Command) ?? entry.Command }, command).ConfigureAwait(false);
    }

    /// <summary>Asks the container to end: TERM to its command, KILL after the grace. Completes when it has ended.</summary>
    public async Task StopAsync(TimeSpan grace, TimeProvider time)
    {
        if (grace > TimeSpan.Zero && !Exited.IsCompleted)
        {
            var command = IsSandboxed ? Signals.CommandProcesses(_process.Id) : [_process.Id];
            foreach (var pid in command)
            {
                Signals.Send(pid, Signals.Terminate);
            }

            await ((Task)Exited).WaitAsync(grace, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (!Exited.IsCompleted)
        {
            Kill();
        }

        await Exited.ConfigureAwait(false);
    }

    /// <summary>Ends the container at once.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It ended by itself in between.
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!Exited.IsCompleted)
        {
            Kill();
        }

        await Exited.ConfigureAwait(false);
        _process.Dispose();
    }

    private static async Task FeedAsync(Process process, string input)
    {
        try
        {
            var stream = process.StandardInput.BaseStream;
            await using (stream.ConfigureAwait(false))
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes(input)).ConfigureAwait(false);
            }
        }
        catch (IOException)
        {
            // It ended before it read everything: its exit code and its log say why.
        }
    }

    private async Task<ContainerExit> WaitAsync()
    {
        var output = Task.WhenAll(Log.PumpAsync(_process.StandardOutput.BaseStream, "stdout"), Log.PumpAsync(_process.StandardError.BaseStream, "stderr"));
        await _process.WaitForExitAsync().ConfigureAwait(false);
        if (!IsSandboxed)
        {
            // A sandbox ends with its command. Without one, what the command left behind would go on, and hold its output open.
            Signals.Send(-_process.Id, Signals.Kill);
        }

        await output.ConfigureAwait(false);
        var outOfMemory = _limits?.WasOutOfMemory() ?? false;
        _limits?.Remove();
        Log.Dispose();
        return new ContainerExit(outOfMemory ? 137 : _process.ExitCode, outOfMemory);
    }
}
