using System.Net.Sockets;
using System.Text.Json;
using Hearth.Engine.Session;

namespace Hearth.Engine.Protocol;

/// <summary>Serves one session on a Unix socket until it is stopped.</summary>
public sealed class EngineServer : IAsyncDisposable
{
    private static readonly JsonDocumentOptions Json = new() { MaxDepth = 20_000 };

    private readonly Socket _listener;
    private readonly string _path;
    private readonly RequestHandler _handler;
    private readonly CancellationTokenSource _stop = new();

    private EngineServer(Socket listener, string path, EngineSession session)
    {
        _listener = listener;
        _path = path;
        _handler = new RequestHandler(session);
    }

    /// <summary>Binds the socket; a file left by a dead server is replaced, a live one is an error.</summary>
    /// <exception cref="EngineException">ENGINE_SOCKET_IN_USE, or the path cannot be bound.</exception>
    public static EngineServer Listen(string path, EngineSession session)
    {
        path = Path.GetFullPath(path);
        Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (File.Exists(path))
            {
                if (Alive(path))
                {
                    throw new EngineException("ENGINE_SOCKET_IN_USE", $"Another engine serves {path}.", ErrorKind.IllegalArgumentException, "stop it, or choose another --socket");
                }

                File.Delete(path);
            }

            listener.Bind(new UnixDomainSocketEndPoint(path));
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            listener.Listen(64);
            return new EngineServer(listener, path, session);
        }
        catch (Exception error) when (error is SocketException or ArgumentException or IOException)
        {
            listener.Dispose();
            throw new EngineException("ENGINE_SOCKET_FAILED", $"Cannot listen on {path}: {error.Message}", ErrorKind.IllegalArgumentException, "a socket path has at most 107 bytes; choose a shorter --socket", inner: error);
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    private static bool Alive(string path)
    {
        using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Accepts connections until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        List<Task> connections = [];
        try
        {
            while (true)
            {
                Socket client = await _listener.AcceptAsync(stop.Token);
                connections.RemoveAll(c => c.IsCompleted);
                connections.Add(ServeAsync(client, stop.Token));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(Socket socket, CancellationToken cancellationToken)
    {
        await using NetworkStream stream = new(socket, ownsSocket: true);
        using CancellationTokenSource connection = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            while (await Frames.ReadAsync(stream, cancellationToken) is { } frame)
            {
                await AnswerAsync(frame, stream, connection.Token);
            }
        }
        catch (EngineException error)
        {
            TrySend(stream, error);
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client went away, or the server stops: what the connection still runs ends with it.
            await connection.CancelAsync();
        }
    }

    private static void TrySend(NetworkStream stream, EngineException error)
    {
        try
        {
            new Reply(stream, "").Error(error);
        }
        catch (IOException)
        {
            stream.Close();
        }
    }

    private async Task AnswerAsync(byte[] frame, NetworkStream stream, CancellationToken cancellationToken)
    {
        await LargeStack.RunAsync(() =>
        {
            JsonDocument document;
            try
            {
                document = JsonDocument.Parse(frame, Json);
            }
            catch (JsonException error)
            {
                new Reply(stream, "").Error(JsonFields.Malformed($"the frame is not JSON ({error.Message})"));
                return;
            }

            using (document)
            {
                _handler.Handle(document.RootElement, new Reply(stream, document.RootElement.TryText("id") ?? ""), cancellationToken);
            }
        });
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        File.Delete(_path);
        _stop.Dispose();
    }
}
