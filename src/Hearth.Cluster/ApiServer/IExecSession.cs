namespace Hearth.Cluster.ApiServer;

/// <summary>A command to start in a running container.</summary>
/// <param name="Arguments">Program and its arguments, not empty; the program is looked up on the container's PATH.</param>
/// <param name="Stdin">The command reads what the client sends; without it, an empty input.</param>
/// <param name="Tty">The command gets a terminal: its output and errors are one stream.</param>
public sealed record ExecCommand(IReadOnlyList<string> Arguments, bool Stdin, bool Tty);

/// <summary>A process that was started in a running container. Disposing ends it and its children.</summary>
public interface IExecSession : IAsyncDisposable
{
    /// <summary>What the process reads; closing it ends the input. Null: it was not asked for.</summary>
    Stream? Stdin { get; }

    /// <summary>What the process writes; with a terminal its errors too. Ends when the process and all who share its output have ended.</summary>
    Stream Stdout { get; }

    /// <summary>What the process writes to its standard error. Null: it has a terminal.</summary>
    Stream? Stderr { get; }

    /// <summary>The exit code, when the process has ended: 128 + signal number when a signal ended it.</summary>
    Task<int> Exited { get; }

    /// <summary>Tells the terminal its size in characters; nothing happens without one.</summary>
    void Resize(int columns, int rows);
}
