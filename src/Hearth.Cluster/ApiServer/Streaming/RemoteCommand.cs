using System.Globalization;
using System.Text.Json.Nodes;

namespace Hearth.Cluster.ApiServer.Streaming;

/// <summary>Carries bytes between a client and a process until the process has ended or the client has left.</summary>
internal static class RemoteCommand
{
    private const int BufferBytes = 32 * 1024;

    /// <summary>Runs to the end and tells the client how the process ended.</summary>
    public static async Task RunAsync(IRemoteClient client, IExecSession session, CancellationToken stopping)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(client.Gone, stopping);
        var input = FeedAsync(client, session, end.Token);
        var sizes = ResizeAsync(client, session, end.Token);
        try
        {
            // Output may outlast the process (what it left in the pipe) and must arrive whole before the client hears of the end.
            await Task.WhenAll(
                CopyAsync(client, RemoteChannel.Stdout, session.Stdout, end.Token),
                session.Stderr is { } errors ? CopyAsync(client, RemoteChannel.Stderr, errors, end.Token) : Task.CompletedTask).ConfigureAwait(false);
            await client.EndAsync(Ended(await session.Exited.WaitAsync(end.Token).ConfigureAwait(false)), end.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client left, or the server stops: the session's owner ends the process.
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(input, sizes).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The Status of a command that ended (client-go <c>remotecommand</c>, protocol v4).</summary>
    public static JsonObject Ended(int exitCode)
    {
        var status = new JsonObject { ["metadata"] = new JsonObject(), ["status"] = exitCode == 0 ? "Success" : "Failure" };
        if (exitCode != 0)
        {
            var code = exitCode.ToString(CultureInfo.InvariantCulture);
            status["message"] = $"command terminated with non-zero exit code: exit status {code}";
            status["reason"] = "NonZeroExitCode";
            status["details"] = new JsonObject { ["causes"] = new JsonArray(new JsonObject { ["reason"] = "ExitCode", ["message"] = code }) };
        }

        return status;
    }

    private static async Task FeedAsync(IRemoteClient client, IExecSession session, CancellationToken ct)
    {
        if (session.Stdin is not { } input)
        {
            return;
        }

        try
        {
            await client.Stdin.CopyToAsync(input, BufferBytes, ct).ConfigureAwait(false);
            await input.FlushAsync(ct).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The process reads no more.
        }

        await input.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task ResizeAsync(IRemoteClient client, IExecSession session, CancellationToken ct)
    {
        await foreach (var size in client.Sizes.ReadAllAsync(ct).ConfigureAwait(false))
        {
            session.Resize(size.Columns, size.Rows);
        }
    }

    private static async Task CopyAsync(IRemoteClient client, RemoteChannel channel, Stream output, CancellationToken ct)
    {
        var buffer = new byte[BufferBytes];
        int read;
        while ((read = await output.ReadAsync(buffer, ct).ConfigureAwait(false)) > 0)
        {
            await client.WriteAsync(channel, buffer.AsMemory(0, read), ct).ConfigureAwait(false);
        }
    }
}
