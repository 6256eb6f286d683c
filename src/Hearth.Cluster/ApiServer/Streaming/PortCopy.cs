namespace Hearth.Cluster.ApiServer.Streaming;

/// <summary>Opens a TCP connection to a port of the pod that a client asked about.</summary>
internal delegate Task<Stream> PortConnector(int port, CancellationToken ct);

/// <summary>Copies between a client and a port of a pod.</summary>
internal static class PortCopy
{
    private const int BufferBytes = 32 * 1024;

    /// <summary>Sends everything that a stream gives; ends with it.</summary>
    public static async Task PumpAsync(Stream from, Func<ReadOnlyMemory<byte>, CancellationToken, Task> send, CancellationToken ct)
    {
        var buffer = new byte[BufferBytes];
        int read;
        while ((read = await from.ReadAsync(buffer, ct).ConfigureAwait(false)) > 0)
        {
            await send(buffer.AsMemory(0, read), ct).ConfigureAwait(false);
        }
    }

    /// <summary>What a client is told when a connection cannot be made or breaks.</summary>
    public static string Failure(int port, Exception e) => $"an error occurred forwarding {port} -> {port}: {e.Message}";
}
