using System.Diagnostics;
using Hearth.Cluster.ApiServer;
using Hearth.Cluster.Nodes.Containers;
using Hearth.Cluster.Nodes.Sandbox;

namespace Hearth.Cluster.Nodes.Exec;

/// <summary>A further process in a container, with pipes or a terminal.</summary>
internal sealed class ExecSession : IExecSession
{
    // Its own output goes nowhere until it has taken the terminal. A platform that a script started in the background ignores Ctrl-C, and what it starts
    // would, too: a shell cannot undo that, env can.
    private const string OnTerminal =
        "exec <\"$1\" >\"$1\" 2>&1; shift; /usr/bin/env --default-signal=INT true 2>/dev/null && exec /usr/bin/env --default-signal=INT,QUIT \"$@\"; exec \"$@\"";

    private readonly Process _process;
    private readonly SandboxEntry _entry;
    private readonly PseudoTerminal? _terminal;

    private ExecSession(Process process, SandboxEntry entry, PseudoTerminal? terminal, bool stdin)
    {
        (_process, _entry, _terminal) = (process, entry, terminal);
        Exited = WaitAsync();
        if (terminal is not null || !stdin)
        {
            process.StandardInput.Close();
        }

        Stdin = !stdin ? null : terminal?.Input ?? process.StandardInput.BaseStream;
        Stdout = terminal?.Output ?? process.StandardOutput.BaseStream;
        Stderr = terminal is null ? process.StandardError.BaseStream : null;
    }

    public Stream? Stdin { get; }

    public Stream Stdout { get; }

    public Stream? Stderr { get; }

    public Task<int> Exited { get; }

    /// <summary>Starts the command line of <paramref name="entry"/>, which is the session's to dispose.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started, or no terminal is to be had.</exception>
    public static async Task<ExecSession> StartAsync(ProcessStarter starter, SandboxEntry entry, ExecCommand command)
    {
        PseudoTerminal? terminal = null;
        try
        {
            var host = entry.Command;
            if (command.Tty)
            {
                terminal = PseudoTerminal.Open();
                host = host with { Program = "/bin/sh", Arguments = ["-c", OnTerminal, "hearth-terminal", terminal.Name, host.Program, .. host.Arguments] };
            }

            return new ExecSession(await starter.StartAsync(host.ToStartInfo()).ConfigureAwait(false), entry, terminal, command.Stdin);
        }
        catch
        {
            terminal?.Dispose();
            entry.Dispose();
            throw;
        }
    }

    public void Resize(int columns, int rows) => _terminal?.Resize(columns, rows);

    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It ended by itself.
        }

        await Exited.ConfigureAwait(false);
        _terminal?.Dispose();
        _entry.Dispose();
        _process.Dispose();
    }

    private async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync().ConfigureAwait(false);
        _terminal?.EndWhenQuiet();
        return _process.ExitCode;
    }
}
