using System.Text;
using System.Text.Json;
using Hearth.Engine.Session;

namespace Hearth.Engine.Protocol;

/// <summary>The connection on which the client waits for calls of its functions: one call at a time, in batches of rows.</summary>
internal sealed class PythonWorker(Stream stream) : IPythonWorker, IDisposable
{
    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _closed = new();

    /// <inheritdoc/>
    public IReadOnlyList<string?> Call(string call, IReadOnlyList<string?> rows)
    {
        StringBuilder request = new($"{{\"call\":{call},\"rows\":[");
        for (int i = 0; i < rows.Count; i++)
        {
            request.Append(i == 0 ? "" : ",").Append(rows[i] ?? "null");
        }

        using JsonDocument answer = JsonDocument.Parse(Exchange(Encoding.UTF8.GetBytes(request.Append("]}").ToString())));
        if (answer.RootElement.TryText("error") is { } error)
        {
            throw new EngineException("PYTHON_EXCEPTION", $"An exception was thrown from the Python worker. Please see the stack trace below.\n{error}", ErrorKind.PythonException);
        }

        return [.. answer.RootElement.Items("rows").Select(v => v.ValueKind == JsonValueKind.Null ? null : $"{{\"v\":{v.GetRawText()}}}")];
    }

    private byte[] Exchange(byte[] request)
    {
        lock (_gate)
        {
            try
            {
                Frames.Write(stream, request);
                return Frames.Read(stream) ?? throw Gone(null);
            }
            catch (IOException error)
            {
                throw Gone(error);
            }
        }
    }

    private EngineException Gone(Exception? cause)
    {
        _closed.Set();
        return new EngineException("PYTHON_WORKER_UNAVAILABLE", "The Python process that has the function is gone.", ErrorKind.SparkRuntimeException, inner: cause);
    }

    /// <summary>Waits until the client is gone or the server stops.</summary>
    public void Wait(CancellationToken cancellationToken)
    {
        try
        {
            _closed.Wait(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            _closed.Set();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _closed.Dispose();
}
