using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Hearth.Cluster.ApiServer.Streaming;

/// <summary>Channel numbers of a remote command (client-go <c>remotecommand</c>); SPDY's streams carry their names instead.</summary>
internal enum RemoteChannel
{
    Stdin = 0,
    Stdout = 1,
    Stderr = 2,
    Error = 3,
    Resize = 4,
}

/// <summary>The size of a client's terminal, in characters.</summary>
internal sealed record TerminalSize(int Columns, int Rows);

/// <summary>The client of a remote command, whatever carries it.</summary>
internal interface IRemoteClient
{
    /// <summary>How long a client that has been told everything may take to leave: cut off earlier, it could lose the last bytes.</summary>
    public static readonly TimeSpan LeaveDeadline = TimeSpan.FromSeconds(5);

    /// <summary>What the client sends; ends when the client ends it or has left.</summary>
    Stream Stdin { get; }

    /// <summary>The sizes that the client's terminal takes, the first at once.</summary>
    ChannelReader<TerminalSize> Sizes { get; }

    /// <summary>Cancelled when the client has left.</summary>
    CancellationToken Gone { get; }

    /// <summary>Sends output; nothing happens for a channel that the client did not ask for.</summary>
    /// <exception cref="IOException">The client has left.</exception>
    Task WriteAsync(RemoteChannel channel, ReadOnlyMemory<byte> bytes, CancellationToken ct);

    /// <summary>Tells how the command ended, as a Status, and ends every channel.</summary>
    Task EndAsync(JsonObject status, CancellationToken ct);
}

/// <summary>What a client asked for.</summary>
/// <param name="Stdin">It sends input.</param>
/// <param name="Stdout">It wants output.</param>
/// <param name="Stderr">It wants errors apart.</param>
/// <param name="Tty">A terminal: output and errors are one.</param>
internal sealed record RemoteOptions(bool Stdin, bool Stdout, bool Stderr, bool Tty);
