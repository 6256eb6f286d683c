namespace Hearth.Cluster.Nodes.Sandbox;

/// <summary>How a further process gets into a running container.</summary>
/// <param name="Command">The command line; usable until disposed.</param>
/// <param name="Held">What the command line refers to; null: nothing.</param>
public sealed record SandboxEntry(HostCommand Command, IDisposable? Held) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Held?.Dispose();
}

/// <summary>A container cannot be entered; the message is for the user and says what to do.</summary>
public sealed class SandboxEntryException(string message) : Exception(message);
