using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.Controllers;

/// <summary>Writes that a decision loop does not wait for, done by a few workers. What fails is logged: who cares for a result handles it in the write itself.</summary>
internal sealed partial class BackgroundWrites(int workers, ILogger logger)
{
    private readonly Channel<Func<CancellationToken, Task>> _writes = Channel.CreateUnbounded<Func<CancellationToken, Task>>();

    public void Post(Func<CancellationToken, Task> write) => _writes.Writer.TryWrite(write);

    public Task RunAsync(CancellationToken ct) => Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(() => WorkAsync(ct), ct)));

    private async Task WorkAsync(CancellationToken ct)
    {
        await foreach (var write in _writes.Reader.ReadAllAsync(ct).ConfigureAwait(false))
        {
            try
            {
                await write(ct).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException) // one write that fails must not end the worker
            {
                LogFailed(logger, e.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "a write failed: {Problem}")]
    private static partial void LogFailed(ILogger logger, string problem);
}
